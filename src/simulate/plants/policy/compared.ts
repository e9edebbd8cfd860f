/**
 * The statistical leads. Each has a decision policy of its own, so that its numbers stay apart; where
 * a deviating unit or group implies that like cases differ, that stratum's label is stated too.
 */
import { put, quietCall } from "../../call.ts"
import { day, minute, second, shiftLength } from "../../calendar.ts"
import { decisionOf } from "../../decisions.ts"
import type { Member } from "../../roster.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

const policy = (id: string, facts: string, more: string) => (start: number): string => `  - id: ${id}
    facts: ${facts}
    versions:
      - version: "1"
        from: ${iso(start - 900 * day)}
        approvedBy: cco
        approvedAt: ${iso(start - 910 * day)}
        rules: [{when: 'facts.kind == "none"', expect: [declined]}]
        otherwise: [agreed, declined]
        favourable: [agreed]
${more}`

type Case = {
  readonly facts: Readonly<Record<string, string>>
  readonly outcome: "agreed" | "declined"
  readonly amount?: number
  readonly reasonCode?: string
  /** Who approved it, a second before. */
  readonly approver?: Member
}

/** One call with many decisions, inside the quarter that the statistics count. */
const decideAll = (world: World, id: string, agent: Member, cases: ReadonlyArray<Case>, segment: string): void => {
  const { quarter } = world.calendar
  const shift = quarter[world.random.below(quarter.length)] ?? world.calendar.start
  const at = shift + Math.floor(world.random.below(shiftLength / 2) / second) * second
  const call = quietCall(world, "US-TX", 0, { at, agent, segment, seconds: 600 })
  for (const [index, one] of cases.entries()) {
    const paid = one.amount === undefined ? {} : { amount: one.amount, currency: "USD" }
    const time = call.answeredAt + minute + index * 10 * second
    const approved = one.approver === undefined ? {} : { approvals: [{ by: one.approver.id, at: iso(time - second) }] }
    const said = one.reasonCode === undefined ? {} : { reasonCode: one.reasonCode }
    call.decisions.push(decisionOf(world, call, { time, policy: id, policyVersion: "1", outcome: one.outcome, facts: { ...one.facts }, ...paid, ...said, ...approved }))
  }
  put(world, call)
}

const times = <A>(count: number, make: (index: number) => A): ReadonlyArray<A> => Array.from({ length: count }, (_, index) => make(index))

const likeCasesDiffer: Plant = {
  control: "policy/like-cases-differ",
  once: true,
  large: true,
  policy: policy("credits", "{kind: string}", "        likeCase: [facts.kind]\n        compare: [channel]\n"),
  plant: (world) => {
    const agents = times(2, () => world.recruit("agent"))
    for (const agent of agents) {
      decideAll(world, "credits", agent, times(6, (index) => ({ facts: { kind: "outage" }, outcome: index % 2 === 0 ? "agreed" : "declined" })), "basic")
      // Near miss: a stratum in which everybody got the same.
      decideAll(world, "credits", agent, times(6, () => ({ facts: { kind: "late-repair" }, outcome: "agreed" })), "basic")
    }
    world.label({ control: "policy/like-cases-differ" })
  }
}

const unitDeviates: Plant = {
  control: "policy/unit-deviates",
  once: true,
  large: true,
  policy: policy("fees", "{kind: string}", "        likeCase: [facts.kind]\n        compare: [staff, team, site]\n        signedOffBy: counsel\n"),
  plant: (world) => {
    const agents = times(8, (index) => world.recruit("agent", undefined, { team: index < 4 ? "fees-a" : "fees-b" }))
    for (const [index, agent] of agents.entries()) {
      for (let round = 0; round < 4; round++) {
        // Everybody waives late fees and charges overdrafts; the first waives both.
        decideAll(world, "fees", agent, times(8, (turn) => ({ facts: { kind: turn < 4 ? "late" : "overdraft" }, outcome: turn < 4 || index === 0 ? "agreed" : "declined" })), "basic")
      }
    }
    world.label({ control: "policy/unit-deviates", staff: agents[0]?.id ?? "" })
    world.label({ control: "policy/like-cases-differ" })
  }
}

