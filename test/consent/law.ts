import { readFileSync } from "node:fs"
import { parse } from "yaml"

/** A row of the law as a judge reads it, with the legal forms that it lists. */
export type Row = { readonly place: string; readonly mode: string; readonly forms: ReadonlyArray<string>; readonly wantsInside: boolean }

type File = { readonly jurisdictions: ReadonlyArray<{ readonly jurisdiction: string; readonly versions: ReadonlyArray<{ readonly from: string | null; readonly until: string | null; readonly mode: string; readonly consentForms: ReadonlyArray<string>; readonly noticeInRecording: boolean }> }> }

const file = parse(readFileSync(new URL("../../pipelines/law/recording-consent.yaml", import.meta.url), "utf8"), { schema: "core" }) as File
const day = "2026-03-02T10:00:00Z"

const rows = new Map(file.jurisdictions.map((row): [string, Row] => {
  const version = row.versions.find(({ from, until }) => (from === null || from <= day) && (until === null || day < until)) ?? row.versions[0]
  if (version === undefined) throw new Error(`no version of ${row.jurisdiction}`)
  return [row.jurisdiction, { place: row.jurisdiction, mode: version.mode, forms: version.consentForms, wantsInside: version.noticeInRecording }]
}))

/** The row that a place uses, as policy.md says; undefined: none can be chosen. */
export const rowOf = (place: string | undefined): Row | undefined => {
  if (place === undefined || place === "EU" || place === "US" || place === "AU") return undefined
  const exact = rows.get(place)
  if (exact !== undefined) return exact
  const country = place.slice(0, 2)
  return country === "US" || country === "AU" || country === "EU" ? undefined : rows.get(country)
}

/** How the baseline policy judges a customer whose place is not known. */
export const unknownPlace: Row = { place: "unknown", mode: "all-party", forms: [], wantsInside: false }

const notices = ["announcement_then_continue", "notice_all", "actual_knowledge_all", "all_reasonable_efforts_notice", "deemed_consent_by_continuing", "lawful_basis_plus_notice", "privacy_notice"]
const satisfies: Readonly<Record<string, ReadonlyArray<string>>> = {
  announcement: notices,
  verbal: ["prior_express_all", "explicit_opt_in"],
  keypad: ["keypad_yes", "explicit_opt_in", "prior_express_all"],
  electronic: ["explicit_opt_in", "prior_express_all", "prior_written_all"],
  written: ["prior_written_all", "prior_express_all", "explicit_opt_in"],
  contract: ["statement_notice", "lawful_basis_plus_notice", "privacy_notice"]
}
const own = new Set(["verbal", "keypad", "electronic", "written"])

/** Whether a row takes evidence of a form at all, be it in time or not. */
export const takes = (row: Row, form: string, inside: boolean, toneToTheEnd: boolean): boolean => {
  if (form === "tone") return row.mode === "all-party" && row.forms.includes("periodic_tone_15s") && toneToTheEnd
  if (row.mode === "lawful-basis") return true
  if (row.place === "unknown") return form === "announcement" || own.has(form)
  if (own.has(form) && row.forms.includes("announcement_then_continue")) return true
  if (inside && form === "announcement" && row.forms.includes("recorded_notification")) return true
  if (inside && form === "verbal" && row.forms.includes("recorded_verbal_yes")) return true
  return (satisfies[form] ?? []).some((legal) => row.forms.includes(legal))
}

/** Whether an early notice or spoken yes inside the recording is in time for a row (fine print 7). */
export const opens = (row: Row): boolean =>
  row.mode === "lawful-basis" || row.place === "unknown" || [...notices, "recorded_notification", "recorded_verbal_yes"].some((legal) => row.forms.includes(legal))
