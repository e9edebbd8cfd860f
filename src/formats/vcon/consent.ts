/**
 * `lawful_basis` (draft-howe-vcon-lawful-basis) and `consent` (draft-howe-vcon-consent) attachments
 * as consent records and documented bases. The drafts and the files in the wild disagree with
 * themselves; every spelling is read, the more restrictive reading wins, each deviation is noted.
 */
import { createHash } from "node:crypto"
import { isInstant } from "../../records/index.ts"
import { canonicalJson } from "../canonicalJson.ts"
import { defined, isJson, type Json, jsonAt, listAt, numberAt, textAt } from "../document.ts"
import type { Party } from "./contact.ts"
import { type Basis, recordingId } from "./recording.ts"
import type { Vcon } from "./shape.ts"

const bases: Readonly<Record<string, string>> = {
  consent: "consent", contract: "contract", legal_obligation: "legalObligation", vital_interests: "vitalInterests", public_task: "publicTask", legitimate_interests: "legitimateInterests"
}

/** Purposes that have another name here. */
const purposes: Readonly<Record<string, string>> = { analysis: "analytics", sentiment_analysis: "analytics", ai: "model-training", genai: "model-training", training: "training", all: "*", any: "*", "*": "*" }
const purposeOf = (name: string): string => purposes[name.toLowerCase()] ?? name.trim().toLowerCase().replace(/[\s_]+/g, "-")

const given = new Set(["granted", "given", "accepted", "approved", "active", "true", "yes", "y", "allow", "allowed", "opt-in", "opt_in", "consented"])
const refused = new Set(["denied", "refused", "declined", "rejected", "false", "no", "n", "deny", "disallow", "disallowed", "opt-out", "opt_out", "not_granted"])
const withdrawn = new Set(["withdrawn", "revoked", "revocation", "cancelled", "canceled"])

type Status = "given" | "refused" | "withdrawn"

const statusOf = (value: unknown): Status | undefined => {
  if (typeof value === "boolean") return value ? "given" : "refused"
  const word = typeof value === "string" ? value.trim().toLowerCase() : ""
  return given.has(word) ? "given" : refused.has(word) ? "refused" : withdrawn.has(word) ? "withdrawn" : undefined
}

/** One grant or denial of one purpose. */
type Grant = { readonly purpose: string; readonly status: Status; readonly at: string }

/** What an attachment proves its grants by. */
type Proof = { readonly form: string; readonly uri: string | undefined; readonly offsetSeconds: number | undefined }

const forms: Readonly<Record<string, string>> = {
  verbal_confirmation: "verbal", audio_recording: "verbal", verbal: "verbal",
  signed_document: "written", document: "written", cryptographic_signature: "electronic",
  external_system: "electronic", external_asset: "electronic", web_form: "electronic", electronic: "electronic", dtmf: "keypad", keypad: "keypad"
}

/** Seconds in "00:01:23", "83" or 83. */
const secondsOf = (value: unknown): number | undefined => {
  if (typeof value === "number") return value >= 0 && Number.isFinite(value) ? value : undefined
  if (typeof value !== "string" || !/^\d+(:\d{1,2}){0,2}(\.\d+)?$/.test(value)) return undefined
  return value.split(":").reduce((sum, part) => sum * 60 + Number(part), 0)
}

const proofOf = (body: Json, attachment: Json, vcon: Vcon, notes: Set<string>): Proof => {
  const proofs = [...listAt(body, "proof_mechanisms", "proof"), ...listAt(attachment, "proof_mechanisms", "proof")].filter(isJson)
  const proof = proofs[0]
  if (proofs.length > 1) notes.add("Of several proofs of a consent only the first was carried over.")
  const form = forms[(textAt(proof, "proof_type", "mechanism_type", "type") ?? "").toLowerCase()]
  if (form === undefined) notes.add("A consent without a known kind of proof is read as given electronically.")
  if (proof !== undefined && "mechanism_type" in proof) notes.add("Field mechanism_type is read as proof_type.")
  const facts = { ...proof, ...jsonAt(proof, "proof_data") }
  const reference = numberAt(facts, "dialog_reference") ?? numberAt(facts, "dialog_index")
  const dialog = vcon.dialogs.find((each) => each.index === reference)
  return {
    form: form ?? "electronic",
    uri: textAt(facts, "url", "uri", "document_url") ?? dialog?.url ?? (dialog === undefined ? undefined : recordingId(vcon, dialog)),
    offsetSeconds: secondsOf(facts["time_offset"])
  }
}

