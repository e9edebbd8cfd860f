/** Consent controls 1 to 7 and continued-after-withdrawal: was the customer recorded with a right to it. */
import type { ConsentRecord } from "../../../records/types.ts"
import { eventOf, exposed, put, quietCall } from "../../call.ts"
import type { Call } from "../../call.ts"
import { day, hour, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { World } from "../../world.ts"
import type { Plant } from "../plant.ts"

/** A statement of the call's customer about being recorded, `after` seconds into the contact. */
const says = (world: World, call: Call, status: ConsentRecord["status"], after: number, more: Partial<ConsentRecord> = {}): ConsentRecord => ({
  kind: "consent", id: world.id("consent"), subject: call.subject.subject, status, at: iso(call.startedAt + after * second), purposes: ["recording"],
  form: "verbal", contactId: call.contact.id, capturedBy: call.agent.id, ...more
})

/** A standing electronic consent of the call's customer, given `days` before the estate begins. */
const standing = (world: World, call: Call, days: number, more: Partial<ConsentRecord> = {}): ConsentRecord => ({
  kind: "consent", id: world.id("consent"), subject: call.subject.subject, status: "given", at: iso(world.calendar.start - days * day),
  purposes: ["recording", "quality-assurance"], form: "electronic", capturedBy: "svc:portal", ...more
})

const recordedAfterRefusal: Plant = {
  control: "consent/recorded-after-refusal",
  plant: (world) => {
    const refused = quietCall(world, "US-CA", 1)
    refused.consents.push(says(world, refused, "refused", 10))
    put(world, refused)
    world.label({ control: "consent/recorded-after-refusal", ...exposed(refused) })
    // Near miss: a later yes of the customer's own ends the no before the recording starts.
    const persuaded = quietCall(world, "US-CA", 2)
    persuaded.consents.push(says(world, persuaded, "refused", 8), says(world, persuaded, "given", 16))
    put(world, persuaded)
  }
}

const lateJoinerNotInformed: Plant = {
  control: "consent/late-joiner-not-informed",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 2)
    const guest = world.id("guest")
    call.contact.parties.push({
      id: guest, role: "thirdParty", jurisdiction: "US-CA", jurisdictionSource: "declared", language: "en",
      joinedAt: iso(call.answeredAt + 90 * second), leftAt: iso(call.endedAt)
    })
    put(world, call)
    world.label({ control: "consent/late-joiner-not-informed", ...exposed(call), party: guest })
  }
}

const recordedWithoutConsent: Plant = {
  control: "consent/recorded-without-consent",
  plant: (world) => {
    const untold = quietCall(world, "US-CA", 3)
    untold.notices = []
    put(world, untold)
    world.label({ control: "consent/recorded-without-consent", ...exposed(untold) })
    // One-party: nobody of the company was on the line.
    const alone = quietCall(world, "US-TX", 4)
    const guest = { id: world.id("guest"), role: "thirdParty" as const, jurisdiction: "US-TX", jurisdictionSource: "declared" as const, language: "en", joinedAt: iso(alone.startedAt), leftAt: iso(alone.endedAt) }
    alone.contact.parties = [alone.customer, guest]
    put(world, alone)
    world.label({ control: "consent/recorded-without-consent", ...exposed(alone) })
    world.label({ control: "consent/recorded-without-consent", ...exposed(alone), party: guest.id })
    // Near miss: a message left by the only party.
    const message = quietCall(world, "US-TX", 4)
    message.contact.parties = [message.customer]
    put(world, message)
    // Near miss: one-party law asks for no notice while an agent takes part.
    const oneParty = quietCall(world, "US-NY", 5)
    oneParty.notices = []
    put(world, oneParty)
    if (world.large) cannotBeJudged(world)
  }
}

