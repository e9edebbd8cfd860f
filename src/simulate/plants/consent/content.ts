/** What is said and paid in a contact, bots, and queues that must be recorded. */
import { eventOf, exposed, opened, put, quietCall } from "../../call.ts"
import { second } from "../../calendar.ts"
import { transcriptOf } from "../../speech.ts"
import { iso } from "../../world.ts"
import type { Plant } from "../plant.ts"

const botNotDisclosed: Plant = {
  control: "consent/bot-not-disclosed",
  plant: (world) => {
    // California asks for it in this policy, Texas does not.
    for (const place of ["US-CA", "US-TX"]) {
      const call = quietCall(world, place, 1, { channel: "chat" })
      call.contact.parties.push({ id: "bot-concierge", role: "bot", joinedAt: iso(call.startedAt), leftAt: iso(call.answeredAt) })
      put(world, call)
      if (place === "US-CA") world.label({ control: "consent/bot-not-disclosed", contactId: call.contact.id })
    }
  }
}

const objectionInTranscript: Plant = {
  control: "consent/objection-in-transcript",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 2)
    call.transcripts.push(transcriptOf(call, [["customer", 40, "Please do not record this call."], ["agent", 50, "Let me look at your order first."]]))
    put(world, call)
    world.label({ control: "consent/objection-in-transcript", ...exposed(call) })
    // Near miss: the objection is on record within a minute and the recording stops.
    const heeded = quietCall(world, "US-CA", 2)
    heeded.transcripts.push(transcriptOf(heeded, [["customer", 40, "Please do not record this call."], ["agent", 46, "I have stopped it."]]))
    heeded.events.push(eventOf(world, heeded, "objection", heeded.answeredAt + 45 * second, { partyId: heeded.customer.id }))
    heeded.recording.endedAt = iso(heeded.answeredAt + 55 * second)
    put(world, heeded)
  }
}

const cardDataRecorded: Plant = {
  control: "consent/card-data-recorded",
  plant: (world) => {
    for (const text of ["My card number is 4111 1111 1111 1111.", "The security code on the back is 123."]) {
      const call = quietCall(world, "US-CA", 3)
      call.transcripts.push(transcriptOf(call, [["customer", 60, text]]))
      put(world, call)
      world.label({ control: "consent/card-data-recorded", ...exposed(call) })
    }
    // Near miss: read out while the recording was paused.
    const paused = quietCall(world, "US-CA", 3)
    paused.transcripts.push(transcriptOf(paused, [["customer", 60, "My card number is 4111 1111 1111 1111."]]))
    paused.recording.pauses = [{ startedAt: iso(paused.answeredAt + 50 * second), endedAt: iso(paused.answeredAt + 90 * second) }]
    put(world, paused)
  }
}

const paymentNotPaused: Plant = {
  control: "consent/payment-not-paused",
  plant: (world) => {
    // The second pause ends five seconds too soon.
    for (const pauses of [[], [95]]) {
      const call = quietCall(world, "US-CA", 4)
      call.events.push(eventOf(world, call, "payment", call.answeredAt + 70 * second, { until: iso(call.answeredAt + 100 * second) }))
      if (pauses[0] !== undefined) call.recording.pauses = [{ startedAt: iso(call.answeredAt + 60 * second), endedAt: iso(call.answeredAt + pauses[0] * second) }]
      put(world, call)
      world.label({ control: "consent/payment-not-paused", ...opened(call) })
    }
  }
}

const recordingMissing: Plant = {
  control: "consent/recording-missing",
  plant: (world) => {
    for (const refused of [false, true]) {
      const call = quietCall(world, "US-TX", 5, { queue: "trading" })
      call.recordings = []
      if (refused) call.consents.push({
        kind: "consent", id: world.id("consent"), subject: call.subject.subject, status: "refused", at: iso(call.startedAt + 10 * second),
        purposes: ["recording"], form: "verbal", contactId: call.contact.id, capturedBy: call.agent.id
      })
      put(world, call)
      if (!refused) world.label({ control: "consent/recording-missing", contactId: call.contact.id })
    }
  }
}

const recordingIncomplete: Plant = {
  control: "consent/recording-incomplete",
  plant: (world) => {
    // Four seconds are within the tolerance of five.
    for (const missing of [200, 4]) {
      const call = quietCall(world, "US-TX", 6, { queue: "trading" })
      call.recording.endedAt = iso(call.endedAt - missing * second)
      put(world, call)
      if (missing > 5) world.label({ control: "consent/recording-incomplete", ...opened(call) })
    }
  }
}

export const contentPlants: ReadonlyArray<Plant> = [
  botNotDisclosed, objectionInTranscript, cardDataRecorded, paymentNotPaused, recordingMissing, recordingIncomplete
]