const segments = ["premium", "basic", "plus", "student", "business"]
const premiumAgreed = [1, 1, 1, 2, 2]
const othersAgreed = [2, 2, 2, 3, 3]

const groupDisparity: Plant = {
  control: "policy/group-disparity",
  once: true,
  large: true,
  policy: policy("upgrades", "{kind: string}", "        likeCase: [facts.kind]\n        compare: [segment]\n"),
  plant: (world) => {
    const agents = times(5, () => world.recruit("agent", undefined, { team: "upgrades" }))
    for (const [group, segment] of segments.entries()) {
      for (let call = 0; call < 5; call++) {
        // Agents and calls are paired anew for each segment, so that every agent's totals are the same.
        const agent = agents[(call + group) % agents.length]
        const agreed = (segment === "premium" ? premiumAgreed : othersAgreed)[call] ?? 0
        if (agent === undefined) continue
        decideAll(world, "upgrades", agent, times(8, (index) => ({ facts: { kind: index < 4 ? "seat" : "room" }, outcome: index % 4 < agreed ? "agreed" : "declined" })), segment)
      }
    }
    world.label({ control: "policy/group-disparity" })
    world.label({ control: "policy/like-cases-differ" })
    world.label({ control: "policy/like-cases-differ" })
  }
}

const clusteredBelowLimit: Plant = {
  control: "policy/clustered-below-limit",
  once: true,
  large: true,
  policy: policy("vouchers", "{kind: string}", "        authority: {currency: USD, limits: {agent: 100, supervisor: 500}, mayOverride: [supervisor]}\n"),
  plant: (world) => {
    for (let call = 0; call < 10; call++) {
      const agent = world.recruit("agent", undefined, { team: "vouchers" })
      decideAll(world, "vouchers", agent, times(5, (index) => ({ facts: { kind: "delay" }, outcome: "agreed", amount: index < 4 ? 92 + index * 2 : 85 })), "basic")
    }
    world.label({ control: "policy/clustered-below-limit" })
  }
}

/** The first of four always takes the first of three; the others take turns, which are the near misses. */
const choiceOf = <A>(agent: number, index: number, choices: readonly [A, A, A]): A => choices[agent === 0 ? 0 : index % 3] ?? choices[0]

const approverRecurs: Plant = {
  control: "policy/approver-recurs",
  once: true,
  large: true,
  policy: policy("gestures", "{kind: string}", "        authority: {currency: USD, limits: {agent: 50, supervisor: 500}, mayOverride: [supervisor]}\n"),
  plant: (world) => {
    const team = { team: "gestures" }
    const supervisors = [world.recruit("supervisor", undefined, team), world.recruit("supervisor", undefined, team), world.recruit("supervisor", undefined, team)] as const
    for (let turn = 0; turn < 4; turn++) {
      const agent = world.recruit("agent", undefined, team)
      decideAll(world, "gestures", agent, times(12, (index) => ({ facts: { kind: "delay" }, outcome: "agreed", amount: 80, approver: choiceOf(turn, index, supervisors) })), "basic")
      if (turn === 0) world.label({ control: "policy/approver-recurs", staff: agent.id })
    }
  }
}

const exceptionReasonRepeated: Plant = {
  control: "policy/exception-reason-repeated",
  once: true,
  large: true,
  policy: policy("leniency", "{kind: string}", "        authority: {currency: USD, limits: {agent: 50, supervisor: 500}, mayOverride: [supervisor]}\n"),
  plant: (world) => {
    const team = { team: "leniency" }
    const approver = world.recruit("supervisor", undefined, team)
    for (let turn = 0; turn < 4; turn++) {
      const agent = world.recruit("agent", undefined, team)
      decideAll(world, "leniency", agent, times(12, (index) => ({ facts: { kind: "none" }, outcome: "agreed", amount: 20, reasonCode: choiceOf(turn, index, ["loyalty", "outage", "hardship"]), approver })), "basic")
      if (turn === 0) world.label({ control: "policy/exception-reason-repeated", staff: agent.id })
    }
  }
}

export const comparedPlants: ReadonlyArray<Plant> = [likeCasesDiffer, unitDeviates, groupDisparity, clusteredBelowLimit, approverRecurs, exceptionReasonRepeated]
