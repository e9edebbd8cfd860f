import { instantOf, untilOf } from "../time/index.ts"
import { editDistance } from "../records/index.ts"
import { nearest } from "../yaml/index.ts"
import type { Located, Path, Problem } from "../yaml/index.ts"
import { decisionProblems } from "./check-decisions.ts"
import { overrideMistake } from "./law-overrides.ts"
import type { Law } from "./law.ts"
import { placeMistake } from "./places.ts"
import type { PolicyFile } from "./types.ts"

type Mistake = readonly [path: Path, sentence: string]

type Dated = { readonly from: string; readonly until?: string | null }

const entries = <T>(list: ReadonlyArray<T> | undefined, path: Path): ReadonlyArray<readonly [T, Path]> =>
  (list ?? []).map((item, index) => [item, [...path, index]])

const decisionVersions = (content: PolicyFile) =>
  entries(content.decisions, ["decisions"]).flatMap(([decision, path]) => entries(decision.versions, [...path, "versions"]))

/** Everything with a period must begin before it ends. */
const periods = (content: PolicyFile): ReadonlyArray<Mistake> => {
  const all: ReadonlyArray<readonly [Dated, Path]> = [
    [content, []],
    ...entries(content.consent?.overrides, ["consent", "overrides"]),
    ...entries(content.consent?.notices, ["consent", "notices"]),
    ...entries(content.consent?.botDisclosure, ["consent", "botDisclosure"]),
    ...decisionVersions(content)
  ]
  return all.flatMap(([dated, path]): ReadonlyArray<Mistake> => {
    const until = untilOf(dated.until)
    return until !== null && instantOf(dated.from) >= until ? [[[...path, "until"], "until must lie after from"]] : []
  })
}

/** The second of two entries that bear one name. */
const twins = (named: ReadonlyArray<readonly [name: string, path: Path, what: string]>): ReadonlyArray<Mistake> => {
  const seen = new Set<string>()
  return named.flatMap(([name, path, what]): ReadonlyArray<Mistake> => {
    const key = `${what} ${name}`
    if (seen.has(key)) return [[path, `there is already a ${what} ${JSON.stringify(name)}; give this one another name`]]
    seen.add(key)
    return []
  })
}

const names = (content: PolicyFile): ReadonlyArray<Mistake> => twins([
  ...entries(content.decisions, ["decisions"]).map(([{ id }, path]) => [id, [...path, "id"], "decision policy"] as const),
  ...entries(content.decisions, ["decisions"]).flatMap(([{ id, versions }, path]) =>
    entries(versions, [...path, "versions"]).map(([{ version }, at]) => [version, [...at, "version"], `version of ${id}`] as const)),
  ...entries(content.retention, ["retention"]).map(([{ id }, path]) => [id, [...path, "id"], "retention rule"] as const),
  ...entries(content.access?.services, ["access", "services"]).map(([{ id }, path]) => [id, [...path, "id"], "service"] as const),
  ...entries(content.consent?.notices, ["consent", "notices"]).map(([{ id, version, language }, path]) =>
    [[id, version, language ?? ""].join(" "), [...path, "id"], "notice"] as const)
])

/**
 * A word that was most likely meant to be a known one. Names are free, so only near misses are refused;
 * words that differ in digits alone (tier1, tier2) are different names.
 */
const mistyped = (word: string, known: ReadonlyArray<string>): string | undefined => {
  if (known.includes(word) || word.length < 4) return undefined
  const meant = nearest(word, known)
  if (meant === undefined || editDistance(word, meant) > (word.length < 10 ? 1 : 2)) return undefined
  if (word.replaceAll(/\d/g, "") === meant.replaceAll(/\d/g, "")) return undefined
  return meant
}

const nearMisses = (lists: ReadonlyArray<readonly [ReadonlyArray<string> | undefined, Path]>, known: ReadonlyArray<string>, what: string): ReadonlyArray<Mistake> =>
  lists.flatMap(([list, path]) => entries(list, path).flatMap(([word, at]): ReadonlyArray<Mistake> => {
    const meant = mistyped(word, known)
    return meant === undefined ? [] : [[at, `the ${what} ${JSON.stringify(word)} stands nowhere else in the policy; did you mean ${JSON.stringify(meant)}?`]]
  }))

