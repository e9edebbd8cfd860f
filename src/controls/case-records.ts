import { type CanonicalRecord, matchedAliases, matchRecord, storedForm, validateRecord, withAliases } from "../records/index.ts"
import { scanTranscript } from "../formats/transcript/scan.ts"

/** A line of a staged file and the stored table that it is for. */
export type StagedRow = { readonly kind: string; readonly text: string }

/** The staged lines of one record of a case, as the border would write them; fails on a record that does not fit. */
export const stagedRows = (record: Readonly<Record<string, unknown>>, place: { readonly objectNumber: number; readonly line: number; readonly digest: string }): ReadonlyArray<StagedRow> => {
  const bytes = Buffer.from(JSON.stringify(record))
  const matched = matchRecord(bytes, 0, bytes.length)
  if (matched !== undefined) return [{ kind: matched, text: `{"_o":${place.objectNumber},"_l":${place.line},"_d":"${place.digest}",${withAliases(bytes, 0, bytes.length, matchedAliases()).toString("utf8", 1)}` }]
  const validated = validateRecord(record)
  if ("rejection" in validated) throw new Error(`a record does not fit: ${String(record["kind"])} ${JSON.stringify(record["id"] ?? null)}: ${validated.rejection.pointer} ${validated.rejection.sentence}`)
  const prefix = { _o: place.objectNumber, _l: place.line, _d: place.digest }
  const rows: Array<StagedRow> = [{ kind: String(record["kind"]), text: JSON.stringify({ ...prefix, ...storedForm(record as unknown as CanonicalRecord) }) }]
  if (record["kind"] !== "transcript") return rows
  const { contactId, recordingId, turns } = record as unknown as { contactId: string; recordingId?: string; turns: ReadonlyArray<{ partyId: string; at: string; until?: string }> }
  for (const [turn, { partyId, at, until }] of turns.entries()) rows.push({ kind: "turn", text: JSON.stringify({ ...prefix, contactId, recordingId, partyId, at, until, turn }) })
  for (const signal of scanTranscript(record as never).signals) rows.push({ kind: "signal", text: JSON.stringify({ ...prefix, contactId, recordingId, ...signal }) })
  return rows
}
