/** Transcripts in a vCon: its own messages, and analyses of recordings in the shapes that speech services write. */
import { defined, isJson, type Json, jsonAt, listAt, numberAt, textAt } from "../document.ts"
import { isRecording, type Party } from "./contact.ts"
import { messagesId, messagesOf, recordingId, writerOf } from "./recording.ts"
import type { Dialog, Vcon } from "./shape.ts"

/** Text of a mail or message that is not sent as plain text. */
const messageText = (dialog: Dialog): string => {
  const body = dialog.body
  if (typeof body !== "string") return ""
  return dialog.encoding === "base64url" || dialog.encoding === "base64" ? Buffer.from(body, "base64url").toString("utf8") : body
}

const messageTranscript = (vcon: Vcon, parties: ReadonlyArray<Party>): ReadonlyArray<Json> => {
  const turns = messagesOf(vcon).flatMap((dialog) => {
    const writer = writerOf(dialog, parties)
    const text = messageText(dialog)
    return writer === undefined || text === "" ? [] : [{ partyId: writer.id, at: dialog.start, text }]
  })
  return turns.length === 0 ? [] : [{ kind: "transcript", contactId: vcon.uuid, recordingId: messagesId(vcon), turns }]
}

/** A piece of speech: seconds since the recording began, or its own time. */
type Speech = { readonly speaker: number | undefined; readonly start: number | string; readonly seconds: number | undefined; readonly text: string }

const bodyOf = (analysis: Json): unknown => {
  const body = analysis["body"]
  if (typeof body !== "string") return body
  try {
    return JSON.parse(analysis["encoding"] === "base64url" ? Buffer.from(body, "base64url").toString("utf8") : body) as unknown
  } catch {
    return undefined
  }
}

/** Segments as WTF (draft-howe-vcon-wtf) and the speech services write them. */
const segmentsIn = (body: unknown): ReadonlyArray<Speech> => {
  const list = Array.isArray(body) ? body : isJson(body) ? [listAt(body, "segments", "utterances"), listAt(jsonAt(body, "results"), "utterances")].find((each) => each.length > 0) ?? paragraphsIn(body) : []
  return list.filter(isJson).flatMap((each): ReadonlyArray<Speech> => {
    const text = textAt(each, "text", "transcript", "content")
    const start = numberAt(each, "start") ?? textAt(each, "start", "timestamp")
    if (text === undefined || start === undefined) return []
    const end = numberAt(each, "end")
    const duration = numberAt(each, "duration") ?? (end !== undefined && typeof start === "number" ? end - start : undefined)
    return [{ speaker: numberAt(each, "speaker") ?? numberAt(each, "parties") ?? numberAt(each, "party"), start, seconds: duration, text }]
  })
}

/** Sentences by paragraph, as Deepgram writes them inside results.channels[].alternatives[].paragraphs. */
const paragraphsIn = (body: Json): ReadonlyArray<unknown> =>
  listAt(jsonAt(body, "results"), "channels").filter(isJson).flatMap((channel) => {
    const best = listAt(channel, "alternatives").find(isJson)
    const paragraphs = listAt(jsonAt(best, "paragraphs"), "paragraphs").filter(isJson)
    return paragraphs.flatMap((paragraph) => listAt(paragraph, "sentences").filter(isJson).map((sentence) => ({ ...sentence, speaker: paragraph["speaker"] })))
  })

const instantOf = (recordingStart: string, start: number | string): string | undefined => {
  const milliseconds = typeof start === "number" ? Date.parse(recordingStart) + Math.round(start * 1000) : Date.parse(start)
  return Number.isFinite(milliseconds) ? new Date(milliseconds).toISOString() : undefined
}

const speechTranscript = (analysis: Json, dialog: Dialog, vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): ReadonlyArray<Json> => {
  const body = bodyOf(analysis)
  const speech = segmentsIn(body)
  if (dialog.start === undefined || speech.length === 0) {
    notes.add("A transcript without timed speech was not carried over.")
    return []
  }
  const start = dialog.start
  notes.add("Speakers of a transcript are taken in the order of the recording's parties.")
  const turns = speech.flatMap((each) => {
    const party = each.speaker === undefined ? undefined : parties[dialog.parties[each.speaker] ?? each.speaker]
    const at = instantOf(start, each.start)
    const until = at === undefined || each.seconds === undefined ? undefined : new Date(Date.parse(at) + Math.round(each.seconds * 1000)).toISOString()
    return at === undefined ? [] : [defined({ partyId: party?.id ?? `${vcon.uuid}/speakers/${each.speaker ?? "unknown"}`, at, until, text: each.text })]
  })
  const language = isJson(body) ? textAt(jsonAt(body, "transcript"), "language") ?? textAt(body, "language") : undefined
  return [defined({ kind: "transcript", contactId: vcon.uuid, recordingId: recordingId(vcon, dialog), language, turns })]
}

/** Transcripts of a vCon; the first transcript of a recording counts. */
export const transcriptsOf = (vcon: Vcon, parties: ReadonlyArray<Party>, notes: Set<string>): ReadonlyArray<Json> => {
  const done = new Set<number>()
  const spoken = vcon.analysis.flatMap((analysis) => {
    const type = textAt(analysis, "type") ?? ""
    if (!/^(transcript|diarized|wtf_transcription)/.test(type)) {
      notes.add("Analyses other than transcripts were not carried over.")
      return []
    }
    const index = [analysis["dialog"]].flat().find((each): each is number => typeof each === "number")
    const dialog = index === undefined ? vcon.dialogs.find(isRecording) : vcon.dialogs.find((each) => each.index === index)
    if (dialog === undefined || !isRecording(dialog) || done.has(dialog.index)) return []
    const transcript = speechTranscript(analysis, dialog, vcon, parties, notes)
    if (transcript.length > 0) done.add(dialog.index)
    return transcript
  })
  return [...messageTranscript(vcon, parties), ...spoken]
}
