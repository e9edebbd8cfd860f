/**
 * Exports of a consent platform (Fides): the history of privacy preferences as consents, privacy
 * requests as requests.
 */
import { mail, telephone } from "../address.ts"
import { defined, documentsOf, isJson, type Json, jsonAt, listAt, numberAt, placeOf, textAt } from "../document.ts"
import type { FormatInput, Produced } from "../format.ts"

type Result = { readonly records: ReadonlyArray<Json>; readonly notes: ReadonlyArray<string> } | { readonly ignored: string } | { readonly rejected: string }

const statuses: Readonly<Record<string, string>> = { opt_in: "given", acknowledge: "given", opt_out: "refused" }
const purposeOf = (name: string): string => name.trim().toLowerCase().replace(/[\s_]+/g, "-")

/** An identity field: a text, or {label, value}. */
const identityText = (json: Json | undefined, name: string): string | undefined => textAt(json, name) ?? textAt(jsonAt(json, name), "value")

/** Mail first, then telephone, the platform's own ids last. */
const subjectOf = (json: Json | undefined): string | undefined => {
  const [email, phone] = [identityText(json, "email"), identityText(json, "phone_number")]
  const device = identityText(json, "fides_user_device_id") ?? identityText(json, "fides_user_device")
  return (email === undefined ? undefined : mail(email)) ?? (phone === undefined ? undefined : telephone(phone)) ?? identityText(json, "external_id") ?? (device === undefined ? undefined : `device:${device}`)
}

const preferenceOf = (item: Json): Result => {
  const id = textAt(item, "id")
  const at = textAt(item, "request_timestamp", "created_at")
  const subject = subjectOf(item)
  if (id === undefined || at === undefined) return { rejected: "The preference has no id or no request_timestamp." }
  if (subject === undefined) return { rejected: "The preference names nobody: no email, telephone number, external id or device." }
  const base = {
    kind: "consent", subject, at, form: "electronic", noticeId: textAt(item, "notice_key", "notice_name"), noticeVersion: textAt(item, "privacy_notice_history_id"),
    attributes: defined({ geography: textAt(item, "user_geography"), origin: textAt(item, "request_origin"), method: textAt(item, "method") })
  }
  const notes = ["Where a preference was recorded (address, browser, page) was not carried over."]
  const tcf = jsonAt(item, "tcf_preferences")
  if (tcf !== undefined) {
    const purposes = listAt(tcf, "purpose_consent_preferences").filter(isJson)
    const records = purposes.flatMap((purpose) => {
      const status = statuses[textAt(purpose, "preference") ?? ""]
      const number = numberAt(purpose, "id") ?? textAt(purpose, "id")
      return status === undefined || number === undefined ? [] : [defined({ ...base, id: `${id}/tcf/${number}`, status, purposes: [`tcf-purpose-${number}`] })]
    })
    return { records, notes: [...notes, "Preferences for vendors, systems and legitimate interests of a TCF string were not carried over."] }
  }
  const status = statuses[textAt(item, "preference") ?? ""]
  const purpose = textAt(item, "notice_key", "notice_name")
  if (status === undefined) return { rejected: `"preference" is not one of opt_in, opt_out, acknowledge.` }
  if (purpose === undefined) return { rejected: "The preference names no notice, so its purpose is not known." }
  return { records: [defined({ ...base, id, status, purposes: [purposeOf(purpose)] })], notes }
}

const requestTypes: Readonly<Record<string, string>> = { access: "access", erasure: "erasure", restriction: "restriction", objection: "objection" }
const outcomes: Readonly<Record<string, string>> = { complete: "granted", completed: "granted", denied: "refused", canceled: "refused" }

const requestOf = (item: Json): Result => {
  const id = textAt(item, "id")
  const receivedAt = textAt(item, "created_at")
  const subject = subjectOf(jsonAt(item, "identity"))
  const actions = listAt(jsonAt(item, "policy"), "rules").filter(isJson).map((rule) => requestTypes[textAt(rule, "action_type") ?? ""]).filter((type) => type !== undefined)
  if (id === undefined || receivedAt === undefined) return { rejected: "The privacy request has no id or no created_at." }
  if (subject === undefined) return { rejected: "The privacy request names nobody: no email, telephone number, external id or device." }
  if (actions.length === 0) return { ignored: "other-request" }
  const status = textAt(item, "status") ?? ""
  const types = [...new Set(actions)]
  const records = types.map((type) => defined({
    kind: "request", id: types.length === 1 ? id : `${id}/${type}`, subject, type, receivedAt, outcome: outcomes[status],
    completedAt: outcomes[status] === undefined ? undefined : textAt(item, "finished_processing_at", "reviewed_at")
  }))
  return { records, notes: ["Who reviewed a privacy request, and its results, were not carried over."] }
}

const judge = (item: unknown): Result => {
  if (!isJson(item)) return { rejected: "The entry is not an object." }
  if ("preference" in item && ("request_timestamp" in item || "notice_name" in item)) return preferenceOf(item)
  if (isJson(item["policy"]) && isJson(item["identity"])) return requestOf(item)
  return { rejected: "The entry is neither a preference with its time and person nor a privacy request; export the preference history (privacy-preferences) instead of a look-up." }
}

/** Lists that an export wraps its entries in. */
const entriesOf = (value: unknown): ReadonlyArray<readonly [entry: unknown, inside: string]> => {
  for (const name of ["items", "succeeded", "data"]) if (isJson(value) && Array.isArray(value[name])) return listAt(value, name).map((entry, index) => [entry, `/${name}/${index}`] as const)
  return [[value, ""]]
}

/** What the entries of an export become. */
export async function* readPreferences(input: FormatInput): AsyncGenerator<Produced> {
  for (const document of await documentsOf(input, "an export of consent preferences")) {
    if ("fault" in document) {
      yield { type: "rejected", ...placeOf(document), sentence: document.fault }
      continue
    }
    for (const [entry, inside] of entriesOf(document.value)) {
      const place = placeOf(document, inside)
      const result = judge(entry)
      if ("ignored" in result) yield { type: "ignored", ...place, reason: result.ignored }
      else if ("rejected" in result) yield { type: "rejected", ...place, sentence: result.rejected }
      else {
        yield { type: "records", ...place, records: result.records }
        for (const sentence of result.notes) yield { type: "note", ...place, sentence }
      }
    }
  }
}
