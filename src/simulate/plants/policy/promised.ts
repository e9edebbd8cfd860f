/** Service levels, requests, and the versions of the policy itself. */
import { eventOf, put, quietCall } from "../../call.ts"
import { day, hour, minute, second } from "../../calendar.ts"
import { decisionOf } from "../../decisions.ts"
import { iso } from "../../world.ts"
import type { Plant } from "../plant.ts"

const responseTargetMissed: Plant = {
  control: "policy/response-target-missed",
  plant: (world) => {
    // Chat is to be answered within three minutes.
    for (const waits of [240, 175]) {
      const call = quietCall(world, "US-TX", 1, { channel: "chat" })
      call.events.push(
        eventOf(world, call, "customer-message", call.startedAt + 2 * second, { partyId: call.customer.id }),
        eventOf(world, call, "agent-message", call.startedAt + (2 + waits) * second, { partyId: call.handler.id })
      )
      put(world, call)
      if (waits > 180) world.label({ control: "policy/response-target-missed", contactId: call.contact.id })
    }
  }
}

const escalationNotHonoured: Plant = {
  control: "policy/escalation-not-honoured",
  plant: (world) => {
    for (const late of [true, false]) {
      const call = quietCall(world, "US-TX", 2)
      const asked = call.endedAt - 30 * second
      call.events.push(eventOf(world, call, "escalation-requested", asked, { partyId: call.customer.id }))
      call.events.push(eventOf(world, call, "escalated", asked + (late ? 30 : 23) * hour))
      put(world, call)
      if (late) world.label({ control: "policy/escalation-not-honoured", contactId: call.contact.id })
    }
  }
}

const followUpNotKept: Plant = {
  control: "policy/follow-up-not-kept",
  plant: (world) => {
    for (const kept of [false, true]) {
      const call = quietCall(world, "US-TX", 3)
      call.events.push(eventOf(world, call, "follow-up-promised", call.endedAt - 20 * second, { dueAt: iso(call.endedAt + 2 * hour) }))
      if (kept) call.events.push(eventOf(world, call, "follow-up-done", call.endedAt + 2 * hour - minute))
      put(world, call)
      if (!kept) world.label({ control: "policy/follow-up-not-kept", contactId: call.contact.id })
    }
  }
}

const requestOverdue: Plant = {
  control: "policy/request-overdue",
  plant: (world) => {
    const received = world.calendar.asOf - 60 * day
    for (const more of [{}, { extendedUntil: iso(world.calendar.asOf + 3000 * day) }, { completedAt: iso(received + 20 * day), outcome: "granted" as const }]) {
      const customer = world.customer("IE")
      world.write({ kind: "request", id: world.id("request"), subject: customer.subject, type: "access", receivedAt: iso(received), ...more })
      if (Object.keys(more).length === 0) world.label({ control: "policy/request-overdue", party: customer.subject })
    }
  }
}

/** A further decision policy with its versions as YAML. */
const versions = (id: string, list: ReadonlyArray<{ version: string; from: number; until?: number; approvedAt: number }>, more = ""): string =>
  `  - id: ${id}
    facts: {kind: string}
    versions:
${list.map(({ version, from, until, approvedAt }) => `      - version: "${version}"
        from: ${iso(from)}
${until === undefined ? "" : `        until: ${iso(until)}\n`}        approvedBy: cco
        approvedAt: ${iso(approvedAt)}
        rules: [{when: 'facts.kind == "none"', expect: [declined]}]
        otherwise: [agreed, declined]
        favourable: [agreed]
${more}`).join("")}`

const noVersionInForce: Plant = {
  control: "policy/no-version-in-force",
  once: true,
  policy: (start) => versions("loyalty", [{ version: "1", from: start - 900 * day, until: start - day, approvedAt: start - 910 * day }]),
  plant: (world) => {
    const call = quietCall(world, "US-TX", 5)
    call.decisions.push(decisionOf(world, call, { time: call.answeredAt + minute, policy: "loyalty", policyVersion: "1", outcome: "agreed", facts: { kind: "bonus" } }))
    for (const decision of call.decisions) delete decision.policyVersion
    put(world, call)
    world.label({ control: "policy/no-version-in-force", contactId: call.contact.id })
  }
}

const versionsOverlap: Plant = {
  control: "policy/versions-overlap",
  once: true,
  policy: (start) => versions("goodwill", [
    { version: "1", from: start - 900 * day, until: start - 200 * day, approvedAt: start - 910 * day },
    { version: "2", from: start - 203 * day, approvedAt: start - 210 * day }
  ]),
  plant: (world) => world.label({ control: "policy/versions-overlap" })
}

const approvedAfterEffect: Plant = {
  control: "policy/approved-after-effect",
  once: true,
  policy: (start) => versions("price-match", [{ version: "1", from: start - 900 * day, approvedAt: start - 880 * day }]),
  plant: (world) => world.label({ control: "policy/approved-after-effect" })
}

const stepConstraintViolated: Plant = {
  control: "policy/step-constraint-violated",
  once: true,
  policy: (start) => versions("repairs", [{ version: "1", from: start - 900 * day, approvedAt: start - 910 * day }],
    "        steps: [{type: response, first: complaint-raised, then: reason-given, within: PT1H}]\n"),
  plant: (world) => {
    for (const answered of [90, 59, undefined]) {
      const call = quietCall(world, "US-TX", 6)
      const raised = call.answeredAt + 30 * second
      call.events.push(eventOf(world, call, "complaint-raised", raised, { partyId: call.customer.id }))
      call.decisions.push(decisionOf(world, call, { time: raised + minute, policy: "repairs", policyVersion: "1", outcome: "agreed", facts: { kind: "noise" } }))
      if (answered !== undefined) call.events.push(eventOf(world, call, "reason-given", raised + answered * minute, { partyId: call.customer.id }))
      put(world, call)
      if (answered !== 59) world.label({ control: "policy/step-constraint-violated", contactId: call.contact.id })
    }
  }
}

export const promisedPlants: ReadonlyArray<Plant> = [
  responseTargetMissed, escalationNotHonoured, followUpNotKept, requestOverdue, noVersionInForce, versionsOverlap, approvedAfterEffect,
  stepConstraintViolated
]
