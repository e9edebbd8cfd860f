/** How accounts are used: the leads of the access family, each explained and permitted, and conspicuous all the same. */
import type { RecordingRecord } from "../../../records/types.ts"
import { accessTo, afterwards, opened, put, quietCall } from "../../call.ts"
import type { Call } from "../../call.ts"
import { day, hour, minute, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

const householdRecord: Plant = {
  control: "access/household-record",
  plant: (world) => {
    // A number of the fictitious range that no ordinary customer has.
    const telephone = "tel:+16285550101"
    const relative = world.customer("US-CA")
    const own = world.customer("US-CA")
    for (const { subject } of [relative, own]) world.write({ kind: "identity", subject, recordedAt: iso(world.calendar.start - day), aliases: [`crm:${subject}`, telephone] })
    const supervisor = world.recruit("supervisor", (row) => ({ ...row, subjectIds: [own.subject] }))
    const agent = world.recruit("agent", undefined, { team: supervisor.team, supervisor: supervisor.id })
    const call = quietCall(world, "US-CA", 5, { agent, customer: relative })
    call.accesses.push(accessTo(world, call, { by: supervisor.id, action: "play", time: afterwards(world, call) }))
    put(world, call)
    world.label({ control: "access/household-record", ...opened(call, supervisor.id), party: relative.subject })
  }
}

const dormantAccount: Plant = {
  control: "access/dormant-account",
  plant: (world) => {
    const first = world.calendar.shifts[0] ?? world.calendar.start
    // Whole weeks before a working day are a working day; twelve are fewer than ninety days, fourteen are more.
    for (const weeks of [14, 12]) {
      const agent = world.recruit("agent", (row) => ({ ...row, training: [{ course: "privacy", completedAt: iso(world.calendar.start - 399 * day) }] }))
      for (const at of [first - weeks * 7 * day + 2 * hour, first + 2 * hour]) {
        const call = quietCall(world, "US-CA", 0, { agent, at })
        call.accesses.push(accessTo(world, call, { by: agent.id, action: "play", time: afterwards(world, call) }))
        put(world, call)
      }
      if (weeks === 14) world.label({ control: "access/dormant-account", staff: agent.id })
    }
  }
}

const impossibleTravel: Plant = {
  control: "access/impossible-travel",
  plant: (world) => {
    for (const countries of [["US", "DE"], ["US", "US"]]) {
      const agent = world.recruit("agent")
      const call = quietCall(world, "US-CA", 6, { agent })
      const start = afterwards(world, call)
      for (const [index, country] of countries.entries()) call.accesses.push(accessTo(world, call, { by: agent.id, action: "play", time: start + index * 40 * minute, country }))
      put(world, call)
      if (countries[1] === "DE") world.label({ control: "access/impossible-travel", staff: agent.id })
    }
  }
}

const sharedAccount: Plant = {
  control: "access/shared-account",
  plant: (world) => {
    const desks = [{ ip: "10.1.1.1", userAgent: "player/5.2" }, { ip: "10.2.2.2", userAgent: "browser/120" }]
    // Near miss: the same two desks, one after the other.
    for (const seats of [[0, 1, 0, 1], [0, 0, 1, 1]]) {
      const agent = world.recruit("agent")
      const call = quietCall(world, "US-CA", 6, { agent })
      const start = afterwards(world, call)
      for (const [index, seat] of seats.entries()) call.accesses.push(accessTo(world, call, { by: agent.id, action: "view", time: start + index * 2 * minute, ...desks[seat] }))
      put(world, call)
      if (seats[1] === 1) world.label({ control: "access/shared-account", staff: agent.id })
    }
  }
}

/** Splits a call's recording into four consecutive parts, as recorders with a maximum length do. */
const inParts = (world: World, call: Call): ReadonlyArray<RecordingRecord> => {
  const seconds = (call.endedAt - call.answeredAt) / second / 4
  call.recordings = [0, 1, 2, 3].map((part) => {
    const id = world.id("rec")
    return {
      ...call.recording, id, uri: `${call.recording.uri ?? ""}-part-${id}`, versionId: `v${id.slice(4)}`, sha256: world.random.hex64(),
      startedAt: iso(call.answeredAt + part * seconds * second), endedAt: iso(call.answeredAt + (part + 1) * seconds * second)
    }
  })
  return call.recordings
}

/** Calls in parts of which counsel may play each recording, by a grant that lists them. */
const granted = (world: World, counsel: string, calls: number): ReadonlyArray<{ readonly call: Call; readonly recording: RecordingRecord }> => {
  const parts = Array.from({ length: calls }, () => quietCall(world, "US-CA", 2)).flatMap((call) => {
    const recordings = inParts(world, call)
    put(world, call)
    return recordings.map((recording) => ({ call, recording }))
  })
  const from = iso(world.calendar.shifts[3] ?? world.calendar.start)
  world.write({
    kind: "grant", id: world.id("grant"), principal: counsel, actions: ["play"], recordingIds: parts.map(({ recording }) => recording.id), from, createdAt: from,
    until: iso(world.calendar.asOf), approvedBy: world.roster.manager.id
  })
  return parts
}

const enumeration: Plant = {
  control: "access/enumeration",
  once: true,
  large: true,
  plant: (world) => {
    // Every two seconds the next id is a program; every minute it is a person at work.
    for (const pace of [2 * second, minute]) {
      const counsel = world.recruit("legal")
      const start = world.at(4)
      for (const [index, { call, recording }] of granted(world, counsel.id, 8).entries()) {
        world.write(accessTo(world, call, { by: counsel.id, action: "play", time: start + index * pace, recordingId: recording.id }))
      }
      if (pace < minute) world.label({ control: "access/enumeration", staff: counsel.id })
    }
  }
}

const unusualVolume: Plant = {
  control: "access/unusual-volume",
  once: true,
  large: true,
  plant: (world) => {
    const counsel = world.recruit("legal")
    const parts = granted(world, counsel.id, 13)
    const open = (part: (typeof parts)[number], time: number): void =>
      world.write(accessTo(world, part.call, { by: counsel.id, action: "play", time, recordingId: part.recording.id }))
    // Two a day, then all of them on one.
    for (let shift = 4; shift < 14; shift++) for (const part of parts.slice(0, 2)) open(part, world.at(shift))
    const start = world.at(14)
    for (const [index, part] of parts.entries()) open(part, start + index * minute)
    world.label({ control: "access/unusual-volume", staff: counsel.id })
  }
}

const monitoredWithoutNotice: Plant = {
  control: "access/monitored-without-notice",
  plant: (world) => {
    for (const noticeId of ["rec-basic", "rec-en"]) {
      const call = quietCall(world, "US-CA", 3)
      for (const notice of call.notices) Object.assign(notice, { noticeId, noticeVersion: noticeId === "rec-en" ? "3" : "1" })
      const supervisor = call.agent.supervisor ?? ""
      call.accesses.push(accessTo(world, call, { by: supervisor, action: "monitor", time: call.answeredAt + 90 * second }))
      put(world, call)
      if (noticeId === "rec-basic") world.label({ control: "access/monitored-without-notice", ...opened(call, supervisor) })
    }
  }
}

export const behaviourPlants: ReadonlyArray<Plant> = [
  householdRecord, dormantAccount, impossibleTravel, sharedAccount, enumeration, unusualVolume, monitoredWithoutNotice
]
