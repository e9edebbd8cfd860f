import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { EvidenceStore } from "../evidence/index.ts"
import { type ChainGap, deliveredAt, digestKeys, type Digest, type DigestKey, type LogFile, verifyDigestChain } from "../formats/index.ts"
import type { SourceSpec } from "../sources/index.ts"
import { refuse } from "../yaml/index.ts"
import type { Ingested } from "./ingest.ts"
import type { RunSettings } from "./settings.ts"

/** A row of the fact `logStatement`. */
type LogStatement = {
  readonly objectNumber: number | null
  readonly source: string
  readonly name: string
  readonly state: "valid" | "invalid" | "moved" | "gap" | "missing" | "unnamed"
  readonly from: string | null
  readonly until: string | null
  readonly detail: string | null
}

type DigestSettings = { readonly bucket: string; readonly publicKeys: string }

const keysOf = (settings: DigestSettings, { baseFolder, file }: RunSettings): ReadonlyArray<DigestKey> => {
  try {
    return digestKeys(JSON.parse(readFileSync(resolve(baseFolder, settings.publicKeys), "utf8")))
  } catch {
    refuse([{ file, line: 1, column: 1, pointer: "", sentence: `the public keys ${settings.publicKeys} cannot be read; save the answer of "aws cloudtrail list-public-keys" there` }])
    return []
  }
}

const hour = 3_600_000

/** Log files of hours that digests vouch for, and that none of them names. An hour to either side: delivery and digest may fall apart. */
const unnamed = (logs: ReadonlyArray<LogFile>, covered: ReadonlyArray<{ readonly from: string; readonly to: string }>, named: ReadonlySet<string>): ReadonlyArray<LogFile> => {
  const spans = covered.map(({ from, to }) => [Date.parse(from), Date.parse(to)] as const)
  const isCovered = (time: number): boolean => spans.some(([from, to]) => from <= time && time < to)
  return logs.filter((log) => !named.has(log.uri) && [-hour, 0, hour].every((shift) => isCovered(deliveredAt(log.uri) + shift)))
}

/** Names a gap by the ends that stay from night to night. */
const nameOf = ({ from, to, reason }: ChainGap): string => (reason === "before-first" ? `../${to}` : reason === "after-last" ? `${from}/..` : `${from}/${to}`)

const statementsOf = (spec: SourceSpec, settings: DigestSettings, run: RunSettings, objects: Ingested["objects"]): ReadonlyArray<LogStatement> => {
  const own = objects.filter((object) => object.source === spec.id)
  const numbers = new Map(own.map((object) => [object.uri, object.objectNumber]))
  const named = (name: string): ReadonlyArray<Readonly<Record<string, unknown>>> => own.flatMap((object) => object.statements.filter((statement) => statement.name === name).map((statement) => statement.value))
  const digests = named("cloudtrail-digest") as unknown as ReadonlyArray<Digest>
  const logs = named("cloudtrail-log") as unknown as ReadonlyArray<LogFile>
  const { files, gaps, covered } = verifyDigestChain(digests, logs, keysOf(settings, run), settings.bucket)
  const judged = new Set(files.map((file) => file.uri))
  const copies = new Set(logs.filter((log) => judged.has(log.uri)).map((log) => log.sha256))
  const bare = { objectNumber: null, source: spec.id, from: null, until: null }
  const vouched = new Set(covered.map((span) => `${span.from}/${span.to}`))
  return [
    // A digest that nothing signs yet vouches for nothing; tomorrow's names its signature.
    ...files.filter((file) => file.state !== "unsigned").map((file): LogStatement => {
      // Good files vouch for a time only together, as the whole hour of their digest.
      const speaks = file.state !== "valid" || (file.kind === "digest" && vouched.has(`${file.from}/${file.to}`))
      return { objectNumber: numbers.get(file.uri) ?? null, source: spec.id, name: file.uri, state: file.state as LogStatement["state"], from: speaks ? file.from : null, until: speaks ? file.to : null, detail: file.reason ?? null }
    }),
    ...gaps.map((gap): LogStatement => ({ objectNumber: null, source: spec.id, name: nameOf(gap), state: "gap", from: gap.from, until: gap.to, detail: gap.reason })),
    ...unnamed(logs, covered, judged).filter((log) => !copies.has(log.sha256)).map((log): LogStatement => ({ ...bare, objectNumber: numbers.get(log.uri) ?? null, name: log.uri, state: "unnamed", detail: "no digest names it" })),
    ...(digests.length === 0 && logs.length > 0 ? [{ ...bare, name: "no digest file was found", state: "missing" as const, detail: "no-digest" }] : [])
  ]
}

/** Verifies the digest chains of the sources that state them and hands the result to the fact `logStatement`. */
export const stateLogs = async (store: EvidenceStore, settings: RunSettings, ingested: Ingested): Promise<void> => {
  const statements = settings.sources.flatMap((spec) => {
    const digests = spec["digests"] as DigestSettings | undefined
    return digests === undefined ? [] : statementsOf(spec, digests, settings, ingested.objects)
  })
  await store.variable("logStatements", JSON.stringify(statements))
}