const instantAt = (json: Json, ...names: ReadonlyArray<string>): string | undefined => {
  const text = textAt(json, ...names)
  return text !== undefined && isInstant(text) ? text : undefined
}

const grantsOf = (body: Json, attachment: Json, at: string, notes: Set<string>): ReadonlyArray<Grant> => {
  const entries = listAt(body, "purpose_grants", "consents", "grants").filter(isJson)
  const revocation = body["revocation"] === true || attachment["revocation"] === true
  return entries.flatMap((entry): ReadonlyArray<Grant> => {
    const purpose = textAt(entry, "purpose", "consent")
    const status = statusOf(entry["granted"] ?? entry["status"] ?? entry["value"])
    if ("consent" in entry || "value" in entry) notes.add("Fields consent and value are read as purpose and status.")
    if (Array.isArray(entry["conditions"]) && entry["conditions"].length > 0) notes.add("The conditions of a grant were not carried over.")
    if (purpose === undefined || status === undefined) {
      notes.add("A grant without a purpose or a known status was not carried over.")
      return []
    }
    const when = instantAt(entry, "revoked_at", "granted_at", "timestamp", "at")
    if (when === undefined) notes.add("A grant without a time is dated by its attachment.")
    return [{ purpose: purposeOf(purpose), status: revocation ? "withdrawn" : status, at: when ?? at }]
  })
}

const hashNames: Readonly<Record<string, string>> = { "sha-256": "sha256", sha256: "sha256", "sha-3-256": "sha3-256", "sha3-256": "sha3-256" }

/** Does the body's own content_hash fit? The hash cannot cover itself, so it is taken over the body without it. */
const hashFits = (body: Json, notes: Set<string>): boolean => {
  const hash = jsonAt(body, "content_hash")
  const value = textAt(hash, "value")
  if (value === undefined) return true
  const algorithm = hashNames[(textAt(hash, "algorithm") ?? "").toLowerCase()]
  if (algorithm === undefined || (textAt(hash, "canonicalization") ?? "jcs") !== "jcs") {
    notes.add("The content_hash of a lawful basis is of an algorithm that is not checked here.")
    return true
  }
  const { content_hash: _, ...rest } = body
  const fits = createHash(algorithm).update(canonicalJson(rest)).digest("hex") === value.toLowerCase()
  if (!fits) notes.add("The content_hash of a lawful basis does not fit its body: what it grants was not carried over, what it denies was.")
  return fits
}

/** Whose grants they are: the attachment's party; else the only outsider; a denial without a party is everybody's. */
const subjectsOf = (attachment: Json, grant: Grant, parties: ReadonlyArray<Party>, notes: Set<string>): ReadonlyArray<Party> => {
  const index = numberAt(attachment, "party")
  const named = index === undefined ? undefined : parties[index]
  if (named !== undefined) return [named]
  const outsiders = parties.filter((party) => party.outsider)
  const only = outsiders[0]
  if (grant.status !== "given") return outsiders
  if (outsiders.length === 1 && only !== undefined) {
    notes.add("A grant that names no party is taken for that of the only outsider.")
    return [only]
  }
  notes.add("A grant that names no party, with several outsiders there, was not carried over.")
  return []
}

const bodyOf = (attachment: Json, notes: Set<string>): Json | undefined => {
  const body = attachment["body"]
  if (isJson(body)) return body
  if (typeof body === "string") {
    try {
      const value: unknown = JSON.parse(attachment["encoding"] === "base64url" ? Buffer.from(body, "base64url").toString("utf8") : body)
      return isJson(value) ? value : undefined
    } catch {
      notes.add("The body of a consent attachment is not JSON and was not carried over.")
      return undefined
    }
  }
  // The older draft has the fields beside `type`.
  return "consents" in attachment || "purpose_grants" in attachment ? attachment : undefined
}

