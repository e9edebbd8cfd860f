import { instantOf, untilOf } from "../../time/index.ts"
import { subdividedCountries, countryOf } from "../law.ts"
import { rowsUnder } from "../law-overrides.ts"
import type { Pack } from "../pack.ts"
import { durationOrZero, perPack } from "./table.ts"
import type { TableDefinition } from "./table.ts"

const lawRows = (pack: Pack) =>
  rowsUnder(pack.law, pack.content.consent?.overrides ?? []).flatMap((row) =>
    row.versions.map((version) => ({
      jurisdiction: row.jurisdiction,
      version: version.version,
      from: version.from,
      until: version.until,
      mode: version.mode,
      forms: version.consentForms,
      noticeInRecording: version.noticeInRecording,
      citation: version.citation.join("; "),
      confidence: version.confidence,
      dataProtection: version.dataProtection,
      assumed: version.assumed
    })))

/** Every country with a row of its own or of a subdivision, in order of code. */
const countries = (packs: ReadonlyArray<Pack>) => {
  const subdivided = new Map<string, boolean>()
  for (const pack of packs) {
    for (const row of rowsUnder(pack.law, pack.content.consent?.overrides ?? [])) subdivided.set(countryOf(row.jurisdiction), false)
  }
  for (const pack of packs) for (const country of subdividedCountries(pack.law)) subdivided.set(country, true)
  return [...subdivided].sort(([a], [b]) => (a < b ? -1 : 1)).map(([country, split]) => ({ country, subdivided: split }))
}

/** Tables of the `consent` part and of the law that it names. */
export const consentTables: ReadonlyArray<TableDefinition> = [
  perPack("packSite", { site: "VARCHAR", jurisdiction: "VARCHAR" }, ({ content }) =>
    Object.entries(content.consent?.sites ?? {}).map(([site, jurisdiction]) => ({ site, jurisdiction }))),
  perPack("packText", { channel: "VARCHAR", level: "VARCHAR" }, ({ content }) =>
    Object.entries(content.consent?.text ?? {}).map(([channel, level]) => ({ channel, level }))),
  perPack("packPurpose", { purpose: "VARCHAR", level: "VARCHAR" }, ({ content }) =>
    Object.entries(content.consent?.purposes ?? {}).map(([purpose, level]) => ({ purpose, level }))),
  perPack("packBasis", { purposes: "VARCHAR[]", basis: "VARCHAR", reference: "VARCHAR", from: "TIMESTAMP" }, ({ content }) =>
    (content.consent?.bases ?? []).map((basis) => ({ ...basis, from: instantOf(basis.from) }))),
  perPack("packNotice", {
    id: "VARCHAR",
    version: "VARCHAR",
    language: "VARCHAR",
    purposes: "VARCHAR[]",
    sha256: "VARCHAR",
    from: "TIMESTAMP",
    until: "TIMESTAMP"
  }, ({ content }) => (content.consent?.notices ?? []).map((notice) => ({ ...notice, from: instantOf(notice.from), until: untilOf(notice.until) }))),
  perPack("packBotDisclosure", { jurisdictions: "VARCHAR[]", from: "TIMESTAMP", until: "TIMESTAMP" }, ({ content }) =>
    (content.consent?.botDisclosure ?? []).map((rule) => ({ ...rule, from: instantOf(rule.from), until: untilOf(rule.until) }))),
  perPack("packMandatoryRecording", { queues: "VARCHAR[]", tolerance: "INTERVAL" }, ({ content }) =>
    (content.consent?.mandatoryRecording ?? []).map((rule) => ({ queues: rule.queues, tolerance: durationOrZero(rule.tolerance) }))),
  perPack("law", {
    jurisdiction: "VARCHAR",
    version: "VARCHAR",
    from: "TIMESTAMP",
    until: "TIMESTAMP",
    mode: "VARCHAR",
    forms: "VARCHAR[]",
    noticeInRecording: "BOOLEAN",
    citation: "VARCHAR",
    confidence: "VARCHAR",
    dataProtection: "BOOLEAN",
    assumed: "BOOLEAN"
  }, lawRows),
  { table: "lawCountry", columns: { country: "VARCHAR", subdivided: "BOOLEAN" }, rowsOf: countries }
]
