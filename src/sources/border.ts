/** One object at the border: its records are validated, staged or quarantined, and counted. */
import { hash } from "node:crypto"
import type { RecordHandler } from "../formats/canonical.ts"
import type { Produced } from "../formats/format.ts"
import { type CanonicalRecord, fits, hadOffset, hadUnusualInstant, matchedAliases, matchedOffset, matchRecord, needsRewriting, type RecordKind, type Rejection, storedForm, unstoredDigest, whyNot, withAliases } from "../records/index.ts"
import { countKeys, hasLineBreak, hasUnicodeEscape, holdsBrokenCharacter, scanMembers } from "./members.ts"
import type { ObjectStatement, QuarantineEntry, StagedKind } from "./source.ts"
import type { Stage } from "./stage.ts"
import { transcriptRows } from "./transcript.ts"
import { UnfitRows } from "./unfit.ts"

/** Which object it is. */
export type BorderPlace = { readonly objectNumber: number; readonly source: string; readonly uri: string; readonly versionId?: string }

/** Counts of one object; see `ObjectReport`. */
export type BorderCounts = {
  read: number
  rejected: number
  readonly ignored: Record<string, number>
  readonly produced: Partial<Record<RecordKind, number>>
  readonly notes: Record<string, number>
  readonly statements: Array<ObjectStatement>
}

const duplicateKeySentence = "A key occurs twice in one object; programs disagree about which one counts."
const brokenCharacterSentence = "A text holds a NUL or half of a character (an unpaired surrogate)."
const cutOffSentence = "The last line is cut off: it is not whole JSON and has no line break."

const notJsonSentence = (problem: unknown): string => {
  // The parser's message quotes the line; only its position is used.
  const position = problem instanceof Error ? /at position (\d+)/.exec(problem.message)?.[1] : undefined
  return position === undefined ? "Not valid JSON." : `Not valid JSON from character ${Number(position) + 1} on.`
}

type StagedText = { readonly kind: StagedKind; readonly json: string }
type Prepared = { readonly kind: RecordKind; readonly digest: string; readonly offset: boolean; readonly unstored: string | undefined; readonly texts: ReadonlyArray<StagedText> }

/** A record that must be written anew, as the rows that are kept of it; undefined where a store would refuse a character. Asks what `fits` has just seen of its times. */
const prepare = (record: CanonicalRecord, digest: string): Prepared | undefined => {
  const offset = hadOffset()
  const texts: Array<StagedText> = [{ kind: record.kind, json: JSON.stringify(storedForm(record, hadUnusualInstant())) }]
  if (record.kind === "transcript") {
    const { turns, signals } = transcriptRows(record)
    for (const turn of turns) texts.push({ kind: "turn", json: JSON.stringify(turn) })
    for (const signal of signals) texts.push({ kind: "signal", json: JSON.stringify(signal) })
  }
  return texts.some(({ json }) => holdsBrokenCharacter(json)) ? undefined : { kind: record.kind, digest, offset, unstored: unstoredDigest(record), texts }
}

/** Feed it the records of one object, then read `counts`. */
export class Border implements RecordHandler {
  readonly counts: BorderCounts = { read: 0, rejected: 0, ignored: {}, produced: {}, notes: {}, statements: [] }
  readonly #unfit = new UnfitRows()
  readonly #place: BorderPlace
  readonly #stage: Stage
  readonly #quarantine: (entry: QuarantineEntry) => void

  constructor(place: BorderPlace, stage: Stage, quarantine: (entry: QuarantineEntry) => void) {
    this.#place = place
    this.#stage = stage
    this.#quarantine = quarantine
  }

  /** Digests of what the rejected records are about; undefined where that is not known of all. */
  get unfit(): ReadonlyArray<string> | undefined {
    return this.#unfit.names()
  }

  /** A canonical record as bytes. */
  record(bytes: Buffer, start: number, end: number, line: number, pointer: string | undefined, whole: boolean): void {
    const matched = matchRecord(bytes, start, end)
    if (matched !== undefined) return this.#matched(matched, bytes, start, end, line, pointer)
    let value: unknown
    try {
      value = JSON.parse(bytes.toString("utf8", start, end))
    } catch (problem) {
      return this.rejected(line, pointer, whole ? notJsonSentence(problem) : cutOffSentence)
    }
    if (!fits(value)) return this.#reject(line, pointer, whyNot(value), [value])
    const scanned = scanMembers(bytes, start, end)
    if (scanned >> 2 !== countKeys(value)) return this.#reject(line, pointer, { pointer: "", sentence: duplicateKeySentence })
    // An element over several lines has the digest of the same record on one line.
    const digest = hash("sha256", (scanned & hasLineBreak) === 0 ? bytes.subarray(start, end) : JSON.stringify(value), "hex")
    const asItCame = (scanned & (hasLineBreak | hasUnicodeEscape)) === 0 && !hadUnusualInstant() && !needsRewriting(value)
    if (asItCame) return this.#asItCame(value.kind, bytes, start, end, line, pointer, hadOffset(), digest)
    const prepared = prepare(value, digest)
    if (prepared === undefined) return this.#reject(line, pointer, { pointer: "", sentence: brokenCharacterSentence }, [value])
    this.counts.read++
    this.#keep(prepared, line, pointer)
  }

