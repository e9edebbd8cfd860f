import { parseInstant } from "../time/index.ts"

const timestamp = "google.protobuf.Timestamp"

/** Fields of `contact` in conditions, with their CEL types. */
export const contactFields: Readonly<Record<string, string>> = {
  id: "string",
  channel: "string",
  direction: "string",
  startedAt: timestamp,
  queuedAt: timestamp,
  answeredAt: timestamp,
  endedAt: timestamp,
  previousContactId: "string",
  queue: "string",
  site: "string",
  businessUnit: "string",
  campaign: "string",
  language: "string",
  attributes: "map<string, dyn>"
}

/** Fields of `decision` in conditions, with their CEL types. */
export const decisionFields: Readonly<Record<string, string>> = {
  id: "string",
  contactId: "string",
  at: timestamp,
  staff: "string",
  subject: "string",
  policy: "string",
  policyVersion: "string",
  outcome: "string",
  amount: "double",
  currency: "string",
  reasonCode: "string"
}

/** What a condition reads. Values that are absent are left out, so that reading them is an error and `has` is false. */
export type ConditionInputs = {
  readonly facts: Readonly<Record<string, unknown>>
  readonly contact: Readonly<Record<string, unknown>>
  readonly decision: Readonly<Record<string, unknown>>
}

/** A JSON value as CEL wants it for a declared type; what does not fit stays as it is, and CEL refuses it when it is read. */
const typed = (value: unknown, type: string): unknown => {
  if (type === "int" && typeof value === "number" && Number.isSafeInteger(value)) return BigInt(value)
  if (type === timestamp && typeof value === "string") {
    const instant = parseInstant(value)
    return instant === undefined ? value : new Date(Number(instant / 1000n))
  }
  return value
}

/** The declared fields that are present and not null; whatever else the record has is not visible to conditions. */
export const inputsOf = (record: Readonly<Record<string, unknown>>, fields: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> => {
  const inputs: Record<string, unknown> = Object.create(null) as Record<string, unknown>
  for (const name in fields) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined
    if (value !== undefined && value !== null) inputs[name] = typed(value, fields[name]!)
  }
  return inputs
}

/** The CEL type of a type that a policy declares for a fact. */
export const celType = (declared: string): string => (declared === "timestamp" ? timestamp : declared)
