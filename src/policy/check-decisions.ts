import { eventTypes } from "../records/index.ts"
import { suggestion } from "../yaml/index.ts"
import type { Located, Path, Problem } from "../yaml/index.ts"
import type { DecisionPolicy, DecisionVersion, PolicyFile } from "./types.ts"

/** Attributes of a case that a policy may look at, beside its facts. */
const caseAttributes = ["channel", "direction", "queue", "site", "businessUnit", "campaign"]

/** Attributes whose groups may be compared freely. */
const groupAttributes = [...caseAttributes, "team", "segment"]

/** Attributes of people, or that stand for one: compared only when somebody signed it off. */
const sensitiveAttributes = ["staff", "language", "jurisdiction", "minor"]

/** Words in the name of a fact or attribute that speak of a protected trait or stand for one. */
const proxyWords = new Set([
  "language", "surname", "postcode", "postal", "zip", "nationality", "citizenship", "ethnicity", "race", "religion", "gender", "sex",
  "disability", "birth", "birthday", "birthplace", "accent", "address", "neighbourhood", "neighborhood"
])

const wordsOf = (name: string): ReadonlyArray<string> => name.replaceAll(/([a-z])([A-Z])/g, "$1 $2").toLowerCase().split(/[^a-z]+/)

/** The attribute without the table it stands in: `contact.channel` and `channel` are one. */
const plain = (attribute: string): string => attribute.replace(/^contact\./, "")

const isFreeForm = (attribute: string): boolean => /^(facts|attributes)\./.test(attribute)

/** Names of persons; the name of a product or campaign is none. */
const personNames = /\.((first|last|full|given|family|maiden|customer)_?)?name$/i

const isSensitive = (attribute: string): boolean =>
  sensitiveAttributes.includes(attribute) || (isFreeForm(attribute) && (personNames.test(attribute) || wordsOf(attribute).some((word) => proxyWords.has(word))))

type Mistake = readonly [path: Path, sentence: string]

/** Names of attributes that do not exist. */
const unknownAttributes = (decision: DecisionPolicy, list: ReadonlyArray<string>, allowed: ReadonlyArray<string>, path: Path): ReadonlyArray<Mistake> =>
  list.flatMap((attribute, index): ReadonlyArray<Mistake> => {
    const facts = Object.keys(decision.facts ?? {}).map((fact) => `facts.${fact}`)
    const known = [...facts, ...allowed]
    const name = plain(attribute)
    if (known.includes(name) || /^attributes\../.test(name)) return []
    return [[[...path, index], `${JSON.stringify(attribute)} is no attribute of a case; ${suggestion(name, known)}`]]
  })

const comparisons = (decision: DecisionPolicy, version: DecisionVersion, path: Path): ReadonlyArray<Mistake> => {
  const { likeCase = [], compare = [], splitting, signedOffBy } = version
  const strata = new Set(likeCase.map(plain))
  return [
    ...unknownAttributes(decision, likeCase, [...caseAttributes, ...sensitiveAttributes], [...path, "likeCase"]),
    ...unknownAttributes(decision, compare, [...groupAttributes, ...sensitiveAttributes], [...path, "compare"]),
    ...unknownAttributes(decision, splitting?.by ?? [], caseAttributes, [...path, "splitting", "by"]),
    ...likeCase.flatMap((attribute, index): ReadonlyArray<Mistake> => isSensitive(plain(attribute))
      ? [[[...path, "likeCase", index], `${JSON.stringify(attribute)} is a protected trait or stands for one, so that it must not make cases alike; take it out`]]
      : []),
    ...compare.flatMap((attribute, index): ReadonlyArray<Mistake> => [
      ...(strata.has(plain(attribute)) ? [[[...path, "compare", index], `${JSON.stringify(attribute)} stands in likeCase too; keep it in one of them`] as const] : []),
      ...(isSensitive(plain(attribute)) && signedOffBy === undefined
        ? [[[...path, "compare", index], `comparing by ${JSON.stringify(attribute)} needs signedOffBy: name who allowed it`] as const]
        : [])
    ])
  ]
}

const steps = (version: DecisionVersion, path: Path): ReadonlyArray<Mistake> =>
  (version.steps ?? []).flatMap((step, index): ReadonlyArray<Mistake> => {
    if (step.type === "absence") return step.then === undefined ? [] : [[[...path, "steps", index, "then"], "a step of type absence has no then; take it out"]]
    return step.then === undefined ? [[[...path, "steps", index], `a step of type ${step.type} needs then: the event that it is about`]] : []
  })

/** Events that no record can hold: what asks for one would find every decision wrong. */
const events = ({ before = [], deniedNeeds = [], steps: constraints = [] }: DecisionVersion, path: Path): ReadonlyArray<Mistake> => {
  const named: ReadonlyArray<readonly [Path, string | undefined]> = [
    ...before.map((type, index) => [["before", index], type] as const),
    ...deniedNeeds.map((type, index) => [["deniedNeeds", index], type] as const),
    ...constraints.flatMap(({ first, then }, index) => [[["steps", index, "first"], first] as const, [["steps", index, "then"], then] as const])
  ]
  return named.flatMap(([at, type]): ReadonlyArray<Mistake> => type === undefined || eventTypes.includes(type) ? [] : [[[...path, ...at], `there is no event ${JSON.stringify(type)}; ${suggestion(type, eventTypes)}`]])
}

/** Limits that nobody could tell apart: two sets for one queue and currency, or some with a currency and some without. */
const limits = ({ authority }: DecisionVersion, path: Path): ReadonlyArray<Mistake> => {
  const stated = [
    ...(authority?.limits === undefined ? [] : [{ queues: [""], currency: authority.currency, at: [...path, "authority", "limits"] }]),
    ...(authority?.limitsFor ?? []).map(({ queues = [""], currency = authority?.currency }, index) => ({ queues, currency, at: [...path, "authority", "limitsFor", index] }))
  ]
  const seen = new Set<string>()
  return stated.flatMap(({ queues, currency, at }): ReadonlyArray<Mistake> => {
    if ((currency === undefined) !== (stated[0]?.currency === undefined)) return [[at, "some limits of this version name a currency and others do not; set authority.currency"]]
    const twice = queues.find((queue) => seen.has(JSON.stringify([queue, currency])))
    for (const queue of queues) seen.add(JSON.stringify([queue, currency]))
    return twice === undefined ? [] : [[at, `there are already limits for ${twice === "" ? "every queue" : `the queue ${JSON.stringify(twice)}`}${currency === undefined ? "" : ` in ${currency}`}; put them together`]]
  })
}

/** What a schema cannot say about the decision policies of a pack. */
export const decisionProblems = (located: Located<PolicyFile>): ReadonlyArray<Problem> =>
  (located.value.decisions ?? []).flatMap((decision, d) =>
    decision.versions.flatMap((version, v) => {
      const path: Path = ["decisions", d, "versions", v]
      return [...comparisons(decision, version, path), ...steps(version, path), ...events(version, path), ...limits(version, path)].map(([at, sentence]) => located.problemAt(at, sentence))
    }))
