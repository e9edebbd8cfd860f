/** A transcript's staged rows: what was heard, where and by whom; never what was said. */
import type { TranscriptRecord } from "../records/index.ts"

/** Rows of the tables `turn` and `signal`, without their place. Times are as the record has them, in upper case. */
export type TranscriptRows = { readonly turns: ReadonlyArray<object>; readonly signals: ReadonlyArray<object> }

/** Turns of a transcript without their text; `turn` counts from 0. */
export const transcriptRows = (transcript: TranscriptRecord): TranscriptRows => {
  const place = { contactId: transcript.contactId, ...(transcript.recordingId === undefined ? {} : { recordingId: transcript.recordingId }) }
  const turns = transcript.turns.map(({ partyId, at, until }, turn) => ({
    ...place, partyId, at: at.toUpperCase(), ...(until === undefined ? {} : { until: until.toUpperCase() }), turn
  }))
  return { turns, signals: [] }
}