const labelOf = (attachment: Json, notes: Set<string>): string | undefined => {
  const label = textAt(attachment, "purpose") ?? textAt(attachment, "type")
  const kind = label?.toLowerCase().replace(/-/g, "_")
  if (kind !== "lawful_basis" && kind !== "consent") return undefined
  if (textAt(attachment, "purpose") === undefined) notes.add("Field type of an attachment is read as purpose.")
  if (attachment["party"] === undefined) notes.add("A consent attachment names no party.")
  if (attachment["dialog"] === undefined) notes.add("A consent attachment names no dialog.")
  return kind
}

/** Consents and bases of a vCon. */
export type Consents = { readonly consents: ReadonlyArray<Json>; readonly bases: ReadonlyArray<Basis> }

const consentOf = (attachment: Json, index: number, vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): Consents => {
  const kind = labelOf(attachment, notes)
  const body = kind === undefined ? undefined : bodyOf(attachment, notes)
  if (body === undefined) return { consents: [], bases: [] }
  const named = textAt(body, "lawful_basis")
  const basis = kind === "consent" ? "consent" : bases[named ?? ""]
  if (basis === undefined) notes.add("A lawful basis of an unknown name was not carried over.")
  const at = instantAt(attachment, "start") ?? instantAt(body, "start", "timestamp") ?? vcon.createdAt ?? vcon.dialogs[0]?.start
  if (at === undefined) {
    notes.add("A consent attachment without any time was not carried over.")
    return { consents: [], bases: [] }
  }
  const grants = grantsOf(body, attachment, at, notes)
  const trusted = hashFits(body, notes)
  const expiration = instantAt(body, "expiration") ?? instantAt(attachment, "expiration")
  if (expiration === undefined && (textAt(body, "expiration") ?? textAt(attachment, "expiration")) !== undefined) notes.add("An expiration that is not a time was not carried over.")
  for (const [field, what] of [["status_interval", "A status_interval"], ["registry", "A registry"], ["consent_ledger", "A consent ledger"], ["supersedes", "A reference to a superseded consent"]] as const)
    if (body[field] !== undefined || attachment[field] !== undefined) notes.add(`${what} was not carried over.`)
  const proof = proofOf(body, attachment, vcon, basis === "consent" ? notes : new Set())
  const evidence = proof.uri === undefined && proof.offsetSeconds === undefined ? undefined : defined({ uri: proof.uri, offsetSeconds: proof.offsetSeconds })
  const terms = textAt(body, "terms_of_service") ?? textAt(attachment, "terms_of_service")
  const consents = grants.flatMap((grant, position) => {
    // Other bases than consent grant nothing by a person's will; what they deny is a no all the same.
    if (grant.status === "given" && (basis !== "consent" || !trusted)) return []
    const subjects = subjectsOf(attachment, grant, parties, notes)
    return subjects.map((party) => defined({
      kind: "consent", id: `${vcon.uuid}/attachments/${index}/${position}${subjects.length > 1 ? `/${parties.indexOf(party)}` : ""}`, recordedAt: vcon.updatedAt ?? vcon.createdAt,
      subject: party.id, status: grant.status, at: grant.at, purposes: [grant.purpose], form: proof.form, contactId: vcon.uuid,
      expiresAt: grant.status === "given" ? expiration : undefined, evidence, attributes: terms === undefined ? undefined : { termsOfService: terms }
    }))
  })
  const recording = grants.filter((grant) => grant.status === "given" && (grant.purpose === "recording" || grant.purpose === "*")).map((grant) => grant.at)
  const dialogs = [attachment["dialog"]].flat().filter((each): each is number => typeof each === "number")
  const basisAt = recording.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? at
  return { consents, bases: basis === undefined || !trusted ? [] : [{ lawfulBasis: basis, at: basisAt, dialogs }] }
}

/** What the consent attachments of a vCon say. */
export const consentsOf = (vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): Consents => {
  const each = vcon.attachments.map((attachment, index) => consentOf(attachment, index, vcon, parties, notes))
  return { consents: each.flatMap((one) => one.consents), bases: each.flatMap((one) => one.bases) }
}