/** A telephone of two people, and a day that the consent export does not vouch for. */
const cannotBeJudged = (world: World): void => {
  const one = world.customer("US-CA")
  const other = world.customer("US-CA")
  const shared = "tel:+15105550100"
  for (const { subject } of [one, other]) world.write({ kind: "identity", subject, recordedAt: iso(world.calendar.start - day), aliases: [`crm:${subject}`, shared] })
  const ambiguous = quietCall(world, "US-CA", 6, { customer: one, name: shared })
  ambiguous.notices = []
  put(world, ambiguous)
  const unlogged = quietCall(world, "US-CA", 0, { at: uncoveredDay(world) + 15 * hour })
  unlogged.notices = []
  put(world, unlogged)
}

/** The first Sunday of the estate, when nothing of the ordinary is due: `coverage` of the consent source leaves it out. */
export const uncoveredDay = (world: Pick<World, "calendar">): number => {
  const first = Math.floor(world.calendar.start / day)
  return (first + ((7 - ((first + 4) % 7)) % 7)) * day
}

const consentAfterRecordingStarted: Plant = {
  control: "consent/consent-after-recording-started",
  plant: (world) => {
    const late = quietCall(world, "US-CA", 5)
    for (const notice of late.notices) Object.assign(notice, { at: iso(late.answeredAt + 60 * second), until: iso(late.answeredAt + 68 * second) })
    put(world, late)
    world.label({ control: "consent/consent-after-recording-started", ...exposed(late) })
    // Near miss: the announcement ends just inside the opening of fifteen seconds.
    const prompt = quietCall(world, "US-CA", 5)
    for (const notice of prompt.notices) Object.assign(notice, { at: iso(prompt.answeredAt + 7 * second), until: iso(prompt.answeredAt + 14 * second) })
    put(world, prompt)
  }
}

const consentExpired: Plant = {
  control: "consent/consent-expired",
  plant: (world) => {
    for (const [days, more] of [[300, { expiresAt: iso(world.calendar.start - 10 * day) }], [800, {}]] as const) {
      const call = quietCall(world, "DE", 3)
      Object.assign(call, { notices: [], consents: [standing(world, call, days, more)] })
      put(world, call)
      world.label({ control: "consent/consent-expired", ...exposed(call) })
    }
    // Near miss: as old as the first, but without an end of its own.
    const valid = quietCall(world, "DE", 3)
    Object.assign(valid, { notices: [], consents: [standing(world, valid, 300)] })
    put(world, valid)
  }
}

const noticeNotInRecording: Plant = {
  control: "consent/notice-not-in-recording",
  plant: (world) => {
    // Washington wants the announcement inside; Florida, beside it, does not.
    for (const place of ["US-WA", "US-FL"]) {
      const call = quietCall(world, place, 6)
      for (const notice of call.notices) Object.assign(notice, { at: iso(call.startedAt + 2 * second), until: iso(call.startedAt + 9 * second) })
      put(world, call)
      if (place === "US-WA") world.label({ control: "consent/notice-not-in-recording", ...exposed(call) })
    }
  }
}

const formNotAccepted: Plant = {
  control: "consent/form-not-accepted",
  plant: (world) => {
    const announced = quietCall(world, "DE", 7)
    announced.consents = []
    put(world, announced)
    world.label({ control: "consent/form-not-accepted", ...exposed(announced) })
  }
}

const continuedAfterWithdrawal: Plant = {
  control: "consent/continued-after-withdrawal",
  plant: (world) => {
    for (const stops of [false, true]) {
      const call = quietCall(world, "US-CA", 7)
      const at = call.answeredAt + 100 * second
      call.events.push(eventOf(world, call, "objection", at, { partyId: call.customer.id }))
      if (stops) call.recording.endedAt = iso(at + 20 * second)
      put(world, call)
      if (!stops) world.label({ control: "consent/continued-after-withdrawal", ...exposed(call) })
    }
  }
}

export const recordedPlants: ReadonlyArray<Plant> = [
  recordedAfterRefusal, lateJoinerNotInformed, recordedWithoutConsent, consentAfterRecordingStarted, consentExpired, noticeNotInRecording,
  formNotAccepted, continuedAfterWithdrawal
]
