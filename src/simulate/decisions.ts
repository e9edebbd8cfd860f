import type { DecisionRecord } from "../records/types.ts"
import type { Call } from "./call.ts"
import { eventOf } from "./call.ts"
import { second } from "./calendar.ts"
import { iso } from "./world.ts"
import type { World } from "./world.ts"

type RefundCase = { readonly reason: string; readonly daysSincePurchase: number; readonly amountBand: string; readonly tenureBand: string; readonly outcome: "granted" | "denied" }

/**
 * The refund cases of ordinary traffic. The outcome follows from the stratum (reason, amountBand,
 * tenureBand) alone, so that like cases never differ; everybody goes through them in turn, so that no unit deviates.
 */
const refundCases: ReadonlyArray<RefundCase> = [
  { reason: "defective", daysSincePurchase: 10, amountBand: "low", tenureBand: "new", outcome: "granted" },
  { reason: "changed-mind", daysSincePurchase: 120, amountBand: "low", tenureBand: "long", outcome: "denied" },
  { reason: "changed-mind", daysSincePurchase: 45, amountBand: "low", tenureBand: "new", outcome: "granted" },
  { reason: "defective", daysSincePurchase: 20, amountBand: "low", tenureBand: "long", outcome: "granted" },
  { reason: "late-delivery", daysSincePurchase: 100, amountBand: "low", tenureBand: "long", outcome: "denied" },
  { reason: "late-delivery", daysSincePurchase: 30, amountBand: "low", tenureBand: "new", outcome: "granted" },
  { reason: "wrong-item", daysSincePurchase: 95, amountBand: "low", tenureBand: "new", outcome: "denied" },
  { reason: "wrong-item", daysSincePurchase: 15, amountBand: "low", tenureBand: "long", outcome: "granted" }
]

/** What a decision says; the rest is chosen so that it complies. */
export type DecisionWish = Partial<DecisionRecord> & { readonly facts: DecisionRecord["facts"]; readonly outcome: string; /** Milliseconds. */ readonly time: number }

/** A decision of the call's agent for its customer under `refunds` 7, not yet written. */
export const decisionOf = (world: World, call: Call, wish: DecisionWish): DecisionRecord => {
  const { time, ...rest } = wish
  return {
    kind: "decision", id: world.id("decision"), contactId: call.contact.id, at: iso(time), staff: call.agent.id, subject: call.subject.subject,
    policy: "refunds", policyVersion: "7", ...rest
  }
}

/** Adds the identity check that the refund policy wants first, and returns its time (milliseconds). */
export const verifyIdentity = (world: World, call: Call): number => {
  const at = call.answeredAt + 30 * second
  call.events.push(eventOf(world, call, "identity-verified", at, { partyId: call.customer.id }))
  return at
}

/** Adds a compliant refund decision to the call: `turn` is how many the agent took before. */
export const decideRefund = (world: World, call: Call, turn: number): void => {
  const chosen = refundCases[turn % refundCases.length]
  if (chosen === undefined) return
  const { outcome, ...facts } = chosen
  const verified = verifyIdentity(world, call)
  const time = verified + 60 * second
  if (world.random.chance(0.3)) call.events.push(eventOf(world, call, "account-disclosed", verified + 15 * second, { partyId: call.customer.id }))
  const paid = outcome === "granted" ? { amount: 8 + world.random.below(20), currency: "USD" } : {}
  call.decisions.push(decisionOf(world, call, { time, outcome, facts: { ...facts }, ...paid }))
  if (outcome === "denied") call.events.push(eventOf(world, call, "reason-given", time + 10 * second))
}

/** The facts of a planted refund: a stratum of its own, so that it is compared with nothing. */
export const lonelyFacts = (world: World, reason: string, daysSincePurchase: number): DecisionRecord["facts"] => ({
  reason, daysSincePurchase, amountBand: "low", tenureBand: world.id("tenure")
})
