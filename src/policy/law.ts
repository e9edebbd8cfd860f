import { existsSync, readdirSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import lawSchema from "../../schemas/law.schema.json" with { type: "json" }
import { formatInstant, untilOf } from "../time/index.ts"
import type { Instant } from "../time/index.ts"
import { loadShipped, loadYaml, refuse } from "../yaml/index.ts"
import type { Located, Problem } from "../yaml/index.ts"
import type { ConsentForms, Mode } from "./types.ts"

/** The rule of one place in one period; from null: since ever, until null: still. */
export type LawVersion = {
  /** `undated`, the day from which it holds, or `override:<day>` where the policy replaced it. */
  readonly version: string
  readonly from: Instant | null
  readonly until: Instant | null
  readonly mode: Mode
  readonly consentForms: ConsentForms
  readonly noticeInRecording: boolean
  readonly citation: ReadonlyArray<string>
  readonly confidence: "high" | "medium" | "low"
  readonly dataProtection: boolean
  /** The first dated version stretched back over what is older. */
  readonly assumed: boolean
}

/** A place with its versions in order of time, without holes or overlaps. */
export type LawRow = {
  readonly jurisdiction: string
  readonly name: string
  readonly versions: ReadonlyArray<LawVersion>
}

/** A law pack as read; rows keep the file's order. */
export type Law = {
  readonly pack: string
  readonly file: string
  /** SHA-256 of the file, hex. */
  readonly sha256: string
  readonly notice: string
  readonly rows: ReadonlyArray<LawRow>
}

type LawFile = {
  readonly notice: string
  readonly pack: string
  readonly jurisdictions: ReadonlyArray<{
    readonly jurisdiction: string
    readonly name: string
    readonly dataProtection: boolean
    readonly versions: ReadonlyArray<{
      readonly from: string | null
      readonly until: string | null
      readonly mode: Mode
      readonly consentForms: ConsentForms
      readonly noticeInRecording: boolean
      readonly citation: ReadonlyArray<string>
      readonly confidence: "high" | "medium" | "low"
    }>
  }>
}

/** Where the built-in law packs are: `pipelines/law` beside the sources or the built program. */
export const lawFolder = (): string => {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, "pipelines", "law"))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error("The installation lacks its folder pipelines/law.")
    folder = parent
  }
  return join(folder, "pipelines", "law")
}

/** Names of the law packs in a folder. */
export const lawPacks = (folder: string = lawFolder()): ReadonlyArray<string> =>
  readdirSync(folder).filter((name) => name.endsWith(".yaml")).map((name) => name.slice(0, -".yaml".length)).sort()

/** The country part of an ISO 3166 code. */
export const countryOf = (jurisdiction: string): string => jurisdiction.slice(0, 2)

/** The day of an instant, for naming versions. */
export const dayOf = (instant: Instant): string => formatInstant(instant).slice(0, 10)

/** Versions must follow each other without hole or overlap, so that one holds at every time. */
const chainProblems = (law: Located<LawFile>): ReadonlyArray<Problem> =>
  law.value.jurisdictions.flatMap((row, r) => {
    const path = ["jurisdictions", r, "versions"] as const
    const problems: Array<Problem> = []
    if (law.value.jurisdictions.findIndex((other) => other.jurisdiction === row.jurisdiction) !== r) {
      problems.push(law.problemAt(["jurisdictions", r, "jurisdiction"], `the jurisdiction ${row.jurisdiction} has two rows; join them`))
    }
    row.versions.forEach((version, v) => {
      const before = row.versions[v - 1]
      if (before !== undefined && (version.from === null || before.until !== version.from)) {
        problems.push(law.problemAt([...path, v, "from"], `a version of ${row.jurisdiction} must begin where the one before it ends`))
      }
      if (v === row.versions.length - 1 && version.until !== null) {
        problems.push(law.problemAt([...path, v, "until"], `the last version of ${row.jurisdiction} must be open; write until: null`))
      }
    })
    return problems
  })

const rowOf = (row: LawFile["jurisdictions"][number]): LawRow => {
  const versions = row.versions.map((version): LawVersion => {
    const from = untilOf(version.from)
    return {
      version: from === null ? "undated" : dayOf(from),
      from,
      until: untilOf(version.until),
      mode: version.mode,
      consentForms: version.consentForms,
      noticeInRecording: version.noticeInRecording,
      citation: version.citation,
      confidence: version.confidence,
      dataProtection: row.dataProtection,
      assumed: false
    }
  })
  const first = versions[0]!
  const stretched = first.from === null ? [] : [{ ...first, from: null, until: first.from, assumed: true }]
  return { jurisdiction: row.jurisdiction, name: row.name, versions: [...stretched, ...versions] }
}

/**
 * Reads a law pack.
 * @throws ConfigurationError when the file does not fit schemas/law.schema.json.
 */
export const loadLaw = (pack = "recording-consent", folder: string = lawFolder()): Law => {
  const file = join(folder, `${pack}.yaml`)
  const law = (folder === lawFolder() ? loadShipped : loadYaml)<LawFile>(file, lawSchema)
  refuse(chainProblems(law))
  return { pack: law.value.pack, file, sha256: law.sha256, notice: law.value.notice, rows: law.value.jurisdictions.map(rowOf) }
}

/**
 * Countries whose subdivisions have rows: the country alone decides nothing.
 * The European Union counts among them: its members have rows, and it is never chosen itself.
 */
export const subdividedCountries = (law: Law): ReadonlySet<string> =>
  new Set(["EU", ...law.rows.filter((row) => row.jurisdiction.length > 2).map((row) => countryOf(row.jurisdiction))])
