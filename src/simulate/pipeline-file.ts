import type { CoverageRecord } from "../records/types.ts"
import { eventTypes } from "../records/index.ts"
import type { SourceName } from "./sources.ts"
import { sourceNames } from "./sources.ts"

const provides: Readonly<Record<SourceName, ReadonlyArray<string>>> = {
  contacts: ["contact", "recording", "transcript"],
  consent: ["consent", ...eventTypes],
  "access-log": ["access"],
  "storage-log": ["access"],
  "desktop-log": ["access"],
  inventory: ["storedObject"],
  workforce: ["staff", "grant", "assignment"],
  decisions: ["decision"],
  cases: ["hold", "request"],
  identities: ["identity"],
  coverage: ["coverage"]
}

const options: Readonly<Partial<Record<SourceName, string>>> = {
  consent: "    allowRejected: 0.001\n",
  "access-log": "    layer: application\n",
  "desktop-log": "    layer: application\n",
  "storage-log": `    layer: storage\n    recordings: ["s3://northwind-recordings/*"]\n    matchWithin: PT5M\n`
}

/** What each source provides, for its coverage statements. */
export const kindsOf = (source: SourceName): CoverageRecord["kinds"] => [...provides[source]] as CoverageRecord["kinds"]

/** pipeline.yaml of a synthetic estate: every source of the folder, and a gate that never fails the build. */
export const pipelineFile = (): string => `# Audits the synthetic estate of this folder: npx earshot run pipeline.yaml
pipeline: synthetic
policy: policy.yaml
sources:
${sourceNames.map((source) => `  - id: ${source}
    uri: ${source}/
    format: canonical
    mode: append
    provides: [${provides[source].join(", ")}]
${options[source] ?? ""}    minObjects: 1
`).join("")}evidence: {store: .earshot/evidence.duckdb, memory: 2GB, threads: 2}
report: {out: reports, failOn: never, identities: pseudonymous, pseudonymKey: keys/pseudonym.key, idKey: keys/id.key}
# The keys are made where they are missing; real pipelines keep theirs elsewhere.
signing: {keys: [keys/pipeline.pem], create: missing}
`
