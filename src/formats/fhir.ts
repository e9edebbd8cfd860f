/**
 * HL7 FHIR R4 and R5: Consent resources as consents, AuditEvent resources as accesses; single
 * resources, Bundles, arrays and bulk data NDJSON.
 */
import { isIP } from "node:net"
import { isInstant } from "../records/index.ts"
import { defined, documentsOf, isJson, type Json, jsonAt, listAt, placeOf, textAt } from "./document.ts"
import type { Format, FormatInput, Produced } from "./format.ts"

type Result = { readonly records: ReadonlyArray<Json>; readonly notes: ReadonlyArray<string> } | { readonly ignored: string } | { readonly rejected: string }

const jsonsAt = (json: Json | undefined, ...names: ReadonlyArray<string>): ReadonlyArray<Json> => {
  for (const name of names) {
    const value = json?.[name]
    if (isJson(value)) return [value]
    if (Array.isArray(value)) return value.filter(isJson)
  }
  return []
}

/** Codes of a Coding, a CodeableConcept or a list of either. */
const codesIn = (value: ReadonlyArray<Json>): ReadonlyArray<string> =>
  value.flatMap((each) => [textAt(each, "code"), ...listAt(each, "coding").filter(isJson).map((coding) => textAt(coding, "code"))]).filter((code) => code !== undefined)

/** Who a Reference names: the identifier's value, else the reference itself. */
const referenceOf = (json: Json | undefined): string | undefined => textAt(json, "reference") ?? textAt(jsonAt(json, "identifier"), "value") ?? textAt(json, "display")

/** A FHIR dateTime: with an offset as it is; a day alone at its end for a yes, at its start for a no. */
const momentOf = (value: string | undefined, late: boolean, notes: Set<string>): string | undefined => {
  if (value === undefined) return undefined
  if (isInstant(value)) return value
  const day = /^\d{4}-\d\d-\d\d$/.test(value) ? value : undefined
  if (day === undefined) return undefined
  notes.add("A date without a time of day counts from the end of its day for a yes and from its beginning for a no (UTC).")
  const moment = `${day}T${late ? "23:59:59" : "00:00:00"}Z`
  return isInstant(moment) ? moment : undefined
}

const purposeNames: Readonly<Record<string, string>> = { HRESCH: "research", CLINTRCH: "research", TREAT: "treatment", HPAYMT: "payment", HOPERAT: "operations", HMARKT: "marketing", ETREAT: "emergency-treatment", TRAIN: "training", HQUALIMP: "quality-assurance" }
const purposesOf = (provision: Json | undefined): ReadonlyArray<string> => [...new Set(codesIn(jsonsAt(provision, "purpose")).map((code) => purposeNames[code] ?? code.toLowerCase()))]

type Rule = { readonly denies: boolean; readonly purposes: ReadonlyArray<string>; readonly until: string | undefined }

/** The base rule and its exceptions, which say the opposite for their purposes. */
const rulesOf = (consent: Json, notes: Set<string>): ReadonlyArray<Rule> => {
  const provisions = jsonsAt(consent, "provision")
  const base = textAt(consent, "decision") ?? textAt(provisions[0], "type") ?? "permit"
  const scope = codesIn(jsonsAt(consent, "scope")).map((code) => purposeNames[code] ?? code.toLowerCase())
  const ruleOf = (provision: Json | undefined, type: string): Rule => {
    const denies = type === "deny"
    const named = purposesOf(provision)
    if (named.length === 0) notes.add("A consent without a purpose grants its scope only and denies everything.")
    return { denies, purposes: named.length > 0 ? named : denies ? ["*"] : scope.length > 0 ? scope : ["unspecified"], until: textAt(jsonAt(provision, "period"), "end") }
  }
  const exceptions = provisions.flatMap((provision) => jsonsAt(provision, "provision"))
  if (exceptions.some((exception) => purposesOf(exception).length === 0)) notes.add("Exceptions that name no purpose (actors, data, actions) were not carried over.")
  return [
    ruleOf(provisions[0], base),
    ...exceptions.filter((exception) => purposesOf(exception).length > 0).map((exception) => ruleOf(exception, textAt(exception, "type") ?? (base === "deny" ? "permit" : "deny")))
  ]
}

const consentOf = (consent: Json): Result => {
  const status = textAt(consent, "status")
  if (status === "entered-in-error") return { ignored: "entered-in-error" }
  if (status === "draft" || status === "proposed" || status === "not-done" || status === "unknown") return { ignored: "not-in-force" }
  const subject = referenceOf(jsonAt(consent, "patient") ?? jsonAt(consent, "subject"))
  const id = textAt(consent, "id") ?? textAt(jsonsAt(consent, "identifier")[0], "value")
  if (subject === undefined) return { rejected: "The Consent names no patient, so it is nobody's." }
  if (id === undefined) return { rejected: "The Consent has neither id nor identifier, so it cannot be told from others." }
  const notes = new Set<string>()
  const over = status === "inactive" ? "withdrawn" : status === "rejected" ? "refused" : undefined
  const source = jsonsAt(consent, "sourceAttachment")[0]
  const uri = textAt(source, "url") ?? referenceOf(jsonsAt(consent, "sourceReference")[0])
  const written = source !== undefined || uri !== undefined
  if (!written) notes.add("A Consent without a source document is read as given electronically.")
  const performer = referenceOf(jsonsAt(consent, "performer", "grantor")[0])
  const byOther = performer !== undefined && performer !== subject && /RelatedPerson/.test(performer)
  const rules = rulesOf(consent, notes)
  const records: Array<Json> = []
  for (const [index, rule] of rules.entries()) {
    const outcome = over ?? (rule.denies ? "refused" : "given")
    const at = momentOf(textAt(consent, "dateTime", "date") ?? textAt(jsonAt(consent, "meta"), "lastUpdated"), outcome === "given", notes)
    if (at === undefined) return { rejected: `"dateTime" is missing or is no time with an offset.` }
    const until = momentOf(rule.until, false, notes)
    records.push(defined({
      kind: "consent", id: index === 0 ? id : `${id}/provision/${index}`, recordedAt: momentOf(textAt(jsonAt(consent, "meta"), "lastUpdated"), false, notes), subject, status: outcome, at, purposes: rule.purposes, form: written ? "written" : "electronic",
      expiresAt: outcome === "given" ? until : undefined, capacity: byOther ? "guardian" : undefined, givenBy: byOther ? performer : undefined, evidence: uri === undefined ? undefined : { uri }
    }))
  }
  return { records, notes: [...notes] }
}

