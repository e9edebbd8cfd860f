import type { RecordingRecord } from "../records/types.ts"
import { accessTo, afterwards, compliantCall, eventOf, put } from "./call.ts"
import type { Call, Channel } from "./call.ts"
import { day, minute, second } from "./calendar.ts"
import { decideRefund } from "./decisions.ts"
import { sites } from "./places.ts"
import type { Site } from "./places.ts"
import { transcriptOf } from "./speech.ts"
import { iso } from "./world.ts"
import type { Customer, World } from "./world.ts"

const channels: ReadonlyArray<readonly [Channel, number]> = [["voice", 60], ["chat", 85], ["video", 90], ["messaging", 93], ["sms", 96], ["email", 100]]
const queues = ["billing", "support", "sales", "trading"]
/** Sites whose customers all speak one of the notices' languages and whose law takes a notice carried from an earlier leg. */
const carries: ReadonlySet<string> = new Set(["US-CA", "US-TX", "US-NY", "US-FL"])

/** What the ordinary traffic remembers: bounded by the number of staff. */
type Memory = { customer: Customer | undefined; left: number; readonly refunds: Map<string, number> }

/** Ordinary, fully compliant traffic: each call writes one contact, or two where one is transferred and there is `room` for both. */
export const ordinaryTraffic = (world: World): ((room: number) => void) => {
  const memory: Memory = { customer: undefined, left: 0, refunds: new Map() }
  return (room) => {
    const call = ordinaryCall(world, memory)
    enrich(world, call)
    if (call.contact.channel !== "sms" && call.contact.channel !== "email" && world.random.chance(0.35)) {
      const turn = memory.refunds.get(call.agent.id) ?? 0
      memory.refunds.set(call.agent.id, turn + 1)
      decideRefund(world, call, turn)
    }
    listen(world, call)
    paperwork(world, call)
    const nextLeg = room > 1 && world.random.chance(0.07) ? transfer(world, call) : undefined
    version(world, call)
    put(world, call)
    redeliver(world, call)
    if (nextLeg !== undefined) put(world, nextLeg)
  }
}

const siteByWeight = (world: World): Site => {
  let draw = world.random.below(100)
  for (const site of sites) {
    if (draw < site.weight) return site
    draw -= site.weight
  }
  return world.random.pick(sites)
}

const ordinaryCall = (world: World, memory: Memory): Call => {
  if (memory.customer === undefined || memory.left === 0) {
    memory.customer = world.customer(world.random.pick(siteByWeight(world).customers))
    memory.left = 1 + world.random.below(3)
  }
  memory.left -= 1
  const customer = memory.customer
  const draw = world.random.below(100)
  const channel = channels.find(([, until]) => draw < until)?.[0] ?? "voice"
  const site = world.random.pick(sites.filter((one) => one.customers.includes(customer.place)))
  const agent = world.agent(site.site)
  const early = world.random.below(Math.floor(world.calendar.shifts.length / 2))
  const survey = world.random.chance(0.03) && channel === "voice"
  const queue = survey ? "surveys" : site.site === "austin" && world.random.chance(0.1) ? "collections" : world.random.pick(queues)
  const name = channel === "chat" || channel === "email" ? customer.mail : world.random.chance(0.15) ? customer.telephone : undefined
  const call = compliantCall(world, {
    at: world.at(survey ? early : world.random.below(world.calendar.shifts.length)), channel, customer, agent, queue,
    ...(name === undefined ? {} : { name }), ...(world.random.chance(0.2) ? { agentName: `login:${agent.login}` } : {}),
    ...(survey ? { purposes: ["quality-assurance"] } : {})
  })
  if (survey) call.recording.deletedAt = iso(call.endedAt + 2 * day)
  return call
}

/** Pauses for payments, screens, holds, bots, late joiners, transcripts, promises: the variety of real traffic, all compliant. */
const enrich = (world: World, call: Call): void => {
  const { random } = world
  const spoken = call.recording.medium !== "text"
  if (spoken && random.chance(0.05)) pay(world, call)
  if (spoken && random.chance(0.08)) call.recordings.push(screenOf(world, call))
  if (spoken && random.chance(0.04)) call.customer.presence = [
    { from: iso(call.startedAt), until: iso(call.answeredAt + 60 * second) },
    { from: iso(call.answeredAt + 100 * second), until: iso(call.endedAt) }
  ]
  if (call.contact.channel === "chat" && random.chance(0.15)) {
    call.contact.parties.push({ id: "bot-concierge", role: "bot", joinedAt: iso(call.startedAt), leftAt: iso(call.answeredAt) })
    call.events.push(eventOf(world, call, "bot-disclosed", call.startedAt))
  }
  if (call.contact.channel === "chat" && random.chance(0.3)) {
    call.events.push(eventOf(world, call, "customer-message", call.startedAt + 2 * second, { partyId: call.customer.id }))
    call.events.push(eventOf(world, call, "agent-message", call.answeredAt, { partyId: call.handler.id }))
  }
  if (call.customer.jurisdiction === "US-TX" && random.chance(0.1)) joinLate(world, call)
  if (call.subject.language === "en" && random.chance(0.08)) call.transcripts.push(transcriptOf(call))
  if (random.chance(0.02)) {
    call.events.push(eventOf(world, call, "escalation-requested", call.endedAt - 30 * second, { partyId: call.customer.id }))
    call.events.push(eventOf(world, call, "escalated", call.endedAt + 20 * minute))
  }
  if (random.chance(0.02)) {
    call.events.push(eventOf(world, call, "follow-up-promised", call.endedAt - 20 * second, { dueAt: iso(call.endedAt + 2 * 60 * minute) }))
    call.events.push(eventOf(world, call, "follow-up-done", call.endedAt + 60 * minute))
  }
}

