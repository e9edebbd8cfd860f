/** The two Amazon Connect adapters: contact records (CTR), and Contact Lens output. */
import { documentsOf, isJson, type Json, placeOf } from "../document.ts"
import type { Format, FormatInput, Produced } from "../format.ts"

type Result = { readonly records: ReadonlyArray<Json>; readonly notes: ReadonlyArray<string> } | { readonly ignored: string } | { readonly rejected: string }

async function* read(input: FormatInput, what: string, make: (json: Json) => Result): AsyncGenerator<Produced> {
  for (const document of await documentsOf(input, what)) {
    const place = placeOf(document)
    if ("fault" in document) {
      yield { type: "rejected", ...place, sentence: document.fault }
      continue
    }
    const result = isJson(document.value) ? make(document.value) : { rejected: `The document is not ${what}: it is not an object.` }
    if ("ignored" in result) yield { type: "ignored", ...place, reason: result.ignored }
    else if ("rejected" in result) yield { type: "rejected", ...place, sentence: result.rejected }
    else {
      yield { type: "records", ...place, records: result.records }
      for (const sentence of result.notes) yield { type: "note", ...place, sentence }
    }
  }
}

/** Contact records as JSON, one a line, or one after the other as Firehose writes them. */
export const amazonConnectContact: Format = {
  name: "amazon-connect-contact",
  version: 1,
  detects: ({ text }) => /^\s*[{[]/.test(text) && /"ContactId"\s*:/.test(text) && /"(AWSContactTraceRecordFormatVersion|InitiationMethod)"\s*:/.test(text) && /"InitiationTimestamp"\s*:/.test(text),
  read: async function* (input) {
    const { connectContact } = await import("./contact.ts")
    yield* read(input, "a contact record", connectContact)
  }
}

/** Contact Lens output files. */
export const amazonConnectLens: Format = {
  name: "amazon-connect-lens",
  version: 1,
  detects: ({ text }) => /^\s*\{/.test(text) && /"Participants"\s*:/.test(text) && /"(ConversationCharacteristics|JobStatus|Categories)"\s*:/.test(text) && /"Channel"\s*:\s*"(VOICE|CHAT)"/.test(text),
  read: async function* (input) {
    const { lensTranscript } = await import("./lens.ts")
    yield* read(input, "Contact Lens output", (json) => lensTranscript(json, input.uri))
  }
}
