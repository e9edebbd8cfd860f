/** Access controls 1 to 6 and the assignments and grants behind them: who opened a recording, and why that was all right. */
import { accessTo, afterwards, opened, put, quietCall } from "../../call.ts"
import type { Call } from "../../call.ts"
import { day, hour, minute, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

/** Somebody of another site and team, with nothing to do with the call. */
const stranger = (world: World): string => world.agent("toronto", 3).id

const anonymous: Plant = {
  control: "access/anonymous",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 1)
    call.accesses.push(accessTo(world, call, { by: "anonymous", action: "view", time: afterwards(world, call), actor: { id: "anonymous", type: "anonymous" } }))
    put(world, call)
    world.label({ control: "access/anonymous", ...opened(call) })
  }
}

const unknownActor: Plant = {
  control: "access/unknown-actor",
  plant: (world) => {
    for (const by of [world.id("contractor"), "svc:unlisted"]) {
      const call = quietCall(world, "US-CA", 1)
      call.accesses.push(accessTo(world, call, { by, action: "play", time: afterwards(world, call) }))
      put(world, call)
      world.label({ control: "access/unknown-actor", ...opened(call) })
    }
  }
}

const unauthorisedMonitoring: Plant = {
  control: "access/unauthorised-monitoring",
  plant: (world) => {
    const live = (call: Call, by: string, action: "monitor" | "whisper" | "barge"): void => {
      call.accesses.push(accessTo(world, call, { by, action, time: call.answeredAt + 90 * second }))
      put(world, call)
    }
    const outsider = world.recruit("supervisor")
    const foreign = quietCall(world, "US-CA", 2)
    live(foreign, outsider.id, "monitor")
    world.label({ control: "access/unauthorised-monitoring", ...opened(foreign, outsider.id) })
    const protectedQueue = quietCall(world, "US-CA", 2, { queue: "hr" })
    const own = protectedQueue.agent.supervisor ?? ""
    live(protectedQueue, own, "whisper")
    world.label({ control: "access/unauthorised-monitoring", ...opened(protectedQueue, own) })
    // Near misses: the agent's own supervisor, and coaching assigned by somebody else.
    const supervised = quietCall(world, "US-CA", 3)
    live(supervised, supervised.agent.supervisor ?? "", "barge")
    const coached = quietCall(world, "US-CA", 3)
    world.write({
      kind: "assignment", id: world.id("assignment"), staff: outsider.id, reason: "coaching", contactIds: [coached.contact.id],
      from: iso(coached.startedAt - hour), until: iso(coached.endedAt + hour), createdAt: iso(coached.startedAt - hour), assignedBy: world.roster.manager.id
    })
    live(coached, outsider.id, "monitor")
  }
}

const grantExpired: Plant = {
  control: "access/grant-expired",
  plant: (world) => {
    const reviewer = world.recruit("quality")
    for (const expired of [true, false]) {
      const call = quietCall(world, "US-CA", 3)
      const time = afterwards(world, call) + 10 * minute
      world.write({
        kind: "grant", id: world.id("grant"), principal: reviewer.id, actions: ["play"], recordingIds: [call.recording.id], approvedBy: world.roster.manager.id,
        from: iso(call.startedAt - day), until: iso(expired ? time - 10 * minute : time + 10 * minute), createdAt: iso(call.startedAt - day)
      })
      call.accesses.push(accessTo(world, call, { by: reviewer.id, action: "play", time }))
      put(world, call)
      if (expired) world.label({ control: "access/grant-expired", ...opened(call, reviewer.id) })
    }
  }
}

const explanationBackdated: Plant = {
  control: "access/explanation-backdated",
  plant: (world) => {
    const reviewer = world.recruit("quality")
    // Three minutes are within the clock tolerance of five.
    for (const later of [2 * hour, 3 * minute]) {
      const call = quietCall(world, "US-CA", 4)
      const time = afterwards(world, call)
      world.write({
        kind: "assignment", id: world.id("assignment"), staff: reviewer.id, reason: "quality-review", recordingIds: [call.recording.id],
        from: iso(call.endedAt), until: iso(time + day), createdAt: iso(time + later), assignedBy: world.roster.manager.id
      })
      call.accesses.push(accessTo(world, call, { by: reviewer.id, action: "play", time }))
      put(world, call)
      if (later > 5 * minute) world.label({ control: "access/explanation-backdated", ...opened(call, reviewer.id) })
    }
  }
}