const letters: Readonly<Record<string, string>> = { C: "edit", R: "view", U: "edit", D: "delete" }
const actionOf = (event: Json): string | undefined => {
  const codes = codesIn([...jsonsAt(event, "subtype"), ...jsonsAt(event, "code"), ...jsonsAt(event, "type"), ...jsonsAt(event, "category")])
  if (codes.some((code) => /^(search|search-type|search-system|110112)$/.test(code))) return "list"
  if (codes.some((code) => /^(110106|export|\$export|transmit|disclose)$/.test(code))) return "export"
  return letters[textAt(event, "action") ?? ""]
}

const outcomeOf = (event: Json): string => {
  const outcome = textAt(event, "outcome") ?? codesIn(jsonsAt(jsonAt(event, "outcome"), "code"))[0]
  return outcome === undefined || outcome === "0" || outcome === "success" ? "success" : outcome === "4" ? "denied" : "error"
}

const auditOf = (event: Json): Result => {
  const action = actionOf(event)
  if (action === undefined) return { ignored: "other-operation" }
  const uri = jsonsAt(event, "entity").map((entity) => referenceOf(jsonAt(entity, "what")) ?? referenceOf(jsonAt(entity, "reference")) ?? textAt(jsonAt(entity, "identifier"), "value")).find((each) => each !== undefined)
  if (uri === undefined) return { ignored: "no-object" }
  const id = textAt(event, "id")
  const at = textAt(event, "recorded")
  if (id === undefined) return { rejected: "The AuditEvent has no id, so it cannot be told from others." }
  if (at === undefined || !isInstant(at)) return { rejected: `"recorded" is missing or is no time with an offset.` }
  const agents = jsonsAt(event, "agent")
  const agent = agents.find((each) => each["requestor"] === true) ?? agents[0]
  const who = referenceOf(jsonAt(agent, "who")) ?? textAt(jsonAt(agent, "userId"), "value") ?? textAt(agent, "altId", "name")
  if (agent === undefined || who === undefined) return { rejected: "No agent of the AuditEvent is named, so it is not known who acted." }
  const network = textAt(jsonAt(agent, "network"), "address") ?? textAt(agent, "networkString")
  const purpose = codesIn([...jsonsAt(agent, "purposeOfUse", "authorization"), ...jsonsAt(event, "purposeOfEvent", "authorization")])[0]
  const access = defined({
    kind: "access", id, at, actor: { id: who, type: /^(Device|Organization)\//.test(who) ? "service" : "user" }, action, uri, outcome: outcomeOf(event),
    purpose: purpose === undefined ? undefined : purposeNames[purpose] ?? purpose.toLowerCase(), ip: network !== undefined && isIP(network) !== 0 ? network : undefined
  })
  return { records: [access], notes: agents.length > 1 ? ["Further agents of an AuditEvent were not carried over."] : [] }
}

const judge = (resource: unknown): Result => {
  const type = isJson(resource) ? textAt(resource, "resourceType") : undefined
  if (!isJson(resource) || type === undefined) return { rejected: "The document is no FHIR resource: it has no resourceType." }
  if (type === "Consent") return consentOf(resource)
  return type === "AuditEvent" ? auditOf(resource) : { ignored: "other-resource" }
}

async function* read(input: FormatInput): AsyncGenerator<Produced> {
  for (const document of await documentsOf(input, "FHIR")) {
    if ("fault" in document) {
      yield { type: "rejected", ...placeOf(document), sentence: document.fault }
      continue
    }
    const bundle = isJson(document.value) && textAt(document.value, "resourceType") === "Bundle" ? listAt(document.value, "entry") : undefined
    const resources = bundle === undefined ? [[document.value, ""] as const] : bundle.map((entry, index) => [isJson(entry) ? entry["resource"] : entry, `/entry/${index}/resource`] as const)
    for (const [resource, inside] of resources) {
      const place = placeOf(document, inside)
      const result = judge(resource)
      if ("ignored" in result) yield { type: "ignored", ...place, reason: result.ignored }
      else if ("rejected" in result) yield { type: "rejected", ...place, sentence: result.rejected }
      else {
        yield { type: "records", ...place, records: result.records }
        for (const sentence of result.notes) yield { type: "note", ...place, sentence }
      }
    }
  }
}

/** The FHIR adapter. */
export const fhir: Format = {
  name: "fhir",
  version: 1,
  detects: ({ text }) => /^\s*[{[]/.test(text) && /"resourceType"\s*:\s*"(Consent|AuditEvent|Bundle)"/.test(text),
  read
}
