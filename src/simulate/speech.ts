import type { TranscriptRecord } from "../records/types.ts"
import type { Call } from "./call.ts"
import { second } from "./calendar.ts"
import { iso } from "./world.ts"

/** One turn: who speaks, how many seconds after the answer, what. */
export type Line = readonly [speaker: "customer" | "agent", after: number, text: string]

const smallTalk: ReadonlyArray<Line> = [
  ["customer", 12, "Hello, I have a question about my last order."],
  ["agent", 18, "Good day, I am glad to help with that."],
  ["customer", 26, "The parcel arrived, but one item is missing."],
  ["agent", 35, "I am sorry to hear that. I can see the order here."],
  ["customer", 48, "When will the item arrive?"],
  ["agent", 55, "It leaves the warehouse tomorrow morning."]
]

/** A transcript of the call in English; without lines of its own it says nothing that any control listens for. */
export const transcriptOf = (call: Call, lines: ReadonlyArray<Line> = smallTalk): TranscriptRecord => ({
  kind: "transcript", contactId: call.contact.id, recordingId: call.recording.id, language: "en",
  turns: lines.map(([speaker, after, text]) => ({
    partyId: speaker === "customer" ? call.customer.id : call.handler.id,
    at: iso(call.answeredAt + after * second), until: iso(call.answeredAt + (after + 5) * second), text
  }))
})
