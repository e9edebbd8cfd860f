import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pseudonymOf, sha256Hex, type VerifyingKey } from "../attest/index.ts"
import { formatInstant, type Instant, parseDuration, parseInstant } from "../time/index.ts"
import { decide, type Decided, type GateObject } from "./decide.ts"
import { GateError } from "./GateError.ts"
import { readHolds } from "./holds.ts"
import { type Asked, askedWithLines } from "./index-of-lines.ts"
import { GateLog, type LoggedAnswer } from "./log.ts"
import { examine, type ReportTrust } from "./report.ts"
import type { Decision, RetentionLine } from "./retention-line.ts"

/** What a retention job asks the gate. */
export type GateRequest = {
  /** Folder of the report. */
  readonly report: string
  /** Public keys that the report must be signed by (one of them is enough). */
  readonly keys: ReadonlyArray<VerifyingKey>
  readonly objects: AsyncIterable<GateObject> | Iterable<GateObject>
  /** Now, RFC 3339. */
  readonly asOf: string
  /** How old the report's as-of may be, ISO 8601; P1D where absent. */
  readonly maxAge?: string
  /** File of holds as they stand now, canonical NDJSON. */
  readonly holds?: string
  /** The pipeline's pseudonym key, where the report writes names as pseudonyms. */
  readonly pseudonymKey?: Uint8Array
  /** Where gate-log.ndjson is kept: the chain folder of the reports. */
  readonly outDir: string
}

/** One answer. `validUntil` is RFC 3339, UTC; a decision holds for this version of the object until then. */
export type GateAnswer = {
  readonly uri: string
  readonly versionId: string | null
  readonly decision: Decision
  readonly reasons: ReadonlyArray<string>
  readonly validUntil: string
}

/** The gate, open: what it thinks of the report, and the answers in the order of the objects. */
export type Gate = Omit<ReportTrust, "needed"> & { readonly answers: AsyncGenerator<GateAnswer> }

const writtenLine = ({ matches }: Asked): RetentionLine | undefined => matches.find(({ line }) => line !== undefined)?.line

/** The name under which an answer is logged: as the report writes it, so that the log names no person either. */
const loggedName = (asked: Asked, pseudonym: ((name: string) => string) | undefined): string => {
  const line = writtenLine(asked)
  const masked = pseudonym?.(asked.object.uri)
  const written = line === undefined ? undefined : [line, ...(line.copies ?? [])].find((object) => object.uri === asked.object.uri || (masked !== undefined && object.uriPseudonym === masked))?.uri
  return written ?? masked ?? `sha256:${sha256Hex(asked.object.uri)}`
}

type Opened = { readonly request: GateRequest; readonly now: Instant; readonly trust: ReportTrust; readonly lines: string; readonly folder: string }

async function* answered({ request, now, trust, lines, folder }: Opened): AsyncGenerator<GateAnswer> {
  const { pseudonymKey } = request
  let log: GateLog | undefined
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    log = GateLog.open(request.outDir)
    const pseudonym = pseudonymKey === undefined ? undefined : (name: string): string => pseudonymOf(pseudonymKey, name)
    const holds = request.holds === undefined ? undefined : await readHolds(request.holds)
    const asking = { asOf: now, ...(trust.needed === undefined ? {} : { needed: trust.needed }), ...(holds === undefined ? {} : { holds }), ...(pseudonym === undefined ? {} : { pseudonym }) }
    const decided = ({ object, matches, masksNames }: Asked): Decided => (trust.distrust.length > 0 ? { decision: "keep", reasons: trust.distrust } : decide(object, matches, { ...asking, masksNames }))
    for await (const batch of askedWithLines(request.objects, trust.distrust.length > 0 ? undefined : lines, pseudonym, folder)) {
      const answers = batch.map((asked) => ({ asked, ...decided(asked) }))
      log.append(answers.map(({ asked, decision, reasons }): LoggedAnswer => ({
        at: formatInstant(now), ...(trust.statement === undefined ? {} : { report: trust.statement }), uri: loggedName(asked, pseudonym),
        ...(asked.object.versionId === undefined ? {} : { versionId: asked.object.versionId }), decision, reasons, validUntil: trust.validUntil
      })))
      for (const { asked, decision, reasons } of answers) yield { uri: asked.object.uri, versionId: asked.object.versionId ?? null, decision, reasons, validUntil: trust.validUntil }
    }
  } finally {
    log?.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Opens the gate on a report: `delete`, `keep` or `hold` for each object (run-and-report.md, Gate). It reads the report
 * folder only, never the store, and fails closed: a report that does not verify, is partial, untrusted, too old or of the
 * future keeps everything. Read `answers` to the end, or end them, so that the log is closed.
 * @throws GateError for wrong inputs or where the answers cannot be logged; nothing was decided then.
 */
export const gate = async (request: GateRequest): Promise<Gate> => {
  const asOf = parseInstant(request.asOf)
  const maxAge = parseDuration(request.maxAge ?? "P1D")
  if (asOf === undefined) throw new GateError("usage", "The time of asking is not RFC 3339 with an offset; give it like 2026-11-22T02:00:00Z.")
  if (maxAge === undefined) throw new GateError("usage", "The greatest age of the report is not an ISO 8601 duration; give it like P1D.")
  const folder = mkdtempSync(join(tmpdir(), "earshot-gate-"))
  try {
    const lines = join(folder, "retention.ndjson")
    const trust = await examine(request.report, request.keys, asOf, maxAge, lines)
    // Who sees that nothing will be deleted may not ask for a single answer.
    if (trust.distrust.length > 0) rmSync(folder, { recursive: true, force: true })
    const { needed: _needed, ...told } = trust
    return { ...told, answers: answered({ request, now: asOf, trust, lines, folder }) }
  } catch (failure) {
    rmSync(folder, { recursive: true, force: true })
    throw failure
  }
}