/** A card payment with the recording paused around it. */
const pay = (world: World, call: Call): void => {
  const from = call.answeredAt + 120 * second
  call.recording.pauses = [{ startedAt: iso(from - 5 * second), endedAt: iso(from + 35 * second) }]
  call.events.push(eventOf(world, call, "payment", from, { until: iso(from + 30 * second) }))
}

/** A recording of the agent's screen beside the call, paused with it. */
const screenOf = (world: World, call: Call): RecordingRecord => {
  const audio = call.recording
  const id = world.id("rec")
  return { ...audio, id, medium: "screen", uri: `${audio.uri ?? ""}-screen-${id}`, versionId: `v${id.slice(4)}`, sha256: world.random.hex64(), purposes: ["quality-assurance"] }
}

/** Somebody joins the customer later and hears the notice at once. */
const joinLate = (world: World, call: Call): void => {
  const joined = call.answeredAt + 90 * second
  const id = world.id("guest")
  call.contact.parties.push({ id, role: "thirdParty", jurisdiction: "US-TX", jurisdictionSource: "declared", joinedAt: iso(joined), leftAt: iso(call.endedAt), language: "en" })
  call.notices.push(eventOf(world, call, "notice-played", joined + second, { until: iso(joined + 8 * second), noticeId: "rec-en", noticeVersion: "3", language: "en" }))
}

/** Who opens the recording afterwards, each with an explanation that holds. */
const listen = (world: World, call: Call): void => {
  const { random, roster } = world
  const time = afterwards(world, call)
  const draw = random.below(100)
  if (draw < 50) {
    call.accesses.push(accessTo(world, call, { by: random.chance(0.3) ? `login:${call.agent.login}` : call.agent.id, action: "play", time }))
  } else if (draw < 72) {
    call.accesses.push(accessTo(world, call, { by: call.agent.supervisor ?? call.agent.id, action: "play", time }))
  } else if (draw < 82) {
    const reviewer = random.pick(roster.quality)
    world.write({
      kind: "assignment", id: world.id("assignment"), staff: reviewer.id, reason: "quality-review", recordingIds: [call.recording.id],
      from: iso(call.endedAt), until: iso(call.endedAt + 7 * day), createdAt: iso(call.endedAt + minute), assignedBy: call.agent.supervisor ?? roster.manager.id
    })
    call.accesses.push(accessTo(world, call, { by: reviewer.id, action: "play", time, purpose: "quality-assurance" }))
  } else if (draw < 92 && call.contact.channel !== "sms" && call.contact.channel !== "email") {
    call.accesses.push(accessTo(world, call, { by: "svc:transcriber", action: "view", time, purpose: "analytics" }))
  } else if (draw < 95) takeOut(world, call, time)
}

/** Legal downloads under a grant; the storage log shows the same read a second later. */
const takeOut = (world: World, call: Call, time: number): void => {
  const counsel = world.random.pick(world.roster.legal)
  world.write({
    kind: "grant", id: world.id("grant"), principal: counsel.id, actions: ["download"], recordingIds: [call.recording.id],
    from: iso(call.endedAt), until: iso(call.endedAt + 3 * day), createdAt: iso(call.endedAt + minute), approvedBy: world.roster.manager.id
  })
  const access = accessTo(world, call, { by: counsel.id, action: "download", time })
  call.accesses.push(access)
  const { recordingId: _, contactId: __, ...read } = accessTo(world, call, { by: counsel.id, action: "download", time: time + second, source: "storage" })
  world.write({ ...read, uri: call.recording.uri ?? "" }, "storage-log")
}

/** Holds and requests, decided in time; a survey is deleted after two days, so nothing holds it. */
const paperwork = (world: World, call: Call): void => {
  const { random } = world
  if (call.contact.queue !== "surveys" && random.chance(0.01)) world.write({ kind: "hold", id: world.id("hold"), from: iso(call.startedAt), createdAt: iso(call.endedAt + 10 * minute), contactIds: [call.contact.id] })
  if (random.chance(0.01) && call.endedAt + 10 * day < world.calendar.asOf) {
    world.write({
      kind: "request", id: world.id("request"), subject: call.subject.subject, type: "access", receivedAt: iso(call.endedAt + day),
      completedAt: iso(call.endedAt + 9 * day), outcome: "granted"
    })
  }
}

/** Some contacts were delivered before, while they were still going on: the later version counts. */
const version = (world: World, call: Call): void => {
  if (!world.random.chance(0.01)) return
  const { endedAt: _, ...open } = call.contact
  world.line("contacts", JSON.stringify({ ...open, recordedAt: iso(call.answeredAt + second) }))
  call.contact.recordedAt = iso(call.endedAt + second)
}

/** Some lines of the access log are delivered twice: equal content is a duplicate and counts once. */
const redeliver = (world: World, call: Call): void => {
  const [access] = call.accesses
  if (access !== undefined && world.random.chance(0.01)) world.line("access-log", JSON.stringify(access))
}

/** The second leg of a transferred contact, handled by another agent of the site. */
const transfer = (world: World, first: Call): Call | undefined => {
  if (first.recording.medium === "text" || first.contact.queue === "surveys") return undefined
  const call = compliantCall(world, {
    at: first.endedAt + 5 * second, channel: first.contact.channel, customer: first.subject, name: first.customer.id,
    agent: world.agent(first.agent.site), queue: "support", seconds: 200 + world.random.below(300)
  })
  call.contact.previousContactId = first.contact.id
  call.customer.segment = first.customer.segment ?? "basic"
  first.events.push(eventOf(world, first, "transferred", first.endedAt))
  if (carries.has(first.subject.place) && world.random.chance(0.3)) call.notices = []
  return call
}
