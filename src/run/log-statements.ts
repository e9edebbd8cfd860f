import { readFileSync } from "node:fs"
import { resolve } from "node:path"
import type { EvidenceStore } from "../evidence/index.ts"
import { digestKeys, type Digest, type DigestKey, type LogFile, verifyDigestChain } from "../formats/index.ts"
import type { SourceSpec } from "../sources/index.ts"
import { refuse } from "../yaml/index.ts"
import type { Ingested } from "./ingest.ts"
import type { RunSettings } from "./settings.ts"

/** A row of the fact `logStatement`. */
type LogStatement = {
  readonly objectNumber: number | null
  readonly source: string
  readonly name: string
  readonly state: "valid" | "invalid" | "moved" | "gap" | "missing"
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

const statementsOf = (spec: SourceSpec, settings: DigestSettings, run: RunSettings, objects: Ingested["objects"]): ReadonlyArray<LogStatement> => {
  const own = objects.filter((object) => object.source === spec.id)
  const numbers = new Map(own.map((object) => [object.uri, object.objectNumber]))
  const named = (name: string): ReadonlyArray<Readonly<Record<string, unknown>>> => own.flatMap((object) => object.statements.filter((statement) => statement.name === name).map((statement) => statement.value))
  const digests = named("cloudtrail-digest") as unknown as ReadonlyArray<Digest>
  const { files, gaps, covered } = verifyDigestChain(digests, named("cloudtrail-log") as unknown as ReadonlyArray<LogFile>, keysOf(settings, run), settings.bucket)
  return [
    // A digest that nothing signs yet vouches for nothing; tomorrow's names its signature.
    ...files.filter((file) => file.state !== "unsigned").map((file): LogStatement => ({ objectNumber: numbers.get(file.uri) ?? null, source: spec.id, name: file.uri, state: file.state as LogStatement["state"], from: null, until: null, detail: file.reason ?? null })),
    ...gaps.map((gap): LogStatement => ({ objectNumber: null, source: spec.id, name: `${gap.from}/${gap.to}`, state: "gap", from: gap.from, until: gap.to, detail: gap.reason })),
    ...covered.map((span): LogStatement => ({ objectNumber: null, source: spec.id, name: `${span.from}/${span.to}`, state: "valid", from: span.from, until: span.to, detail: null }))
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
