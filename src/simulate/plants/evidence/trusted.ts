/** Gaps and contradictions in the evidence itself, short of those that make a whole run untrustworthy. */
import { accessTo, afterwards, opened, put, quietCall, storedObject } from "../../call.ts"
import { day, hour, minute, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { Plant } from "../plant.ts"

const logGap: Plant = {
  control: "evidence/log-gap",
  once: true,
  plant: (world) => {
    // The desktop log numbers its lines; three numbers are missing.
    const call = quietCall(world, "US-CA", 3)
    put(world, call)
    const start = world.at(4)
    for (let line = 0; line < 20; line++) {
      if (line >= 8 && line <= 10) continue
      const access = accessTo(world, call, { by: call.agent.id, action: "view", time: start + line * minute, source: "desktop", sequence: 1000 + line })
      world.write(access, "desktop-log")
    }
    world.label({ control: "evidence/log-gap" })
  }
}

const recordingAltered: Plant = {
  control: "evidence/recording-altered",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 3)
    call.stored = false
    put(world, call)
    world.write({ ...storedObject(call.recording, call.endedAt + minute), sha256: world.random.hex64() })
    world.label({ control: "evidence/recording-altered", ...opened(call) })
    // Near miss: the same digest in capitals.
    const same = quietCall(world, "US-CA", 3)
    same.stored = false
    put(world, same)
    world.write({ ...storedObject(same.recording, same.endedAt + minute), sha256: (same.recording.sha256 ?? "").toUpperCase() })
  }
}

const recordingUnprotected: Plant = {
  control: "evidence/recording-unprotected",
  plant: (world) => {
    for (const flaw of [{ encrypted: false }, { publiclyReadable: true }]) {
      const call = quietCall(world, "US-CA", 4)
      call.stored = false
      put(world, call)
      world.write({ ...storedObject(call.recording, call.endedAt + minute), ...flaw })
      world.label({ control: "evidence/recording-unprotected", ...opened(call) })
    }
  }
}

const sideDoorRead: Plant = {
  control: "evidence/side-door-read",
  plant: (world) => {
    const counsel = world.recruit("legal")
    for (const announced of [false, true]) {
      const call = quietCall(world, "US-CA", 4)
      const time = afterwards(world, call)
      world.write({
        kind: "grant", id: world.id("grant"), principal: counsel.id, actions: ["download"], recordingIds: [call.recording.id], approvedBy: world.roster.manager.id,
        from: iso(call.endedAt), until: iso(call.endedAt + day), createdAt: iso(call.endedAt)
      })
      if (announced) call.accesses.push(accessTo(world, call, { by: counsel.id, action: "download", time: time - 4 * minute }))
      put(world, call)
      const { recordingId: _, contactId: __, ...read } = accessTo(world, call, { by: counsel.id, action: "download", time, source: "storage" })
      world.write({ ...read, uri: call.recording.uri ?? "" }, "storage-log")
      if (!announced) world.label({ control: "evidence/side-door-read", ...opened(call, counsel.id) })
    }
  }
}

const orphanRecording: Plant = {
  control: "evidence/orphan-recording",
  plant: (world) => {
    const { recording } = quietCall(world, "US-CA", 5)
    world.write(recording)
    world.write(storedObject(recording, world.at(7)))
    world.label({ control: "evidence/orphan-recording", contactId: recording.contactId, recordingId: recording.id })
  }
}

const orphanObject: Plant = {
  control: "evidence/orphan-object",
  plant: (world) => {
    const { recording } = quietCall(world, "US-CA", 5)
    world.write(storedObject(recording, world.at(7)))
    world.label({ control: "evidence/orphan-object" })
  }
}

const danglingReference: Plant = {
  control: "evidence/dangling-reference",
  plant: (world) => {
    const from = iso(world.at(3))
    const recordingId = world.id("rec")
    world.write({ kind: "hold", id: world.id("hold"), from, createdAt: from, recordingIds: [recordingId] })
    world.label({ control: "evidence/dangling-reference" })
  }
}

const conflictingRecords: Plant = {
  control: "evidence/conflicting-records",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 6)
    put(world, call)
    const event = { kind: "event", id: world.id("event"), contactId: call.contact.id, type: "disclosure-given", name: "fees" } as const
    for (const after of [60, 90]) world.write({ ...event, at: iso(call.answeredAt + after * second) })
    world.label({ control: "evidence/conflicting-records" })
    // Near miss: of two versions with different times the later one counts.
    const versioned = { ...event, id: world.id("event") }
    for (const after of [60, 90]) world.write({ ...versioned, at: iso(call.answeredAt + after * second), recordedAt: iso(call.endedAt + after * hour / 60) })
  }
}

const outOfOrder: Plant = {
  control: "evidence/out-of-order",
  plant: (world) => {
    const call = quietCall(world, "US-TX", 6)
    call.contact.parties.push({ id: world.id("guest"), role: "thirdParty", jurisdiction: "US-TX", jurisdictionSource: "declared", joinedAt: iso(call.endedAt + minute), language: "en" })
    put(world, call)
    world.label({ control: "evidence/out-of-order", contactId: call.contact.id })
  }
}

export const trustedPlants: ReadonlyArray<Plant> = [
  logGap, recordingAltered, recordingUnprotected, sideDoorRead, orphanRecording, orphanObject, danglingReference, conflictingRecords, outOfOrder
]
