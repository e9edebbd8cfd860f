import policySchema from "../../schemas/policy.schema.json" with { type: "json" }
import { instantOf, untilOf } from "../time/index.ts"
import type { Instant } from "../time/index.ts"
import { ConfigurationError, loadYaml, locatedValue, refuse, suggestion } from "../yaml/index.ts"
import type { Located } from "../yaml/index.ts"
import { compileDecisions } from "./conditions.ts"
import type { DecisionRules } from "./conditions.ts"
import { lawPacks, loadLaw } from "./law.ts"
import type { Law } from "./law.ts"
import { packProblems } from "./pack-check.ts"
import type { PolicyFile } from "./types.ts"

/** A policy pack, checked and compiled. */
export type Pack = {
  /** `<policy>@<version>`: names the pack in every table and finding. */
  readonly packKey: string
  readonly policy: string
  readonly version: string
  readonly from: Instant
  /** First instant after; null: open. */
  readonly until: Instant | null
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string
  readonly file: string
  readonly content: PolicyFile
  readonly law: Law
  readonly decisions: ReadonlyArray<DecisionRules>
}

/** Gives the law pack of a name. */
export type LawLoader = (pack: string) => Law

const builtIn = new Map<string, Law>()

/** Reads each built-in law pack once in the life of the process: the files are part of the installation. */
export const builtInLaw: LawLoader = (pack) => {
  const law = builtIn.get(pack) ?? loadLaw(pack)
  builtIn.set(pack, law)
  return law
}

const packOf = (located: Located<PolicyFile>, lawOf: LawLoader): Pack => {
  const content = located.value
  const named = content.consent?.law ?? "recording-consent"
  const known = lawPacks()
  if (!known.includes(named)) {
    refuse([located.problemAt(["consent", "law"], `the law pack ${JSON.stringify(named)} does not exist; ${suggestion(named, known)}`)])
  }
  const law = lawOf(named)
  const { decisions, problems } = compileDecisions(located)
  refuse([...packProblems(located, law), ...problems])
  return {
    packKey: `${content.policy}@${content.version}`,
    policy: content.policy,
    version: content.version,
    from: instantOf(content.from),
    until: untilOf(content.until),
    sha256: located.sha256,
    file: located.file,
    content,
    law,
    decisions
  }
}

/**
 * Reads, checks and compiles a policy pack.
 * @throws ConfigurationError with every problem found, each with its place.
 */
export const loadPack = (file: string, lawOf: LawLoader = builtInLaw): Pack =>
  packOf(loadYaml<PolicyFile>(file, policySchema), lawOf)

/**
 * The packs of a pipeline, in the order given.
 * @throws ConfigurationError when one does not fit or two have the same policy and version.
 */
export const loadPacks = (files: ReadonlyArray<string>): ReadonlyArray<Pack> => {
  const packs = files.map((file) => loadPack(file))
  for (const [index, pack] of packs.entries()) {
    const twin = packs.slice(0, index).find((other) => other.packKey === pack.packKey)
    if (twin !== undefined) {
      const sentence = `has the policy and version of ${twin.file} (${pack.packKey}); give each pack a version of its own`
      throw new ConfigurationError([{ file: pack.file, line: 1, column: 1, pointer: "/version", sentence }])
    }
  }
  return packs
}

/** A pack from a value made in memory (cases patch the baseline), checked like a file. */
export const packFromValue = (value: unknown, file: string, lawOf: LawLoader = builtInLaw): Pack =>
  packOf(locatedValue<PolicyFile>(value, file, policySchema), lawOf)

/** The loader for callers that make many packs; built-in law is read once either way. */
export const cachedLaws = (): LawLoader => builtInLaw
