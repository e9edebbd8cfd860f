import { AttestError } from "./AttestError.ts"
import { canonicalBytes } from "./canonical.ts"
import { isSha256Hex, sha256Hex } from "./digest.ts"
import { inTotoPayloadType } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"
import type { TreeHeads } from "./leaves.ts"

export const statementType = "https://in-toto.io/Statement/v1"

/** Predicate types of the three statements that a run can sign. */
export const predicateTypes = {
  core: "urn:earshot:privacy-audit-core:v1",
  report: "urn:earshot:privacy-audit-report:v1",
  failure: "urn:earshot:privacy-audit-failure:v1",
} as const
export type StatementKind = keyof typeof predicateTypes

/** A file that a statement speaks of, relative to the report folder, `/` between folders. */
export type Subject = { readonly name: string; readonly digest: { readonly sha256: string } }

type Predicate = Readonly<Record<string, unknown>>

/** An in-toto Statement v1. */
export type Statement = {
  readonly _type: typeof statementType
  readonly subject: ReadonlyArray<Subject>
  readonly predicateType: string
  readonly predicate: Predicate
}

/** The run that a statement speaks of. Times are RFC 3339, UTC. */
export type StatedRun = {
  readonly id: string
  readonly pipeline: string
  readonly asOf: string
  readonly startedAt: string
  /** False for `--only`, `--skip` and `replay`: never in the chain, never a baseline, never good for the gate. */
  readonly full: boolean
  readonly trustworthy: boolean
  /** 1 for the first run of a chain; absent outside the chain. */
  readonly sequence?: number
  /** {@link statementDigest} of the run before; absent for the first. */
  readonly previousStatement?: string
  /** Cron expression, so that a night that never ran shows, and the time zone it is meant in (UTC where absent). */
  readonly schedule?: string
  readonly scheduleTimezone?: string
}

/**
 * What the run states in the core beside its run and the tree heads: digests of policies, law, waivers, reviews,
 * controls and program, totals. Disclosures carry it to outsiders, so it holds no person, no object name, no finding.
 */
export type CoreFacts = { readonly run: StatedRun; readonly [member: string]: unknown }

const bySubjectName = (left: Subject, right: Subject): number => (left.name < right.name ? -1 : Number(left.name > right.name))

/** A subject from a name and a SHA-256 in hex. */
export const subject = (name: string, sha256: string): Subject => ({ name, digest: { sha256 } })

const statement = (kind: StatementKind, subjects: ReadonlyArray<Subject>, predicate: Predicate): Statement => ({
  _type: statementType,
  subject: [...subjects].sort(bySubjectName),
  predicateType: predicateTypes[kind],
  predicate,
})

/** The core statement: findings, inputs, quarantine, retention, summary, and what they were judged with. */
export const coreStatement = (subjects: ReadonlyArray<Subject>, facts: CoreFacts, merkle: TreeHeads): Statement => statement("core", subjects, { ...facts, merkle })

/** The final statement: every file of the folder but itself and the bundles. `core` is the digest of the core statement. */
export const reportStatement = (subjects: ReadonlyArray<Subject>, run: StatedRun, core: string): Statement => statement("report", subjects, { run, core: { sha256: core } })

/** The statement of a run that failed; its one subject is the failure's description. */
export const failureStatement = (subjects: ReadonlyArray<Subject>, run: StatedRun, failure: Failure): Statement => statement("failure", subjects, { run, failure })

/** Why a run has no report. `stage` and `reason` are codes or one sentence, nothing personal. */
export type Failure = { readonly stage: string; readonly reason: string; readonly failedAt: string }

/** The bytes that are signed. */
export const statementBytes = (value: Statement): Buffer => canonicalBytes(value)

/**
 * Digest that the chain and `--head` speak of: SHA-256 of the statement's bytes (the envelope's payload), hex.
 * Not of the file, which grows with every countersignature.
 */
export const statementDigest = (envelope: Envelope): string => sha256Hex(envelope.payload)

const isRecord = (value: unknown): value is Predicate => typeof value === "object" && value !== null && !Array.isArray(value)

/** Names that stay inside the folder: no empty, `.` or `..` part, not absolute, no backslash or NUL. */
const staysInside = (name: string): boolean =>
  !name.includes("\\") && !name.includes("\0") && name.split("/").every((part) => part !== "" && part !== "." && part !== "..")

const isSubject = (value: unknown): value is Subject =>
  isRecord(value) && typeof value["name"] === "string" && staysInside(value["name"]) && isRecord(value["digest"]) && isSha256Hex(value["digest"]["sha256"])

/** Reads the statement of an envelope from the envelope's own bytes. `where` names it in the error. */
export const readStatement = (envelope: Envelope, where: string): Statement => {
  const broken = (what: string): AttestError => new AttestError("format", `${where} ${what}.`)
  if (envelope.payloadType !== inTotoPayloadType) throw broken("does not hold an in-toto statement")
  let value: unknown
  try {
    value = JSON.parse(envelope.payload.toString("utf8"))
  } catch {
    throw broken("holds a statement that is not JSON")
  }
  if (!isRecord(value) || value["_type"] !== statementType || !isRecord(value["predicate"]) || typeof value["predicateType"] !== "string") throw broken("does not hold an in-toto Statement v1")
  const subjects: unknown = value["subject"]
  if (!Array.isArray(subjects) || !subjects.every(isSubject)) throw broken("holds a statement whose subjects are not files with SHA-256 digests")
  if (new Set(subjects.map(({ name }) => name)).size !== subjects.length) throw broken("holds a statement that names a file twice")
  return { _type: statementType, subject: subjects, predicateType: value["predicateType"], predicate: value["predicate"] }
}

/** Which of our statements it is, or `undefined`. */
export const kindOf = (value: Statement): StatementKind | undefined =>
  (Object.keys(predicateTypes) as ReadonlyArray<StatementKind>).find((kind) => predicateTypes[kind] === value.predicateType)

const optional = (value: unknown, type: "string" | "number"): boolean => value === undefined || typeof value === type

/** The run of one of our statements, or `undefined` where its shape is wrong. */
export const runOf = ({ predicate }: Statement): StatedRun | undefined => {
  const run = predicate["run"]
  if (!isRecord(run)) return undefined
  const texts = ["id", "pipeline", "asOf", "startedAt"].every((name) => typeof run[name] === "string")
  const flags = typeof run["full"] === "boolean" && typeof run["trustworthy"] === "boolean"
  const rest = optional(run["sequence"], "number") && ["previousStatement", "schedule", "scheduleTimezone"].every((name) => optional(run[name], "string"))
  return texts && flags && rest ? (run as unknown as StatedRun) : undefined
}

/** The tree heads of a core statement; a tree that is not stated or badly stated is left out. */
export const headsOf = ({ predicate }: Statement): Partial<TreeHeads> => {
  const merkle = predicate["merkle"]
  if (!isRecord(merkle)) return {}
  return Object.fromEntries(Object.entries(merkle).filter(([, head]) => isRecord(head) && isSha256Hex(head["root"]) && Number.isSafeInteger(head["size"])))
}
