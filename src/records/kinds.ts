/**
 * The record kinds and their schemas, which are the single truth of the field lists. They are
 * imported as modules, so that they are there in a built program too.
 */
import access from "../../schemas/records/access.schema.json" with { type: "json" }
import assignment from "../../schemas/records/assignment.schema.json" with { type: "json" }
import consent from "../../schemas/records/consent.schema.json" with { type: "json" }
import contact from "../../schemas/records/contact.schema.json" with { type: "json" }
import coverage from "../../schemas/records/coverage.schema.json" with { type: "json" }
import decision from "../../schemas/records/decision.schema.json" with { type: "json" }
import event from "../../schemas/records/event.schema.json" with { type: "json" }
import grant from "../../schemas/records/grant.schema.json" with { type: "json" }
import hold from "../../schemas/records/hold.schema.json" with { type: "json" }
import identity from "../../schemas/records/identity.schema.json" with { type: "json" }
import recording from "../../schemas/records/recording.schema.json" with { type: "json" }
import request from "../../schemas/records/request.schema.json" with { type: "json" }
import review from "../../schemas/records/review.schema.json" with { type: "json" }
import staff from "../../schemas/records/staff.schema.json" with { type: "json" }
import storedObject from "../../schemas/records/storedObject.schema.json" with { type: "json" }
import transcript from "../../schemas/records/transcript.schema.json" with { type: "json" }

/** The part of JSON Schema that the record schemas use. */
export type RecordSchema = {
  readonly type?: string | ReadonlyArray<string>
  readonly title?: string
  readonly description?: string
  readonly const?: string
  readonly enum?: ReadonlyArray<string>
  readonly format?: string
  readonly properties?: Readonly<Record<string, RecordSchema>>
  readonly required?: ReadonlyArray<string>
  readonly additionalProperties?: boolean | RecordSchema
  readonly items?: RecordSchema
  readonly oneOf?: ReadonlyArray<RecordSchema>
  readonly anyOf?: ReadonlyArray<RecordSchema>
  /** What an identifier names: a kind of record, `person` or `uri`. */
  readonly "x-names"?: string
  /** False: free text that is never stored. */
  readonly "x-stored"?: boolean
}

/** All record kinds, in the order of the contract. */
export const recordKinds = [
  "contact",
  "recording",
  "storedObject",
  "transcript",
  "consent",
  "event",
  "access",
  "grant",
  "staff",
  "assignment",
  "decision",
  "hold",
  "request",
  "identity",
  "review",
  "coverage",
] as const

/** A kind of record. */
export type RecordKind = (typeof recordKinds)[number]

/** The JSON Schema (2020-12) of each kind. */
export const recordSchemas: Readonly<Record<RecordKind, RecordSchema>> = {
  contact,
  recording,
  storedObject,
  transcript,
  consent,
  event,
  access,
  grant,
  staff,
  assignment,
  decision,
  hold,
  request,
  identity,
  review,
  coverage,
}

const kindSet: ReadonlySet<string> = new Set(recordKinds)

/** Is the word a record kind? */
export const isRecordKind = (word: unknown): word is RecordKind => typeof word === "string" && kindSet.has(word)

/** The record kind among what a source provides, where it is the only one; event types are kinds of `event`. */
export const onlyKindOf = (provides: unknown): RecordKind | undefined => {
  if (!Array.isArray(provides)) return undefined
  const kinds = new Set(provides.map((name: unknown) => isRecordKind(name) ? name : "event"))
  return kinds.size === 1 ? [...kinds][0] : undefined
}

/** The event types of records.md, from the schema. */
export const eventTypes: ReadonlyArray<string> = recordSchemas.event.properties?.["type"]?.enum ?? []
