import { createHash } from "node:crypto"
import { once } from "node:events"
import { createWriteStream } from "node:fs"
import { join } from "node:path"
import { readFile } from "node:fs/promises"
import { finished } from "node:stream/promises"
import { openStream, runOf, type Verification, verifyReport, type VerifyingKey } from "../attest/index.ts"
import { type Preserved, stillNeeded } from "./retention-lines.ts"
import { addDuration, type Duration, formatInstant, type Instant, parseInstant } from "../time/index.ts"

/** What the gate thinks of a report as a whole. */
export type ReportTrust = {
  /** False where a signature, digest or proof does not hold (exit 4). */
  readonly verified: boolean
  /** Why nothing may be deleted by this report, as codes; empty where it is good. */
  readonly distrust: ReadonlyArray<string>
  /** Sentences of what does not verify. */
  readonly problems: ReadonlyArray<string>
  readonly statement?: string
  /** What findings need that the run could not judge again. */
  readonly needed?: Preserved
  /** Until when an answer by this report holds: RFC 3339, UTC. */
  readonly validUntil: string
}

const staleness = (verification: Verification, asOf: Instant, maxAge: Duration): { readonly distrust: ReadonlyArray<string>; readonly validUntil: Instant } => {
  const run = verification.statement === undefined ? undefined : runOf(verification.statement)
  const judgedAt = run === undefined ? undefined : parseInstant(run.asOf)
  if (run === undefined || judgedAt === undefined) return { distrust: ["not-a-report"], validUntil: asOf }
  const validUntil = addDuration(judgedAt, maxAge)
  return {
    validUntil,
    distrust: [
      ...(run.full ? [] : ["not-a-full-run"]), ...(run.trustworthy ? [] : ["run-not-trustworthy"]),
      ...(judgedAt > asOf ? ["report-of-the-future"] : []), ...(asOf < validUntil ? [] : ["report-too-old"])
    ]
  }
}

/** What the report's summary says of findings that were not judged again; undefined where it is not the file that the statement names. */
const neededBy = async (folder: string, sha256: string | undefined): Promise<Preserved | undefined> => {
  const bytes = await readFile(join(folder, "summary.json"))
  return createHash("sha256").update(bytes).digest("hex") === sha256 ? stillNeeded(JSON.parse(bytes.toString("utf8"))) : undefined
}

/** Copies retention.ndjson and returns its digest, so that what is read afterwards is what was hashed. */
const copied = async (folder: string, to: string): Promise<string> => {
  const digest = createHash("sha256")
  const out = createWriteStream(to, { mode: 0o600 })
  for await (const chunk of await openStream(join(folder, "retention.ndjson"))) {
    digest.update(chunk as Buffer)
    if (!out.write(chunk)) await once(out, "drain")
  }
  out.end()
  await finished(out)
  return digest.digest("hex")
}

/** Verifies a report and takes a copy of its retention.ndjson to `copy`. Never throws for what the report holds. */
export const examine = async (folder: string, keys: ReadonlyArray<VerifyingKey>, asOf: Instant, maxAge: Duration, copy: string): Promise<ReportTrust> => {
  const verification = await verifyReport(folder, { keys })
  const now = formatInstant(asOf)
  const stated = verification.statementDigest === undefined ? {} : { statement: verification.statementDigest }
  const failed = (problems: ReadonlyArray<string>): ReportTrust => ({ verified: false, distrust: ["report-not-verified"], problems, ...stated, validUntil: now })
  if (!verification.ok || !verification.signed) return failed(verification.problems.map(({ sentence }) => sentence))
  if (verification.kind !== "report") return { verified: true, distrust: ["not-a-report"], problems: [], ...stated, validUntil: now }
  const stating = (file: string): string | undefined => verification.statement?.subject.find(({ name }) => name === file)?.digest.sha256
  const expected = stating("retention.ndjson")
  let digest: string
  let needed: Preserved | undefined
  try {
    digest = await copied(folder, copy)
    needed = await neededBy(folder, stating("summary.json"))
  } catch {
    return failed(["retention.ndjson or summary.json cannot be read."])
  }
  if (needed === undefined) return failed(["summary.json is not the file that the statement names."])
  if (expected === undefined || digest !== expected) return failed(["retention.ndjson is not the file that the statement names."])
  const { distrust, validUntil } = staleness(verification, asOf, maxAge)
  return { verified: true, distrust, problems: [], ...stated, needed, validUntil: distrust.length > 0 ? now : formatInstant(validUntil) }
}
