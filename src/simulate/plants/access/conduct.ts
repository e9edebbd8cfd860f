/** Accesses that are explained and wrong all the same: by whom, what, when, from where, how many. */
import { accessTo, afterwards, opened, put, quietCall } from "../../call.ts"
import type { Call } from "../../call.ts"
import { day, hour, minute, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

/** A start of shift, milliseconds. */
const shift = (world: World, index: number): number => world.calendar.shifts[index] ?? world.calendar.start

const byDepartedStaff: Plant = {
  control: "access/by-departed-staff",
  plant: (world) => {
    const left = iso(shift(world, 3))
    const agent = world.recruit("agent", (row) => ({ ...row, employedUntil: left }))
    const call = quietCall(world, "US-CA", 2, { agent })
    call.accesses.push(
      accessTo(world, call, { by: agent.id, action: "play", time: afterwards(world, call) }),
      accessTo(world, call, { by: agent.id, action: "play", time: world.at(5) })
    )
    put(world, call)
    world.label({ control: "access/by-departed-staff", ...opened(call, agent.id) })
  }
}

const actionNotPermitted: Plant = {
  control: "access/action-not-permitted",
  plant: (world) => {
    for (const permit of ["none", "grant", "approval"]) {
      const call = quietCall(world, "US-CA", 4)
      const scope = { recordingIds: [call.recording.id], from: iso(call.endedAt), until: iso(call.endedAt + day), createdAt: iso(call.endedAt + second) }
      if (permit === "grant") world.write({ kind: "grant", id: world.id("grant"), principal: call.agent.id, actions: ["download"], approvedBy: world.roster.manager.id, ...scope })
      if (permit === "approval") world.write({ kind: "assignment", id: world.id("assignment"), staff: call.agent.id, reason: "export-approval", assignedBy: world.roster.manager.id, ...scope })
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "download", time: afterwards(world, call) }))
      put(world, call)
      if (permit === "none") world.label({ control: "access/action-not-permitted", ...opened(call, call.agent.id) })
    }
  }
}

/** Opens `calls`, two minutes apart, on a shift. */
const opensAll = (world: World, calls: ReadonlyArray<Call>, by: string, start: number): void => {
  for (const [index, call] of calls.entries()) world.write(accessTo(world, call, { by, action: "play", time: start + index * 2 * minute }))
}

const bulk: Plant = {
  control: "access/bulk",
  plant: (world) => {
    const supervisor = world.recruit("supervisor")
    const deputy = world.recruit("supervisor", undefined, { team: supervisor.team })
    const counsel = world.recruit("legal")
    const agent = world.recruit("agent", undefined, { team: supervisor.team, supervisor: supervisor.id })
    const calls = Array.from({ length: 22 }, () => quietCall(world, "US-CA", 3, { agent, seconds: 200 }))
    for (const call of calls) put(world, call)
    opensAll(world, calls, supervisor.id, world.at(4))
    world.label({ control: "access/bulk", staff: supervisor.id })
    // Near misses: exactly as many as allowed, and a list that a grant names one by one.
    opensAll(world, calls.slice(0, 20), deputy.id, world.at(5))
    world.write({
      kind: "grant", id: world.id("grant"), principal: counsel.id, actions: ["play"], recordingIds: calls.map((call) => call.recording.id),
      from: iso(shift(world, 4)), until: iso(shift(world, 8)), createdAt: iso(shift(world, 4)), approvedBy: world.roster.manager.id
    })
    opensAll(world, calls, counsel.id, world.at(6))
  }
}

const repeatedDenials: Plant = {
  control: "access/repeated-denials",
  plant: (world) => {
    for (const attempts of [6, 5]) {
      const agent = world.recruit("agent")
      const call = quietCall(world, "US-CA", 4, { agent })
      const start = afterwards(world, call)
      for (let attempt = 0; attempt < attempts; attempt++) {
        call.accesses.push(accessTo(world, call, { by: agent.id, action: "download", time: start + attempt * 5 * minute, outcome: "denied" }))
      }
      put(world, call)
      if (attempts > 5) world.label({ control: "access/repeated-denials", staff: agent.id })
    }
  }
}

