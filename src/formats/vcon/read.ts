/** Reading of vCons: envelopes off, one spelling, canonical records. */
import { type Json, documentsOf, isJson, type JsonDocument, placeOf } from "../document.ts"
import { type FormatInput, ObjectUnreadable, type Produced } from "../format.ts"
import { filesIn, pemBlocks, textsIn } from "../keys.ts"
import { consentsOf } from "./consent.ts"
import { contactOf, partiesOf } from "./contact.ts"
import { certificates, type Keys, openEnvelope, privateKeys } from "./envelope.ts"
import { eventsOf, hashFault, recordingsOf } from "./recording.ts"
import { shapeOf, type Vcon } from "./shape.ts"
import { transcriptsOf } from "./transcripts.ts"

/** Keys that cannot be read must not turn a check off in silence. */
const keysOf = async (input: FormatInput): Promise<Keys> => {
  const decryption = privateKeys(await filesIn(input, "decryptionKeys"))
  const trust = certificates((await filesIn(input, "trust")).flatMap(pemBlocks))
  if (decryption.length < textsIn(input.options["decryptionKeys"]).length) throw new ObjectUnreadable("A file of the source's decryptionKeys holds no private key in PEM; correct the pipeline file.")
  if (trust.length < textsIn(input.options["trust"]).length) throw new ObjectUnreadable("A file of the source's trust holds no certificate in PEM; correct the pipeline file.")
  return { decryption, trust }
}

const otherAttachments = (vcon: Vcon, notes: Set<string>): void => {
  if (vcon.attachments.some((each) => !["consent", "lawful_basis"].includes(String(each["purpose"] ?? each["type"]).replace(/-/g, "_")))) notes.add("Attachments other than consent were not carried over.")
}

/** All canonical records of a vCon; undefined where it has no time or no parties. */
const recordsOf = (vcon: Vcon, notes: Set<string>): ReadonlyArray<Json> | undefined => {
  const parties = partiesOf(vcon, notes)
  const contact = contactOf(vcon, parties, notes)
  if (contact === undefined) return undefined
  const { consents, bases } = consentsOf(vcon, parties, notes)
  otherAttachments(vcon, notes)
  return [contact, ...recordingsOf(vcon, bases, notes), ...consents, ...eventsOf(vcon, parties, notes), ...transcriptsOf(vcon, parties, notes)]
}

const vconOf = (document: JsonDocument, keys: Keys): ReadonlyArray<Produced> => {
  if ("fault" in document) return [{ type: "rejected", ...placeOf(document), sentence: document.fault }]
  if (!isJson(document.value)) return [{ type: "rejected", ...placeOf(document), sentence: "The document is no vCon: it is not a JSON object." }]
  const opened = openEnvelope(document.value, keys)
  if ("refused" in opened) return [{ type: "rejected", ...placeOf(document), sentence: opened.refused }]
  const shaped = shapeOf(opened.vcon)
  if ("sentence" in shaped) return [{ type: "rejected", ...placeOf(document, shaped.pointer), sentence: shaped.sentence }]
  const { vcon } = shaped
  for (const dialog of vcon.dialogs) {
    const fault = hashFault(dialog)
    if (fault !== undefined) return [{ type: "rejected", ...placeOf(document, fault.pointer), sentence: fault.sentence }]
  }
  const notes = new Set([...opened.notes, ...shaped.notes])
  const records = recordsOf(vcon, notes)
  if (records === undefined) return [{ type: "rejected", ...placeOf(document), sentence: "The vCon has no parties, or nothing in it says when the conversation was; export it with both." }]
  return [{ type: "records", ...placeOf(document), records }, ...[...notes].map((sentence): Produced => ({ type: "note", ...placeOf(document), sentence }))]
}

/** What the vCons of an object become. */
export async function* readVcon(input: FormatInput): AsyncGenerator<Produced> {
  const keys = await keysOf(input)
  for (const document of await documentsOf(input, "a vCon")) yield* vconOf(document, keys)
}
