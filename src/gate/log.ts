import { closeSync, existsSync, fstatSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { canonicalJson, sha256Hex } from "../attest/index.ts"
import { readNdjson } from "./ndjson.ts"
import { GateError } from "./GateError.ts"
import { takeLock } from "./lock.ts"
import type { Decision } from "./retention-line.ts"

/** Name of the log of answers, in the chain folder of the reports. */
export const gateLogFile = "gate-log.ndjson"

/** What the first line names as previous. */
const nothing = "0".repeat(64)

/** An answer as it is logged; `uri` as the report writes it. Times are RFC 3339, UTC. */
export type LoggedAnswer = {
  readonly at: string
  /** Digest of the statement that the answer rests on; absent where the report did not verify. */
  readonly report?: string
  readonly uri: string
  readonly versionId?: string
  readonly decision: Decision
  readonly reasons: ReadonlyArray<string>
  readonly validUntil: string
}

/** Where the log ends: how many answers it holds and the digest of the last line. */
export type GateLogHead = { readonly answers: number; readonly head: string }

const tailBytes = 1 << 20

const lastLine = (handle: number, size: number): string => {
  for (let length = Math.min(size, tailBytes); ; length = Math.min(size, length * 2)) {
    const bytes = Buffer.alloc(length)
    readSync(handle, bytes, 0, length, size - length)
    const text = bytes.subarray(0, length - 1)
    const from = text.lastIndexOf(10)
    if (from >= 0 || length === size) return text.subarray(from + 1).toString("utf8")
  }
}

const sequenceOf = (line: string): number => {
  try {
    const { sequence } = JSON.parse(line) as { sequence?: unknown }
    if (typeof sequence === "number" && Number.isSafeInteger(sequence) && sequence > 0) return sequence
  } catch {
    // Falls through to the same refusal.
  }
  throw new GateError("log", `The last line of ${gateLogFile} is not an answer of the gate; move the log to a safe place and find out who wrote to it.`)
}

/** The log of answers, open for appending by one process at a time: each line names the digest of the one before. */
export class GateLog {
  readonly #handle: number
  readonly #lock: string
  #head: string
  #answers: number

  private constructor(handle: number, lock: string, { head, answers }: GateLogHead) {
    this.#handle = handle
    this.#lock = lock
    this.#head = head
    this.#answers = answers
  }

  /** Opens the log of a folder. @throws GateError where another gate holds it or its end cannot be read. */
  static open(folder: string): GateLog {
    mkdirSync(folder, { recursive: true })
    const lock = join(folder, `${gateLogFile}.lock`)
    takeLock(lock)
    try {
      const handle = openSync(join(folder, gateLogFile), "a+", 0o600)
      return new GateLog(handle, lock, endOf(handle))
    } catch (error) {
      rmSync(lock, { force: true })
      throw error
    }
  }

  /** Appends answers; they are on disk when this returns, so that no answer is given that is not logged. */
  append(answers: ReadonlyArray<LoggedAnswer>): void {
    const lines: Array<string> = []
    for (const answer of answers) {
      const line = canonicalJson({ ...answer, sequence: this.#answers + 1, previous: this.#head })
      this.#answers += 1
      this.#head = sha256Hex(line)
      lines.push(`${line}\n`)
    }
    try {
      const bytes = Buffer.from(lines.join(""), "utf8")
      for (let written = 0; written < bytes.length;) written += writeSync(this.#handle, bytes, written)
      fsyncSync(this.#handle)
    } catch {
      throw new GateError("log", `The log of answers cannot be written (${gateLogFile}); make room for it. What was not answered was not decided.`)
    }
  }

  /** Closes the log and lets others write to it. */
  close(): void {
    closeSync(this.#handle)
    rmSync(this.#lock, { force: true })
  }
}

const endOf = (handle: number): GateLogHead => {
  let { size } = fstatSync(handle)
  if (size === 0) return { head: nothing, answers: 0 }
  const last = Buffer.alloc(1)
  readSync(handle, last, 0, 1, size - 1)
  if (last[0] !== 10) {
    // A gate died in the middle of a line: nobody got that answer, so the line goes.
    const broken = lastLine(handle, size + 1)
    size -= Buffer.byteLength(broken, "utf8")
    ftruncateSync(handle, size)
    if (size === 0) return { head: nothing, answers: 0 }
  }
  const line = lastLine(handle, size)
  return { head: sha256Hex(line), answers: sequenceOf(line) }
}

/** Where the log of a folder ends, for the next statement to name; undefined where nobody asked the gate yet. */
export const gateLogHead = (folder: string): GateLogHead | undefined => {
  const file = join(folder, gateLogFile)
  if (!existsSync(file)) return undefined
  const handle = openSync(file, "r")
  try {
    const { size } = fstatSync(handle)
    if (size === 0) return undefined
    const line = lastLine(handle, size)
    return { head: sha256Hex(line), answers: sequenceOf(line) }
  } finally {
    closeSync(handle)
  }
}

/** So many broken lines of a log are told one by one. */
const brokenTold = 3

/**
 * Checks the whole chain of a log, line by line in bounded memory: every line names the digest of the line before, and numbers follow each other.
 * `heads` says what earlier statements named; each must be the head after so many answers. Sentences; empty where all holds.
 */
export const verifyGateLog = async (folder: string, heads: ReadonlyArray<GateLogHead> = []): Promise<ReadonlyArray<string>> => {
  const expected = new Map(heads.map(({ answers, head }) => [answers, head]))
  const problems: Array<string> = []
  let previous = nothing
  let number = 0
  let broken = 0
  if (existsSync(join(folder, gateLogFile))) {
    for await (const { line, value } of readNdjson(join(folder, gateLogFile))) {
      number += 1
      const { previous: named, sequence } = (typeof value === "object" && value !== null ? value : {}) as { previous?: unknown; sequence?: unknown }
      // A line that was taken out puts all behind it in the wrong place: the first of them are told, the others counted.
      if ((named !== previous || sequence !== number) && ++broken <= brokenTold) problems.push(`${gateLogFile} line ${number} does not follow the line before: lines were changed, removed or put in.`)
      previous = sha256Hex(line)
      if (expected.has(number) && expected.get(number) !== previous) problems.push(`${gateLogFile} line ${number} is not the one that a signed statement names.`)
    }
  }
  if (broken > brokenTold) problems.push(`${gateLogFile} holds ${broken} lines in all that do not follow the line before.`)
  for (const { answers } of heads) if (answers > number) problems.push(`${gateLogFile} ends after ${number} answers; a signed statement names ${answers}.`)
  return problems
}
