/** Decisions against rule, authority and order: findings of the policy family. */
import { eventOf, put, quietCall } from "../../call.ts"
import type { Call } from "../../call.ts"
import { hour, minute, second } from "../../calendar.ts"
import { decisionOf, lonelyFacts, verifyIdentity } from "../../decisions.ts"
import type { DecisionWish } from "../../decisions.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

/** A call whose agent has verified the customer and then decides; denied cases are told why. */
const decided = (world: World, shift: number, wish: Omit<DecisionWish, "time" | "facts"> & Partial<DecisionWish>, more: Parameters<typeof quietCall>[3] = {}): Call => {
  const call = quietCall(world, "US-TX", shift, more)
  const time = verifyIdentity(world, call) + minute
  const facts = wish.facts ?? lonelyFacts(world, "changed-mind", 45)
  call.decisions.push(decisionOf(world, call, { time, ...wish, facts }))
  if (wish.outcome === "denied") call.events.push(eventOf(world, call, "reason-given", time + 10 * second))
  return call
}

const dollars = (amount: number): { amount: number; currency: string } => ({ amount, currency: "USD" })

const approvalInvalid: Plant = {
  control: "policy/approval-invalid",
  plant: (world) => {
    const supervisor = world.recruit("supervisor")
    const { manager } = world.roster
    // By a supervisor whose own limit is 500, by the agent, after the act; and one that is valid.
    for (const variant of ["low", "self", "late", "valid"]) {
      const call = decided(world, 3, { outcome: "granted", ...dollars(variant === "low" ? 700 : 300) })
      const [decision] = call.decisions
      if (decision === undefined) continue
      const time = call.answeredAt + 80 * second
      const by = variant === "low" ? supervisor.id : variant === "self" ? call.agent.id : manager.id
      decision.approvals = [{ by, at: iso(variant === "late" ? time + hour : time) }]
      put(world, call)
      if (variant !== "valid") world.label({ control: "policy/approval-invalid", contactId: call.contact.id })
    }
  }
}

const authorityExceeded: Plant = {
  control: "policy/authority-exceeded",
  plant: (world) => {
    // At the limit and below it alike, so that near misses of many rounds do not cluster under the limit.
    for (const amount of [300, 100, 90]) {
      const call = decided(world, 4, { outcome: "granted", ...dollars(amount) })
      put(world, call)
      if (amount > 100) world.label({ control: "policy/authority-exceeded", contactId: call.contact.id })
    }
    if (world.large) put(world, decided(world, 4, { outcome: "granted", amount: 50, currency: "EUR" }))
  }
}

const outcomeContradictsRule: Plant = {
  control: "policy/outcome-contradicts-rule",
  plant: (world) => {
    // Against the customer, for the customer, and a defect on the last day that the rule covers.
    for (const [reason, days, outcome, wrong] of [["defective", 12, "denied", true], ["changed-mind", 130, "granted", true], ["defective", 30, "granted", false]] as const) {
      const call = decided(world, 5, { outcome, facts: lonelyFacts(world, reason, days) })
      put(world, call)
      if (wrong) world.label({ control: "policy/outcome-contradicts-rule", contactId: call.contact.id })
    }
    // The rule needs the days since the purchase, which nobody wrote down.
    if (world.large) put(world, decided(world, 5, { outcome: "granted", facts: { reason: "defective", amountBand: "low", tenureBand: world.id("tenure") } }))
  }
}

const splitUnderLimit: Plant = {
  control: "policy/split-under-limit",
  plant: (world) => {
    for (const amount of [60, 30]) {
      const agent = world.recruit("agent")
      const customer = world.customer("US-TX")
      for (let part = 0; part < 3; part++) {
        put(world, decided(world, 6 + Math.min(part, 1), { outcome: "granted", facts: lonelyFacts(world, "late-delivery", 20), ...dollars(amount) }, { agent, customer }))
      }
      if (amount > 50) world.label({ control: "policy/split-under-limit", party: customer.subject, staff: agent.id })
    }
  }
}

const requiredStepMissing: Plant = {
  control: "policy/required-step-missing",
  plant: (world) => {
    const call = decided(world, 6, { outcome: "granted", ...dollars(20) })
    call.events.length = 0
    put(world, call)
    world.label({ control: "policy/required-step-missing", contactId: call.contact.id })
    // Near miss: verified in the leg before the transfer.
    const first = quietCall(world, "US-TX", 6)
    verifyIdentity(world, first)
    const next = decided(world, 6, { outcome: "granted", ...dollars(20) }, { customer: first.subject, at: first.endedAt + 5 * second })
    next.events.length = 0
    next.contact.previousContactId = first.contact.id
    put(world, first)
    put(world, next)
  }
}

const stepOutOfOrder: Plant = {
  control: "policy/step-out-of-order",
  plant: (world) => {
    const call = decided(world, 7, { outcome: "granted", ...dollars(20) })
    for (const event of call.events) event.at = iso(call.answeredAt + 150 * second)
    put(world, call)
    world.label({ control: "policy/step-out-of-order", contactId: call.contact.id })
  }
}

const disclosedBeforeVerified: Plant = {
  control: "policy/disclosed-before-verified",
  plant: (world) => {
    for (const verified of [false, true]) {
      const call = quietCall(world, "US-TX", 7)
      if (verified) verifyIdentity(world, call)
      call.events.push(eventOf(world, call, "account-disclosed", call.answeredAt + 60 * second, { partyId: call.customer.id }))
      put(world, call)
      if (!verified) world.label({ control: "policy/disclosed-before-verified", contactId: call.contact.id })
    }
  }
}

const supersededVersionApplied: Plant = {
  control: "policy/superseded-version-applied",
  plant: (world) => {
    const call = decided(world, 8, { outcome: "granted", policyVersion: "6", ...dollars(20) })
    put(world, call)
    world.label({ control: "policy/superseded-version-applied", contactId: call.contact.id })
  }
}

const reasonNotGiven: Plant = {
  control: "policy/reason-not-given",
  plant: (world) => {
    const call = decided(world, 8, { outcome: "denied", facts: lonelyFacts(world, "changed-mind", 120) })
    call.events.pop()
    put(world, call)
    world.label({ control: "policy/reason-not-given", contactId: call.contact.id })
  }
}

const repeatExceptions: Plant = {
  control: "policy/repeat-exceptions",
  plant: (world) => {
    for (const count of [3, 2]) {
      const customer = world.customer("US-TX")
      for (let exception = 0; exception < count; exception++) {
        const call = decided(world, 2 + exception, { outcome: "granted", facts: lonelyFacts(world, "changed-mind", 120), ...dollars(15) }, { customer })
        for (const decision of call.decisions) decision.approvals = [{ by: world.roster.manager.id, at: iso(call.answeredAt + 80 * second) }]
        put(world, call)
      }
      if (count > 2) world.label({ control: "policy/repeat-exceptions", party: customer.subject })
    }
  }
}

export const decidedPlants: ReadonlyArray<Plant> = [
  approvalInvalid, authorityExceeded, outcomeContradictsRule, splitUnderLimit, requiredStepMissing, stepOutOfOrder, disclosedBeforeVerified,
  supersededVersionApplied, reasonNotGiven, repeatExceptions
]
