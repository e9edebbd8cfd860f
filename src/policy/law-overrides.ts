import { instantOf, untilOf } from "../time/index.ts"
import type { Instant } from "../time/index.ts"
import { suggestion } from "../yaml/index.ts"
import { countryOf, dayOf, subdividedCountries } from "./law.ts"
import type { Law, LawRow, LawVersion } from "./law.ts"
import { isCountry } from "./places.ts"
import type { Override } from "./types.ts"

const later = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : a > b ? a : b)
const earlier = (a: Instant | null, b: Instant | null): Instant | null => (a === null ? b : b === null ? a : a < b ? a : b)
const isEmpty = (from: Instant | null, until: Instant | null): boolean => from !== null && until !== null && from >= until

const periodOf = (override: Override): { from: Instant; until: Instant | null } => ({
  from: instantOf(override.from),
  until: untilOf(override.until)
})

/** What an override leaves out stays as the row has it. */
const overridden = (base: LawVersion, override: Override): LawVersion => {
  const { from, until } = periodOf(override)
  return {
    version: `override:${dayOf(from)}`,
    from: later(base.from, from),
    until: earlier(base.until, until),
    mode: override.mode ?? base.mode,
    consentForms: override.consentForms ?? base.consentForms,
    noticeInRecording: override.noticeInRecording ?? base.noticeInRecording,
    citation: [override.citation].flat(),
    confidence: override.confidence ?? base.confidence,
    dataProtection: override.dataProtection ?? base.dataProtection,
    // The policy's owner states the rule for this period, so nothing is assumed in it.
    assumed: false
  }
}

/** Cuts the override's period out of each version and puts there what takes its place, if anything. */
const withOverride = (versions: ReadonlyArray<LawVersion>, override: Override, replaced: (version: LawVersion) => ReadonlyArray<LawVersion>): ReadonlyArray<LawVersion> => {
  const { from, until } = periodOf(override)
  return versions.flatMap((version) => {
    if (isEmpty(later(version.from, from), earlier(version.until, until))) return [version]
    const before = { ...version, until: earlier(version.until, from) }
    const after = { ...version, from: later(version.from, until) }
    return [
      ...(isEmpty(before.from, before.until) ? [] : [before]),
      ...replaced(version),
      ...(until === null || isEmpty(after.from, after.until) ? [] : [after])
    ]
  })
}

/** A country that the law pack lacks begins as nothing: only its overrides' periods have a rule. */
const newRow = (override: Override): LawRow => {
  const { from, until } = periodOf(override)
  return {
    jurisdiction: override.jurisdiction,
    name: override.jurisdiction,
    versions: [{
      version: `override:${dayOf(from)}`,
      from,
      until,
      mode: override.mode ?? "all-party",
      consentForms: override.consentForms ?? [],
      noticeInRecording: override.noticeInRecording ?? false,
      citation: [override.citation].flat(),
      confidence: override.confidence ?? "medium",
      dataProtection: override.dataProtection ?? false,
      assumed: false
    }]
  }
}

/**
 * The rows that may govern under a policy: those that can be chosen, with the policy's overrides applied. Where two overrides
 * of one row overlap, the later-starting wins, as for packs; of two that start together, the one written later.
 */
export const rowsUnder = (law: Law, overrides: ReadonlyArray<Override>): ReadonlyArray<LawRow> => {
  const subdivided = subdividedCountries(law)
  const rows = new Map(law.rows.filter((row) => !subdivided.has(row.jurisdiction)).map((row) => [row.jurisdiction, row]))
  for (const override of overrides.toSorted((a, b) => Number(instantOf(a.from) > instantOf(b.from)) - Number(instantOf(a.from) < instantOf(b.from)))) {
    const row = rows.get(override.jurisdiction)
    if (row === undefined) rows.set(override.jurisdiction, newRow(override))
    else if (law.rows.some((known) => known.jurisdiction === row.jurisdiction)) {
      rows.set(row.jurisdiction, { ...row, versions: withOverride(row.versions, override, (version) => [overridden(version, override)]) })
    } else rows.set(row.jurisdiction, { ...row, versions: [...withOverride(row.versions, override, () => []), ...newRow(override).versions] })
  }
  return [...rows.values()]
}

/** Why an override cannot be applied to the law pack, or undefined. */
export const overrideMistake = (law: Law, override: Override): string | undefined => {
  const place = override.jurisdiction
  const subdivided = subdividedCountries(law)
  const choosable = law.rows.map((row) => row.jurisdiction).filter((known) => !subdivided.has(known))
  if (choosable.includes(place)) return undefined
  if (subdivided.has(place)) return `${place} alone is never chosen; name ${place === "EU" ? "a member state" : `a subdivision, such as ${choosable.find((known) => known.startsWith(`${place}-`)) ?? place}`}`
  const addable = place.length > 2 ? subdivided.has(countryOf(place)) && countryOf(place) !== "EU" : isCountry(place)
  if (!addable) return `the law pack ${law.pack} has no row ${place}; ${suggestion(place, choosable)}`
  if (override.mode === undefined || override.consentForms === undefined) {
    return `the law pack ${law.pack} has no row ${place}, so that the override must state mode and consentForms`
  }
  return undefined
}
