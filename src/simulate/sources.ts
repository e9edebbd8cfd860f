import type { CanonicalRecord } from "../records/types.ts"

/** The sources of the synthetic estate: one folder of part files each. */
export const sourceNames = [
  "contacts",
  "consent",
  "access-log",
  "storage-log",
  "desktop-log",
  "inventory",
  "workforce",
  "decisions",
  "cases",
  "identities",
  "coverage"
] as const
export type SourceName = (typeof sourceNames)[number]

const byKind: Readonly<Record<CanonicalRecord["kind"], SourceName>> = {
  contact: "contacts",
  recording: "contacts",
  transcript: "contacts",
  consent: "consent",
  event: "consent",
  access: "access-log",
  storedObject: "inventory",
  staff: "workforce",
  grant: "workforce",
  assignment: "workforce",
  decision: "decisions",
  hold: "cases",
  request: "cases",
  review: "cases",
  identity: "identities",
  coverage: "coverage"
}

/** The source that delivers records of this kind. */
export const sourceOf = (record: CanonicalRecord): SourceName => byKind[record.kind]
