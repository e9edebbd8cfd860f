import type { Summary } from "./summary.ts"
import { count, number } from "./words.ts"

/** What was granted beyond the rule of one policy in one currency, over all teams and reasons. */
export type BeyondRule = { readonly policy: string; readonly currency: string; readonly decisions: number; readonly approved: number; readonly amount: number }

const textOf = (value: unknown): string => (typeof value === "string" ? value : "")
const numberOf = (value: unknown): number => (typeof value === "number" ? value : 0)

/** Totals by policy and currency of the summary's rows of kind `beyondRule`, in order of policy and currency; cents are not lost in adding. */
export const beyondRuleTotals = ({ consistency }: Summary): ReadonlyArray<BeyondRule> => {
  const rows = consistency.filter((row) => row["kind"] === "beyondRule")
  const groups = [...Map.groupBy(rows, (row) => JSON.stringify([textOf(row["policy"]), textOf(row["currency"])])).entries()].sort(([a], [b]) => (a < b ? -1 : 1))
  return groups.map(([, group]) => {
    const sum = (name: string): number => group.reduce((total, row) => total + Math.round(numberOf(row[name]) * 10_000), 0) / 10_000
    return { policy: textOf(group[0]?.["policy"]), currency: textOf(group[0]?.["currency"]), decisions: sum("decisions"), approved: sum("approved"), amount: sum("amount") }
  })
}

/** One total as a sentence. */
export const beyondRuleSentence = ({ policy, currency, decisions, approved, amount }: BeyondRule): string =>
  `Policy ${policy}: ${count(decisions, "decision")} granted ${currency === "" ? "something without an amount" : `${amount.toFixed(2)} ${currency}`} beyond the rule; ${approved === 0 ? "none was approved" : approved === decisions ? (decisions === 1 ? "it was approved" : "all were approved") : `${number(approved)} ${approved === 1 ? "was" : "were"} approved`}.`
