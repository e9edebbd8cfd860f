import { createReadStream } from "node:fs"
import { createInterface } from "node:readline"
import { validateRecord } from "../records/index.ts"
import { type Instant, parseInstant } from "../time/index.ts"
import { GateError } from "./GateError.ts"
import type { RetentionLine } from "./retention-line.ts"

type HoldRecord = {
  readonly id: string
  readonly recordedAt?: string
  readonly until?: string
  readonly contactIds?: ReadonlyArray<string>
  readonly recordingIds?: ReadonlyArray<string>
  readonly subjects?: ReadonlyArray<string>
}

/** Holds as they stand now. */
export type HoldList = {
  /** Ids that the list speaks of: what the report says of these is out of date. */
  readonly ids: ReadonlySet<string>
  /** Ids of holds that cover a recording and have not ended, and why it cannot be told. */
  readonly covering: (line: RetentionLine, asOf: Instant, pseudonym: ((name: string) => string) | undefined) => { readonly ids: ReadonlyArray<string>; readonly doubts: ReadonlyArray<string> }
}

/** Of several versions those with the latest recordedAt; where that does not tell, all of them. */
const current = (versions: ReadonlyArray<HoldRecord>): ReadonlyArray<HoldRecord> => {
  const times = versions.map(({ recordedAt }) => (recordedAt === undefined ? undefined : parseInstant(recordedAt)))
  const latest = times.reduce((best, time) => (time !== undefined && (best === undefined || time > best) ? time : best), undefined)
  return versions.filter((_, index) => times[index] === latest)
}

const index = (holds: ReadonlyArray<HoldRecord>, keys: (hold: HoldRecord) => ReadonlyArray<string> | undefined): ReadonlyMap<string, ReadonlyArray<HoldRecord>> => {
  const found = new Map<string, Array<HoldRecord>>()
  for (const hold of holds) for (const key of keys(hold) ?? []) found.set(key, [...(found.get(key) ?? []), hold])
  return found
}

/** Makes a list of holds; scopes of one hold are alternatives, and a hold without one covers everything. */
export const holdList = (records: ReadonlyArray<HoldRecord>): HoldList => {
  const byId = index(records, ({ id }) => [id])
  const holds = [...byId.values()].flatMap(current)
  const recordings = index(holds, (hold) => hold.recordingIds)
  const contacts = index(holds, (hold) => hold.contactIds)
  const subjects = index(holds, (hold) => hold.subjects)
  const everything = holds.filter((hold) => hold.recordingIds === undefined && hold.contactIds === undefined && hold.subjects === undefined)
  let known: { readonly pseudonym: (name: string) => string; readonly keys: ReadonlyMap<string, ReadonlyArray<HoldRecord>> } | undefined
  /** Everything that a hold names, under its pseudonym; made once for a key. */
  const masked = (pseudonym: (name: string) => string) => {
    if (known?.pseudonym !== pseudonym) known = { pseudonym, keys: index(holds, (hold) => [...(hold.subjects ?? []), ...(hold.recordingIds ?? []), ...(hold.contactIds ?? [])].map(pseudonym)) }
    return known.keys
  }
  return {
    ids: new Set(byId.keys()),
    covering: (line, asOf, pseudonym) => {
      const found = [...everything, ...(recordings.get(line.recordingId) ?? []), ...(line.contactId === undefined ? [] : contacts.get(line.contactId) ?? [])]
      const doubts: Array<string> = []
      if (line.names === "clear") found.push(...(line.persons ?? []).flatMap((name) => subjects.get(name) ?? []))
      else if (pseudonym !== undefined) found.push(...[...(line.persons ?? []), ...(line.idPseudonyms ?? [])].flatMap((name) => masked(pseudonym).get(name) ?? []))
      else if (subjects.size > 0 || (line.idPseudonyms ?? []).length > 0) doubts.push("pseudonym-key-needed")
      const open = found.filter(({ until }) => {
        const ends = until === undefined ? undefined : parseInstant(until)
        return ends === undefined || ends > asOf
      })
      return { ids: [...new Set(open.map(({ id }) => id))].sort(), doubts }
    }
  }
}

/**
 * Reads holds as canonical NDJSON; records of other kinds are passed over.
 * @throws GateError where a line is no record: a hold that cannot be read could cover anything.
 */
export const readHolds = async (file: string): Promise<HoldList> => {
  const holds: Array<HoldRecord> = []
  let number = 0
  try {
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      number += 1
      if (line.trim() === "") continue
      const record = JSON.parse(line) as Readonly<Record<string, unknown>>
      const checked = validateRecord(record)
      if ("rejection" in checked) throw new GateError("usage", `${file} line ${number} is not a record: ${checked.rejection.sentence} Correct it; until then nothing can be deleted.`)
      if (record["kind"] === "hold") holds.push(record as unknown as HoldRecord)
    }
  } catch (cause) {
    if (cause instanceof GateError) throw cause
    throw new GateError("usage", `${file} ${number === 0 ? "cannot be read" : `line ${number} is not JSON`}; give the holds as canonical records, one a line.`)
  }
  return holdList(holds)
}