const ownRecord: Plant = {
  control: "access/own-record",
  plant: (world) => {
    const customer = world.customer("US-CA")
    const supervisor = world.recruit("supervisor", (row) => ({ ...row, subjectIds: [customer.subject] }))
    const agent = world.recruit("agent", undefined, { team: supervisor.team, supervisor: supervisor.id })
    for (const own of [true, false]) {
      const call = quietCall(world, "US-CA", 5, own ? { agent, customer } : { agent })
      call.accesses.push(accessTo(world, call, { by: supervisor.id, action: "play", time: afterwards(world, call) }))
      put(world, call)
      if (own) world.label({ control: "access/own-record", ...opened(call, supervisor.id), party: customer.subject })
    }
  }
}

const outsideHours: Plant = {
  control: "access/outside-hours",
  plant: (world) => {
    // 03:00 UTC is the evening before in Chicago; 12:30 UTC in summer, 13:20 in any season, is a working morning.
    for (const before of [10.5 * hour, 10 * minute]) {
      const call = quietCall(world, "US-CA", 6)
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "play", time: shift(world, 7) - before }))
      put(world, call)
      if (before > hour) world.label({ control: "access/outside-hours", ...opened(call, call.agent.id) })
    }
  }
}

const outsideNetwork: Plant = {
  control: "access/outside-network",
  plant: (world) => {
    for (const ip of ["203.0.113.9", "2001:db8:12::7"]) {
      const call = quietCall(world, "US-CA", 6)
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "play", time: afterwards(world, call), ip }))
      put(world, call)
      if (ip.startsWith("203")) world.label({ control: "access/outside-network", ...opened(call, call.agent.id) })
    }
  }
}

const afterErasure: Plant = {
  control: "access/after-erasure",
  plant: (world) => {
    for (const held of [false, true]) {
      const call = quietCall(world, "US-CA", 1)
      const completed = iso(call.endedAt + 2 * day)
      world.write({ kind: "request", id: world.id("request"), subject: call.subject.subject, type: "erasure", receivedAt: iso(call.endedAt + day), completedAt: completed, outcome: "granted" })
      if (held) world.write({ kind: "hold", id: world.id("hold"), from: iso(call.startedAt), createdAt: iso(call.endedAt + hour), recordingIds: [call.recording.id] })
      else call.recording.deletedAt = completed
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "view", time: world.at(7) }))
      put(world, call)
      if (!held) world.label({ control: "access/after-erasure", ...opened(call, call.agent.id) })
    }
  }
}

const restricted: Plant = {
  control: "access/restricted",
  plant: (world) => {
    for (const variant of ["restricted", "exempt", "lifted"]) {
      const call = quietCall(world, "US-CA", 2)
      world.write({
        kind: "request", id: world.id("request"), subject: call.subject.subject, type: "restriction", outcome: "granted",
        receivedAt: iso(call.endedAt + minute), completedAt: iso(call.endedAt + 2 * day), ...(variant === "lifted" ? { liftedAt: iso(shift(world, 6)) } : {})
      })
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "view", time: world.at(7), ...(variant === "exempt" ? { purpose: "legal" } : {}) }))
      put(world, call)
      if (variant === "restricted") world.label({ control: "access/restricted", ...opened(call, call.agent.id), party: call.customer.id })
    }
  }
}

const untrained: Plant = {
  control: "access/untrained",
  plant: (world) => {
    for (const trained of [false, true]) {
      // The second course was completed the morning before the access.
      const agent = world.recruit("agent", (row) => ({ ...row, training: trained ? [{ course: "privacy", completedAt: iso(shift(world, 4)) }] : [] }))
      const call = quietCall(world, "US-CA", 4, { agent })
      call.accesses.push(accessTo(world, call, { by: agent.id, action: "play", time: afterwards(world, call) }))
      put(world, call)
      if (!trained) world.label({ control: "access/untrained", ...opened(call, agent.id) })
    }
  }
}

export const conductPlants: ReadonlyArray<Plant> = [
  byDepartedStaff, actionNotPermitted, bulk, repeatedDenials, ownRecord, outsideHours, outsideNetwork, afterErasure, restricted, untrained
]