const roles = (content: PolicyFile): ReadonlyArray<Mistake> => {
  const limits = decisionVersions(content).flatMap(([{ authority }]) => [authority?.limits ?? {}, ...(authority?.limitsFor ?? []).map((part) => part.limits)].flatMap((each) => Object.keys(each)))
  const trainings = [content.access?.training ?? []].flat()
  return nearMisses([
    ...entries(content.access?.hours, ["access", "hours"]).map(([{ roles: list }, path]) => [list, [...path, "roles"]] as const),
    ...trainings.map(({ roles: list }, index) => [list, ["access", "training", ...(trainings.length > 1 ? [index] : []), "roles"]] as const),
    ...decisionVersions(content).map(([version, path]) => [version.authority?.mayOverride, [...path, "authority", "mayOverride"]] as const)
  ], [...Object.keys(content.access?.roles ?? {}), ...limits], "role")
}

const purposes = (content: PolicyFile): ReadonlyArray<Mistake> => {
  const lists = (["bases", "notices"] as const).flatMap((part) => {
    const all: ReadonlyArray<{ readonly purposes: ReadonlyArray<string> }> = content.consent?.[part] ?? []
    return entries(all, ["consent", part]).map(([{ purposes: list }, path]) => [list, [...path, "purposes"]] as const)
  })
  const known = Object.keys(content.consent?.purposes ?? {})
  return known.length === 0 ? [] : nearMisses([
    ...lists,
    ...entries(content.access?.services, ["access", "services"]).map(([{ purposes: list }, path]) => [list, [...path, "purposes"]] as const),
    ...entries(content.retention, ["retention"]).map(([{ purposes: list }, path]) => [list, [...path, "purposes"]] as const)
  ], [...known, "recording"], "purpose")
}

const places = (content: PolicyFile): ReadonlyArray<Mistake> => {
  const all = [
    ...Object.entries(content.consent?.sites ?? {}).map(([site, place]) => [place, ["consent", "sites", site]] as const),
    ...entries(content.consent?.botDisclosure, ["consent", "botDisclosure"]).flatMap(([{ jurisdictions }, path]) => entries(jurisdictions, [...path, "jurisdictions"])),
    ...entries(content.retention, ["retention"]).flatMap(([{ jurisdictions }, path]) => entries(jurisdictions, [...path, "jurisdictions"]))
  ]
  return all.flatMap(([place, path]): ReadonlyArray<Mistake> => {
    const mistake = placeMistake(place)
    return mistake === undefined ? [] : [[path, mistake]]
  })
}

const rules = (content: PolicyFile): ReadonlyArray<Mistake> => [
  ...entries(content.retention, ["retention"]).flatMap(([rule, path]): ReadonlyArray<Mistake> =>
    rule.delete === undefined && rule.keep === undefined ? [[path, "a retention rule needs delete, keep or both"]] : []),
  ...[...entries(content.access?.hours, ["access", "hours"]), ...entries(content.service?.hours, ["service", "hours"])].flatMap(([{ from, to }, path]): ReadonlyArray<Mistake> =>
    from === to ? [[[...path, "to"], "to must differ from from; for the whole day write \"00:00\" and \"24:00\""]] : [])
]

const overrides = (content: PolicyFile, law: Law): ReadonlyArray<Mistake> =>
  entries(content.consent?.overrides, ["consent", "overrides"]).flatMap(([override, path]): ReadonlyArray<Mistake> => {
    const mistake = overrideMistake(law, override)
    return mistake === undefined ? [] : [[[...path, "jurisdiction"], mistake]]
  })

/** What a schema cannot say about a pack. */
export const packProblems = (located: Located<PolicyFile>, law: Law): ReadonlyArray<Problem> => {
  const content = located.value
  const mistakes = [...periods(content), ...names(content), ...roles(content), ...purposes(content), ...places(content), ...rules(content), ...overrides(content, law)]
  return [...mistakes.map(([path, sentence]) => located.problemAt(path, sentence)), ...decisionProblems(located)]
}
