/** A transcript's staged rows: what was heard, where and by whom; never what was said. */
import { scanTranscript } from "../formats/transcript/scan.ts"
import { storedInstant, type TranscriptRecord } from "../records/index.ts"

/** Rows of the tables `turn` and `signal`, without their place. Times are as the store reads them. */
export type TranscriptRows = { readonly turns: ReadonlyArray<object>; readonly signals: ReadonlyArray<object> }

type Turn = TranscriptRecord["turns"][number]

const timed = (turn: Turn): Turn => ({ ...turn, at: storedInstant(turn.at), ...(turn.until === undefined ? {} : { until: storedInstant(turn.until) }) })

/** Turns of a transcript without their text, and what its text signals; `turn` counts from 0. */
export const transcriptRows = (transcript: TranscriptRecord): TranscriptRows => {
  const place = { contactId: transcript.contactId, ...(transcript.recordingId === undefined ? {} : { recordingId: transcript.recordingId }) }
  const heard = transcript.turns.map(timed)
  const turns = heard.map(({ partyId, at, until }, turn) => ({ ...place, partyId, at, ...(until === undefined ? {} : { until }), turn }))
  const { signals } = scanTranscript({ language: transcript.language, turns: heard })
  return { turns, signals: signals.map((signal) => ({ ...place, ...signal })) }
}