const unexplained: Plant = {
  control: "access/unexplained",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 5)
    const by = stranger(world)
    const time = afterwards(world, call)
    // Two plays within half an hour are one session, one finding.
    call.accesses.push(accessTo(world, call, { by, action: "play", time }), accessTo(world, call, { by, action: "play", time: time + 4 * minute }))
    put(world, call)
    world.label({ control: "access/unexplained", ...opened(call, by) })
    const viewed = quietCall(world, "DE", 5)
    viewed.accesses.push(accessTo(world, viewed, { by, action: "view", time: afterwards(world, viewed) }))
    put(world, viewed)
    world.label({ control: "access/unexplained", ...opened(viewed, by) })
    recentContact(world)
    if (world.large) sharedLogin(world)
    // Near miss: a list alone opens nothing.
    const listed = quietCall(world, "US-CA", 5)
    listed.accesses.push(accessTo(world, listed, { by, action: "list", time: afterwards(world, listed) }))
    put(world, listed)
  }
}

/** A login of two people: nobody can say who of them it was. */
const sharedLogin = (world: World): void => {
  const alias = `login:shared-${world.id("desk")}`
  for (let person = 0; person < 2; person++) world.recruit("agent", (row) => ({ ...row, aliases: [alias] }))
  const call = quietCall(world, "US-CA", 5)
  call.accesses.push(accessTo(world, call, { by: alias, action: "play", time: afterwards(world, call) }))
  put(world, call)
}

/** Near miss: the person spoke with the same customer the same day, on another contact. */
const recentContact = (world: World): void => {
  const first = quietCall(world, "US-CA", 6, { agent: world.agent("austin", 0) })
  const second = quietCall(world, "US-CA", 6, { customer: first.subject, agent: world.agent("austin", 12), at: first.endedAt + 10 * minute })
  second.accesses.push(accessTo(world, second, { by: first.agent.id, action: "play", time: afterwards(world, second) }))
  put(world, first)
  put(world, second)
}

const selfAssigned: Plant = {
  control: "access/self-assigned",
  plant: (world) => {
    for (const by of ["self", "other"]) {
      // The handler's supervisor needs no assignment: the access is explained, the assignment is still the actor's own.
      const supervisor = world.recruit("supervisor")
      const agent = world.recruit("agent", undefined, { team: supervisor.team, supervisor: supervisor.id })
      const call = quietCall(world, "US-CA", 6, { agent })
      const time = afterwards(world, call)
      world.write({
        kind: "assignment", id: world.id("assignment"), staff: supervisor.id, reason: "quality-review", recordingIds: [call.recording.id],
        from: iso(call.endedAt), until: iso(time + day), createdAt: iso(call.endedAt + minute), assignedBy: by === "self" ? supervisor.id : world.roster.manager.id
      })
      call.accesses.push(accessTo(world, call, { by: supervisor.id, action: "play", time }))
      put(world, call)
      if (by === "self") world.label({ control: "access/self-assigned", ...opened(call, supervisor.id) })
    }
  }
}

const breakGlassUnreviewed: Plant = {
  control: "access/break-glass-unreviewed",
  plant: (world) => {
    const reviewer = world.recruit("quality")
    for (const reviewed of [false, true]) {
      const call = quietCall(world, "US-CA", 2)
      const time = afterwards(world, call)
      world.write({
        kind: "grant", id: world.id("grant"), principal: reviewer.id, actions: ["play"], recordingIds: [call.recording.id], breakGlass: true,
        from: iso(time - 5 * minute), until: iso(time + hour), createdAt: iso(time - 5 * minute), approvedBy: world.roster.manager.id,
        ...(reviewed ? { reviewedAt: iso(time + day), reviewedBy: world.roster.manager.id } : {})
      })
      call.accesses.push(accessTo(world, call, { by: reviewer.id, action: "play", time }))
      put(world, call)
      if (!reviewed) world.label({ control: "access/break-glass-unreviewed", ...opened(call, reviewer.id) })
    }
  }
}

const selfApprovedGrant: Plant = {
  control: "access/self-approved-grant",
  plant: (world) => {
    const counsel = world.recruit("legal")
    const from = iso(world.at(1))
    const grant = (principal: string, approvedBy?: string): void =>
      world.write({
        kind: "grant", id: world.id("grant"), principal, actions: ["play"], queues: ["archive"], from, until: iso(world.at(1) + 7 * day), createdAt: from,
        ...(approvedBy === undefined ? {} : { approvedBy })
      })
    grant(counsel.id, counsel.id)
    world.label({ control: "access/self-approved-grant", staff: counsel.id })
    grant("role:legal", counsel.id)
    world.label({ control: "access/self-approved-grant", staff: counsel.id })
    grant("role:legal", world.roster.manager.id)
    if (world.large) grant(counsel.id)
  }
}

export const explainedPlants: ReadonlyArray<Plant> = [
  anonymous, unknownActor, unauthorisedMonitoring, grantExpired, explanationBackdated, unexplained, selfAssigned, breakGlassUnreviewed, selfApprovedGrant
]
