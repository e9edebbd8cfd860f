/** A small pipeline whose reports go to S3, for the tests against fauxqs and against a real server. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { onTestFinished } from "vitest"
import { audit } from "../../src/index.ts"
import type { Lease } from "../../src/run/claims.ts"
import type { RunResult } from "../../src/run/index.ts"
import { ChainBusy } from "../../src/run/ledger.ts"
import type { Publication } from "../../src/run/publish.ts"
import { simulate } from "../../src/simulate/index.ts"

export type S3 = { readonly endpoint: string; readonly region: string; readonly forcePathStyle: boolean }

/** A machine: a folder with the estate, its keys and its store. */
export type Machine = { readonly folder: string; readonly pipeline: string; readonly key: string; readonly store: string }

/** A lease that tests can outlive. Storage tells its time to the second, so that a run which is kept waiting for three seconds may count as dead. */
export const shortLease: Lease = { renewMs: 250, deadMs: 4000 }

/** Long enough that a claim which nobody renews counts as dead. */
export const pastLease = (): Promise<void> => sleep(shortLease.deadMs + 1100)

/** Takes over what is under a prefix as soon as its holder counts as dead; fails with anything but ChainBusy. */
export const succeed = async (publication: Publication): Promise<void> => {
  while (!await publication.refresh().then(() => true, (failure: unknown) => { if (failure instanceof ChainBusy) return false; throw failure })) await sleep(100)
}

/** An estate of a few contacts; removed when the test ends. */
export const machine = (s3: S3): Machine => {
  const root = mkdtempSync(join(tmpdir(), "earshot-publish-"))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  const folder = join(root, "estate")
  simulate({ contacts: 30, seed: 3, out: folder })
  const pipeline = join(folder, "pipeline.yaml")
  writeFileSync(pipeline, `${readFileSync(pipeline, "utf8")}\ns3: {endpoint: "${s3.endpoint}", region: ${s3.region}, forcePathStyle: ${s3.forcePathStyle}}\n`)
  mkdirSync(join(folder, ".earshot"), { recursive: true })
  return { folder, pipeline, key: join(folder, "keys", "pipeline.pub"), store: join(folder, ".earshot", "evidence.duckdb") }
}

/** The environment by which verbs that read no pipeline file find S3. */
export const stateS3 = (s3: S3): void => {
  process.env["EARSHOT_S3_ENDPOINT"] = s3.endpoint
  process.env["EARSHOT_S3_REGION"] = s3.region
  process.env["EARSHOT_S3_FORCE_PATH_STYLE"] = "true"
}

/** One night; the fewest outputs. */
export const night = (on: Machine, out: string, asOf: string, more: Readonly<Record<string, string>> = {}): Promise<RunResult> =>
  audit({ pipeline: on.pipeline, flags: { asOf, out }, env: { EARSHOT_FORMATS: "csv", EARSHOT_STORE: on.store, ...more } })
