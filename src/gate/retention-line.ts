/** A line of retention.ndjson: what was judged of one recording, as the gate needs it. schemas/retention.schema.json says the same. */

/** An object that holds a recording: its own or a copy, as far as records and storage state it. */
export type JudgedObject = {
  /** Addresses of people in it are pseudonyms unless the report is in clear. */
  readonly uri: string
  /** Pseudonym of the whole URI, where `uri` is not the object's real name. */
  readonly uriPseudonym?: string
  readonly versionId?: string
  /** SHA-256 of the bytes, lower-case hex. */
  readonly sha256?: string
  readonly etag?: string
}

/** A hold that covers the recording. Times are RFC 3339, UTC; without `until` it is open. */
export type JudgedHold = { readonly id: string; readonly from: string; readonly until?: string }

/** What the retention job may do: delete, keep, or leave to counsel (unlawful to keep and needed). */
export type Decision = "delete" | "keep" | "hold"

/** The decision for one recording as of the run. Times are RFC 3339, UTC; absent lists are empty. */
export type RetentionLine = {
  readonly recordingId: string
  readonly contactId?: string
  /** The recording's own object; absent where no record names it. */
  readonly uri?: string
  readonly uriPseudonym?: string
  readonly versionId?: string
  readonly sha256?: string
  readonly etag?: string
  readonly copies?: ReadonlyArray<JudgedObject>
  /** The latest end of its keep duties. */
  readonly keepUntil?: string
  readonly keepRule?: string
  /** The earliest of its ceilings and its own date. */
  readonly deleteBy?: string
  readonly deleteRule?: string
  readonly deletedAt?: string
  /** Granted erasures that ask for it. */
  readonly erasures?: ReadonlyArray<string>
  readonly holds?: ReadonlyArray<JudgedHold>
  /** Requests that stand against deletion. */
  readonly requests?: ReadonlyArray<string>
  /** Open findings that need it as evidence. */
  readonly openFindings?: ReadonlyArray<string>
  /** Why the records cannot tell: nothing is deleted in doubt. */
  readonly doubts?: ReadonlyArray<string>
  /** Every name of the customers and third parties on its contact, as the report writes people. */
  readonly persons?: ReadonlyArray<string>
  /** Pseudonyms of recordingId and contactId where those are not the real ids. */
  readonly idPseudonyms?: ReadonlyArray<string>
  /** Pseudonym of {@link keyCheckName}: shows whether a key is the one that the report was written with. */
  readonly keyCheck?: string
  /** How the report writes people and addresses. */
  readonly names: "clear" | "pseudonymous"
  readonly pack?: string
  /** Retention rules that apply, `deleteBy` for its own date. */
  readonly rules: ReadonlyArray<string>
  readonly decision: Decision
  /** Codes, such as `due:qa-audio`, `held`, `no-rule`. */
  readonly reasons: ReadonlyArray<string>
}

/** The name whose pseudonym shows which key a report was written with. */
export const keyCheckName = "earshot:pseudonym-key"

const isText = (value: unknown): value is string => typeof value === "string" && value !== ""
const isTexts = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(isText))
const isOptionalText = (value: unknown): boolean => value === undefined || isText(value)
const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)
const objectTexts = ["uri", "uriPseudonym", "versionId", "sha256", "etag"] as const

const isHold = (value: unknown): boolean => isMap(value) && isText(value["id"]) && isText(value["from"]) && isOptionalText(value["until"])
const isCopy = (value: unknown): boolean => isMap(value) && isText(value["uri"]) && objectTexts.every((name) => isOptionalText(value[name]))

/** The line where it is one that the gate can rely on; undefined for anything else. */
export const retentionLineOf = (value: unknown): RetentionLine | undefined => {
  if (!isMap(value)) return undefined
  const texts = ["contactId", "keepUntil", "keepRule", "deleteBy", "deleteRule", "deletedAt", "pack", "keyCheck", ...objectTexts].every((name) => isOptionalText(value[name]))
  const lists = ["erasures", "requests", "openFindings", "doubts", "persons", "idPseudonyms", "rules", "reasons"].every((name) => isTexts(value[name]))
  const holds: unknown = value["holds"] ?? []
  const copies: unknown = value["copies"] ?? []
  const whole = isText(value["recordingId"]) && (value["names"] === "clear" || value["names"] === "pseudonymous") && Array.isArray(value["rules"]) && Array.isArray(value["reasons"])
    && (value["decision"] === "delete" || value["decision"] === "keep" || value["decision"] === "hold")
  return whole && texts && lists && Array.isArray(holds) && holds.every(isHold) && Array.isArray(copies) && copies.every(isCopy) ? (value as unknown as RetentionLine) : undefined
}
