import { contactFields, decisionFields, inputsOf } from "./condition-inputs.ts"
import type { DecisionRules, DecisionVersionRules } from "./conditions.ts"
import type { Instant } from "../time/index.ts"
import type { Pack } from "./pack.ts"
import { holding, nonOverlapping, packPeriods } from "./periods.ts"
import type { Dated } from "./periods.ts"

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

/** A decision as conditions see it. */
export type DecisionInput = {
  readonly at: Instant
  readonly policy: string
  /** Fields of the record; times are RFC 3339 text. */
  readonly decision: Readonly<Record<string, unknown>>
  readonly facts: Readonly<Record<string, unknown>>
  /** The decision's contact; empty when it is not known. */
  readonly contact: Readonly<Record<string, unknown>>
}

const errorOf = (error: unknown): OutcomeError => {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined
  if (code === "no_such_key") return "missing-value"
  return code === "field_type_mismatch" || code === "no_such_overload" ? "wrong-type" : "not-evaluable"
}

type Matched = Pick<Expectation, "rule" | "expect" | "error">

/** First match wins; a rule that cannot be evaluated could have been the match, so that the search ends there. */
const firstMatch = (version: DecisionVersionRules, facts: DecisionRules["facts"], input: DecisionInput): Matched => {
  const inputs = {
    facts: inputsOf(input.facts, facts),
    contact: inputsOf(input.contact, contactFields),
    decision: inputsOf(input.decision, decisionFields)
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

type PolicyInForce = { readonly decision: DecisionRules; readonly periods: ReadonlyArray<Dated & { readonly index: number }> }

/** Versions by their place in the file: two versions may bear one name by mistake. */
const inForce = (decision: DecisionRules): PolicyInForce => {
  const width = String(decision.versions.length).length
  const named = decision.versions.map((version, index) => ({ name: `${version.version} ${String(index).padStart(width, "0")}`, from: version.from, until: version.until }))
  const indexOf = new Map(named.map(({ name }, index) => [name, index]))
  return { decision, periods: nonOverlapping(named).map((period) => ({ ...period, index: indexOf.get(period.name)! })) }
}

/**
 * A function that says what the packs expect of a decision: by the pack in force at its time and
 * that pack's version of the decision policy in force then; undefined where there is none.
 */
export const expectationsUnder = (packs: ReadonlyArray<Pack>): ((input: DecisionInput) => Expectation | undefined) => {
  const periods = packPeriods(packs)
  const byPack = new Map(packs.map((pack) => [pack.packKey, new Map(pack.decisions.map((decision) => [decision.id, inForce(decision)]))]))
  return (input) => {
    const pack = holding(periods, input.at)
    const policy = pack === undefined ? undefined : byPack.get(pack.packKey)?.get(input.policy)
    const period = policy === undefined ? undefined : holding(policy.periods, input.at)
    if (pack === undefined || policy === undefined || period === undefined) return undefined
    const version = policy.decision.versions[period.index]!
    return { packKey: pack.packKey, policy: policy.decision.id, version: version.version, ...firstMatch(version, policy.decision.facts, input) }
  }
}
