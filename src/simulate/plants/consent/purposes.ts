/** What a recording may be used for, on what basis, and whether notices and consents are in order. */
import { accessTo, afterwards, exposed, opened, put, quietCall } from "../../call.ts"
import { hour, second } from "../../calendar.ts"
import { iso } from "../../world.ts"
import type { Plant } from "../plant.ts"

const purposeNotCovered: Plant = {
  control: "consent/purpose-not-covered",
  plant: (world) => {
    const training = quietCall(world, "US-CA", 1, { purposes: ["quality-assurance", "model-training"] })
    put(world, training)
    world.label({ control: "consent/purpose-not-covered", ...exposed(training) })
    // Near miss: an express yes to that purpose before the recording.
    const granted = quietCall(world, "US-CA", 1, { purposes: ["quality-assurance", "model-training"] })
    granted.consents.push({
      kind: "consent", id: world.id("consent"), subject: granted.subject.subject, status: "given", at: iso(granted.startedAt + 10 * second),
      purposes: ["recording", "model-training"], form: "keypad", contactId: granted.contact.id, capturedBy: "svc:ivr"
    })
    put(world, granted)
    if (world.large) put(world, quietCall(world, "US-CA", 2, { purposes: ["quality-assurance", "sentiment-trial"] }))
  }
}

const useNotCovered: Plant = {
  control: "consent/use-not-covered",
  plant: (world) => {
    for (const purpose of ["model-training", "analytics"]) {
      const call = quietCall(world, "US-CA", 2)
      call.accesses.push(accessTo(world, call, { by: call.agent.id, action: "view", time: afterwards(world, call), purpose }))
      put(world, call)
      if (purpose === "model-training") world.label({ control: "consent/use-not-covered", ...exposed(call) })
    }
  }
}

const basisNotDocumented: Plant = {
  control: "consent/basis-not-documented",
  plant: (world) => {
    const none = quietCall(world, "IE", 3)
    delete none.recording.lawfulBasis
    delete none.recording.lawfulBasisAt
    put(world, none)
    world.label({ control: "consent/basis-not-documented", ...opened(none) })
    const retroactive = quietCall(world, "GB", 3)
    retroactive.recording.lawfulBasisAt = iso(retroactive.endedAt + 2 * hour)
    put(world, retroactive)
    world.label({ control: "consent/basis-not-documented", ...opened(retroactive) })
    // Near miss: the policy documents a basis for the only purpose.
    const byPolicy = quietCall(world, "IE", 4, { purposes: ["complaint-handling"] })
    delete byPolicy.recording.lawfulBasis
    delete byPolicy.recording.lawfulBasisAt
    byPolicy.recording.purposes = ["complaint-handling"]
    put(world, byPolicy)
  }
}

const noticeOutdated: Plant = {
  control: "consent/notice-outdated",
  plant: (world) => {
    const old = quietCall(world, "US-CA", 4)
    for (const notice of old.notices) notice.noticeVersion = "2"
    put(world, old)
    world.label({ control: "consent/notice-outdated", contactId: old.contact.id })
  }
}

const noticeLanguage: Plant = {
  control: "consent/notice-language",
  plant: (world) => {
    const foreign = quietCall(world, "US-CA", 5)
    foreign.customer.language = "es"
    put(world, foreign)
    world.label({ control: "consent/notice-language", contactId: foreign.contact.id, party: foreign.customer.id })
    // Near miss: a regional variety of the notice's language.
    const regional = quietCall(world, "US-CA", 5)
    regional.customer.language = "en-GB"
    put(world, regional)
    if (!world.large) return
    const unknown = quietCall(world, "US-CA", 5)
    delete unknown.customer.language
    delete unknown.contact.language
    put(world, unknown)
  }
}

const jurisdictionUnknown: Plant = {
  control: "consent/jurisdiction-unknown",
  once: true,
  plant: (world) => {
    for (let count = 0; count < 3; count++) {
      const call = quietCall(world, "US-CA", 6, { queue: "web-callback" })
      delete call.customer.jurisdiction
      delete call.customer.jurisdictionSource
      put(world, call)
    }
    world.label({ control: "consent/jurisdiction-unknown" })
  }
}

const staffNotInformed: Plant = {
  control: "consent/staff-not-informed",
  plant: (world) => {
    const agent = world.recruit("agent", (row) => {
      delete row.monitoringAcknowledgedAt
      return row
    })
    const call = quietCall(world, "US-CA", 6, { agent })
    put(world, call)
    world.label({ control: "consent/staff-not-informed", ...opened(call, agent.id), party: agent.id })
  }
}

const evidenceMissing: Plant = {
  control: "consent/evidence-missing",
  plant: (world) => {
    const call = quietCall(world, "US-CA", 7)
    call.consents.push({
      kind: "consent", id: world.id("consent"), subject: call.subject.subject, status: "given", at: iso(call.startedAt + 10 * second),
      purposes: ["recording"], form: "verbal", contactId: call.contact.id
    })
    put(world, call)
    world.label({ control: "consent/evidence-missing", contactId: call.contact.id, party: call.subject.subject })
  }
}

const minorWithoutGuardian: Plant = {
  control: "consent/minor-without-guardian",
  plant: (world) => {
    for (const guarded of [false, true]) {
      const call = quietCall(world, "US-TX", 8)
      call.customer.minor = true
      if (guarded) call.consents.push({
        kind: "consent", id: world.id("consent"), subject: call.subject.subject, status: "given", at: iso(call.startedAt + 8 * second),
        purposes: ["recording", "quality-assurance"], form: "verbal", contactId: call.contact.id, capacity: "guardian",
        givenBy: world.id("guardian"), capturedBy: call.agent.id
      })
      put(world, call)
      if (!guarded) world.label({ control: "consent/minor-without-guardian", ...exposed(call) })
    }
  }
}

export const purposePlants: ReadonlyArray<Plant> = [
  purposeNotCovered, useNotCovered, basisNotDocumented, noticeOutdated, noticeLanguage, jurisdictionUnknown, staffNotInformed, evidenceMissing,
  minorWithoutGuardian
]