  /** A source record that does not fit. */
  rejected(line: number | undefined, pointer: string | undefined, sentence: string): void {
    this.#reject(line, pointer, { sentence })
  }

  /** What an adapter yields. */
  produced(item: Produced): void {
    switch (item.type) {
      case "records": return this.#records(item.line ?? this.counts.read + 1, item.pointer, item.records)
      case "ignored": {
        this.counts.read++
        this.counts.ignored[item.reason] = (this.counts.ignored[item.reason] ?? 0) + 1
        return
      }
      case "rejected": return this.rejected(item.line ?? this.counts.read + 1, item.pointer, item.sentence)
      case "note": {
        this.counts.notes[item.sentence] = (this.counts.notes[item.sentence] ?? 0) + 1
        return
      }
      case "statement": {
        const { name, value, line, pointer } = item
        this.counts.statements.push({ name, value, ...(line === undefined ? {} : { line }), ...(pointer === undefined ? {} : { pointer }) })
      }
    }
  }

  /** All canonical records of one source record, or none of them. */
  #records(line: number, pointer: string | undefined, records: ReadonlyArray<unknown>): void {
    if (records.length === 0) return this.produced({ type: "ignored", reason: "nothing-to-carry-over", line })
    const kept: Array<Prepared> = []
    for (const value of records) {
      // What JSON leaves out (an undefined field, say) is not there for the schema either.
      const json = jsonOf(value)
      if (json === undefined) return this.rejected(line, pointer, "The record is nested too deeply.")
      const bytes = Buffer.from(json)
      const matched = matchRecord(bytes, 0, bytes.length)
      if (matched !== undefined) {
        kept.push({ kind: matched, digest: hash("sha256", bytes, "hex"), offset: matchedOffset(), unstored: undefined, texts: [{ kind: matched, json: withAliases(bytes, 0, bytes.length, matchedAliases()).toString() }] })
        continue
      }
      const record = JSON.parse(json) as unknown
      if (!fits(record)) return this.#reject(line, pointer, whyNot(record), records)
      const prepared = prepare(record, hash("sha256", json, "hex"))
      if (prepared === undefined) return this.#reject(line, pointer, { pointer: "", sentence: brokenCharacterSentence }, records)
      kept.push(prepared)
    }
    this.counts.read++
    for (const prepared of kept) this.#keep(prepared, line, pointer)
  }

  #matched(kind: RecordKind, bytes: Buffer, start: number, end: number, line: number, pointer: string | undefined): void {
    const digest = hash("sha256", bytes.subarray(start, end), "hex")
    const aliases = matchedAliases()
    if (aliases.length === 0) return this.#asItCame(kind, bytes, start, end, line, pointer, matchedOffset(), digest)
    const row = withAliases(bytes, start, end, aliases)
    this.#asItCame(kind, row, 0, row.length, line, pointer, matchedOffset(), digest)
  }

  #asItCame(kind: RecordKind, bytes: Buffer, start: number, end: number, line: number, pointer: string | undefined, offset: boolean, digest: string): void {
    this.counts.read++
    this.#count(kind)
    this.#stage.row(kind, this.#prefix(line, pointer, digest), bytes, start + 1, end, offset)
  }

  #keep({ kind, digest, offset, unstored, texts }: Prepared, line: number, pointer: string | undefined): void {
    const prefix = this.#prefix(line, pointer, digest) + (unstored === undefined ? "" : `"_u":"${unstored}",`)
    this.#count(kind)
    for (const text of texts) {
      const bytes = Buffer.from(text.json)
      this.#stage.row(text.kind, prefix, bytes, 1, bytes.length, offset)
    }
  }

  #prefix(line: number, pointer: string | undefined, digest: string): string {
    // A pointer may hold any character; the prefix is ASCII.
    const place = pointer === undefined ? "" : `"_p":${asciiJson(pointer)},`
    return `{"_o":${this.#place.objectNumber},"_l":${line},${place}"_d":"${digest}",`
  }

  #count(kind: RecordKind): void {
    this.counts.produced[kind] = (this.counts.produced[kind] ?? 0) + 1
  }

  #reject(line: number | undefined, pointer: string | undefined, rejection: Omit<Rejection, "pointer"> & { readonly pointer?: string }, records: ReadonlyArray<unknown> = []): void {
    this.counts.read++
    this.counts.rejected++
    this.#unfit.add(records)
    // A JSON pointer that is empty means the whole record; what is no JSON has none.
    const where = pointer === undefined && rejection.pointer === undefined ? undefined : `${pointer ?? ""}${rejection.pointer ?? ""}`
    const { objectNumber, source, uri, versionId } = this.#place
    this.#quarantine({
      objectNumber, source, object: uri,
      ...(versionId === undefined ? {} : { versionId }),
      ...(line === undefined ? {} : { line }),
      ...(where === undefined ? {} : { pointer: where }),
      sentence: rejection.sentence,
      ...(rejection.nearest === undefined ? {} : { nearest: rejection.nearest })
    })
  }
}

/** Undefined for what is nested so deeply that it cannot be written. */
const jsonOf = (value: unknown): string | undefined => {
  try {
    return JSON.stringify(value) ?? "null"
  } catch {
    return undefined
  }
}

const asciiJson = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
