import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { type ObjectLock, StoreFailure } from "../sources/index.ts"
import { mirrorOf, Publication } from "./publish.ts"
import type { RunResult } from "./run.ts"
import type { RunEdges } from "./services.ts"
import type { RunObserver, RunSettings } from "./settings.ts"

type Run = (settings: RunSettings, observer: RunObserver, signal: AbortSignal, edges: RunEdges) => Promise<RunResult>

const dayMs = 24 * 3600 * 1000

/** The retention of what this run puts; days count from the run's clock. */
const lockOf = ({ objectLock }: RunSettings["report"], now: Date): ObjectLock | undefined => {
  if (objectLock === undefined) return undefined
  const { mode, days, until } = objectLock
  return { mode, until: until === undefined ? new Date(now.getTime() + (days ?? 0) * dayMs) : new Date(until) }
}

/**
 * Runs an audit whose reports live under an `s3://` prefix: takes over the chain from there, claims the run's number,
 * runs in a mirror beside the evidence store, and publishes what came of it, also a failure statement.
 * Ends without publishing where another run has meanwhile taken its number over.
 * Fails with ChainBusy, with StoreFailure where S3 refuses, and as the run itself does.
 */
export const runToS3 = async (settings: RunSettings, observer: RunObserver, signal: AbortSignal, edges: RunEdges, run: Run): Promise<RunResult> => {
  const uri = settings.report.out.replace(/\/+$/, "")
  const passing = settings.evidence.store === ":memory:"
  const mirror = passing ? mkdtempSync(join(tmpdir(), "earshot-published-")) : mirrorOf(settings.evidence.store, uri)
  const startedAt = edges.now()
  const lock = lockOf(settings.report, startedAt)
  const publication = new Publication(uri, settings.s3 ?? {}, mirror, { now: edges.now, name: edges.runId(), ...(lock === undefined ? {} : { lock }), ...(edges.lease === undefined ? {} : { lease: edges.lease }) })
  const claimed = settings.replayed === true ? {} : { claimed: (claim: Parameters<Publication["claim"]>[0]) => publication.claim(claim) }
  try {
    await publication.refresh()
    const result = await run({ ...settings, report: { ...settings.report, out: mirror } }, observer, AbortSignal.any([signal, publication.lost]), { ...edges, ...claimed }).catch(async (failure: unknown) => {
      // A failure statement is worth publishing; why the run failed matters more than why this fails too.
      await publication.publish().catch(() => observer.log("failure statement not published"))
      throw publication.lost.aborted ? publication.lost.reason : failure
    })
    observer.stage("publish")
    await publication.publish().catch((failure: unknown) => {
      throw failure instanceof StoreFailure && failure.reason !== "taken"
        ? new StoreFailure(failure.reason, `${failure.message} The report is whole in ${result.folder}; the next run with this evidence store publishes it.`) : failure
    })
    return { ...result, published: `${uri}/${basename(result.folder)}` }
  } finally {
    publication.close()
  }
}
