import type { Instant } from "../time/index.ts"
import { contactFields, decisionFields, inputsOf } from "./condition-inputs.ts"
import type { DecisionRules, DecisionVersionRules } from "./conditions.ts"
import type { Pack } from "./pack.ts"
import { holding, nonOverlapping, packPeriods } from "./periods.ts"
import type { Period } from "./periods.ts"

/** Why a condition gave no answer; says nothing of the values. */
export type OutcomeError = "missing-value" | "wrong-type" | "not-evaluable"

/** What a decision policy expects of one decision. */
export type Expectation = {
  readonly packKey: string
  readonly policy: string
  readonly version: string
  /** `rules[0]` and so on, or `otherwise` when none matches. */
  readonly rule: string
  /** Outcomes that conform; null when no rule matches and the policy has no `otherwise` (any outcome does), or on error. */
  readonly expect: ReadonlyArray<string> | null
  readonly error: OutcomeError | null
}

/** What the conditions read of one decision; times are RFC 3339 text. */
export type DecisionContent = {
  readonly decision: Readonly<Record<string, unknown>>
  readonly facts: Readonly<Record<string, unknown>>
  /** The decision's contact; empty when it is not known. */
  readonly contact: Readonly<Record<string, unknown>>
}

/** A decision as a whole. */
export type DecisionInput = DecisionContent & { readonly at: Instant; readonly policy: string }

/** A version of a decision policy while it and its pack are in force. */
export type VersionInForce = Period & {
  readonly packKey: string
  readonly policy: string
  readonly version: DecisionVersionRules
  readonly facts: DecisionRules["facts"]
}

const errorOf = (error: unknown): OutcomeError => {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  if (code === "no_such_key") return "missing-value"
  return code === "field_type_mismatch" || code === "no_such_overload" ? "wrong-type" : "not-evaluable"
}

type Matched = Pick<Expectation, "rule" | "expect" | "error">

/** First match wins; a rule that cannot be evaluated could have been the match, so that the search ends there. */
const firstMatch = ({ version, facts }: VersionInForce, content: DecisionContent): Matched => {
  const inputs = {
    facts: inputsOf(content.facts, facts),
    contact: inputsOf(content.contact, contactFields),
    decision: inputsOf(content.decision, decisionFields)
  }
  for (const [index, { expect, holds }] of version.rules.entries()) {
    const rule = `rules[${index}]`
    try {
      const answer = holds(inputs)
      if (answer === true) return { rule, expect, error: null }
      if (answer !== false) return { rule, expect: null, error: "wrong-type" }
    } catch (error) {
      return { rule, expect: null, error: errorOf(error) }
    }
  }
  return { rule: "otherwise", expect: version.content.otherwise ?? null, error: null }
}

/** What a version expects of a decision made while it was in force. */
export const expectationOf = (inForce: VersionInForce, content: DecisionContent): Expectation =>
  ({ packKey: inForce.packKey, policy: inForce.policy, version: inForce.version.version, ...firstMatch(inForce, content) })

const within = (outer: Period, inner: Period): Period | undefined => {
  const from = outer.from > inner.from ? outer.from : inner.from
  const until = outer.until === null ? inner.until : inner.until === null || outer.until < inner.until ? outer.until : inner.until
  return until !== null && from >= until ? undefined : { from, until }
}

/** Versions of a policy cut so that one is in force at a time; named by place, since two may bear one name by mistake. */
const versionPeriods = (decision: DecisionRules): ReadonlyArray<Period & { readonly version: DecisionVersionRules }> => {
  const byPlace = new Map(decision.versions.map((version, index) => [`${version.version} ${String(index).padStart(6, "0")}`, version]))
  const named = [...byPlace].map(([name, { from, until }]) => ({ name, from, until }))
  return nonOverlapping(named).map(({ name, from, until }) => ({ from, until, version: byPlace.get(name)! }))
}

/** Every version of every decision policy with the times at which it decides; those of one policy do not overlap. */
export const versionsInForce = (packs: ReadonlyArray<Pack>): ReadonlyArray<VersionInForce> =>
  packPeriods(packs).flatMap((packPeriod) =>
    packs.find((pack) => pack.packKey === packPeriod.packKey)!.decisions.flatMap((decision) =>
      versionPeriods(decision).flatMap(({ version, ...period }) => {
        const both = within(packPeriod, period)
        return both === undefined ? [] : [{ ...both, packKey: packPeriod.packKey, policy: decision.id, version, facts: decision.facts }]
      })))

/**
 * A function that says what the packs expect of a decision: by the pack in force at its time and
 * that pack's version of the decision policy in force then; undefined where there is none.
 */
export const expectationsUnder = (packs: ReadonlyArray<Pack>): ((input: DecisionInput) => Expectation | undefined) => {
  const byPolicy = Map.groupBy(versionsInForce(packs), ({ policy }) => policy)
  return (input) => {
    const inForce = holding(byPolicy.get(input.policy) ?? [], input.at)
    return inForce === undefined ? undefined : expectationOf(inForce, input)
  }
}
