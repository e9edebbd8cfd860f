/** What was kept too long, deleted too soon, or deleted in word only. */
import { exposed, opened, put, quietCall, storedObject } from "../../call.ts"
import type { Call } from "../../call.ts"
import { day, hour } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

/** A survey call: its recording must be gone after seven days. */
const survey = (world: World, shift: number): Call => quietCall(world, "US-TX", shift, { queue: "surveys" })

const hold = (world: World, call: Call, createdAt: number): void =>
  world.write({ kind: "hold", id: world.id("hold"), from: iso(call.startedAt), createdAt: iso(createdAt), recordingIds: [call.recording.id] })

const conflict: Plant = {
  control: "retention/conflict",
  plant: (world) => {
    // Debt collection keeps three years in the US; the recording's own date says thirty days. Toronto has no such duty.
    for (const place of ["US-CA", "CA-ON"]) {
      const call = quietCall(world, place, 3, { queue: "collections" })
      call.recording.deleteBy = iso(call.endedAt + (place === "US-CA" ? 30 : 3000) * day)
      put(world, call)
      if (place === "US-CA") world.label({ control: "retention/conflict", ...opened(call) })
    }
  }
}

const overdue: Plant = {
  control: "retention/overdue",
  plant: (world) => {
    for (const held of [false, true]) {
      const call = survey(world, 1)
      if (held) hold(world, call, call.endedAt + day)
      put(world, call)
      if (!held) world.label({ control: "retention/overdue", ...opened(call) })
    }
  }
}

const deletedEarly: Plant = {
  control: "retention/deleted-early",
  plant: (world) => {
    for (const queue of ["collections", "support"]) {
      const call = quietCall(world, "US-CA", 2, { queue })
      call.recording.deletedAt = iso(call.endedAt + 2 * day)
      put(world, call)
      if (queue === "collections") world.label({ control: "retention/deleted-early", ...opened(call) })
    }
  }
}

const deletedUnderHold: Plant = {
  control: "retention/deleted-under-hold",
  plant: (world) => {
    const call = survey(world, 2)
    hold(world, call, call.endedAt + day)
    call.recording.deletedAt = iso(call.endedAt + 2 * day)
    put(world, call)
    world.label({ control: "retention/deleted-under-hold", ...opened(call) })
    // Near miss: the hold ended before the deletion.
    const released = survey(world, 2)
    world.write({
      kind: "hold", id: world.id("hold"), from: iso(released.startedAt), until: iso(released.endedAt + day), createdAt: iso(released.endedAt + hour),
      recordingIds: [released.recording.id]
    })
    released.recording.deletedAt = iso(released.endedAt + 2 * day)
    put(world, released)
  }
}

const holdBackdated: Plant = {
  control: "retention/hold-backdated",
  plant: (world) => {
    const call = survey(world, 3)
    call.recording.deletedAt = iso(call.endedAt + 2 * day)
    hold(world, call, call.endedAt + 4 * day)
    put(world, call)
    world.label({ control: "retention/hold-backdated", ...opened(call) })
  }
}

/** A call from before the estate's days: terms of a month have run out since. */
const old = (world: World, place: string): Call => quietCall(world, place, 0, { at: Math.floor(world.calendar.asOf / day - 80) * day + 15 * hour })

const erasureNotDone: Plant = {
  control: "retention/erasure-not-done",
  plant: (world) => {
    for (const held of [false, true]) {
      const call = old(world, "US-CA")
      world.write({
        kind: "request", id: world.id("request"), subject: call.subject.subject, type: "erasure", outcome: "granted",
        receivedAt: iso(call.endedAt + 5 * day), completedAt: iso(call.endedAt + 10 * day)
      })
      if (held) hold(world, call, call.endedAt + day)
      put(world, call)
      if (!held) world.label({ control: "retention/erasure-not-done", ...exposed(call) })
    }
  }
}

const deletionNotEffective: Plant = {
  control: "retention/deletion-not-effective",
  plant: (world) => {
    for (const seen of [3, 1]) {
      const call = survey(world, 4)
      call.recording.deletedAt = iso(call.endedAt + 2 * day)
      put(world, call)
      // Near miss: storage showed it the day before the deletion, and never since.
      world.write(storedObject(call.recording, call.endedAt + seen * day))
      if (seen > 2) world.label({ control: "retention/deletion-not-effective", ...opened(call) })
    }
  }
}

const keptAfterWithdrawal: Plant = {
  control: "retention/kept-after-withdrawal",
  plant: (world) => {
    for (const basis of ["consent", "contract"] as const) {
      const call = old(world, "DE")
      call.recording.lawfulBasis = basis
      call.consents.push({
        kind: "consent", id: world.id("consent"), subject: call.subject.subject, status: "withdrawn", at: iso(call.endedAt + 20 * day), purposes: ["*"],
        form: "electronic", capturedBy: "svc:portal"
      })
      put(world, call)
      if (basis === "consent") world.label({ control: "retention/kept-after-withdrawal", ...exposed(call) })
    }
  }
}

export const keptPlants: ReadonlyArray<Plant> = [
  conflict, overdue, deletedEarly, deletedUnderHold, holdBackdated, erasureNotDone, deletionNotEffective, keptAfterWithdrawal
]
