import { generateKeyPairSync } from "node:crypto"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll } from "vitest"
import { saltOf, treeHeads } from "../../src/attest/leaves.ts"
import { signerOf } from "../../src/attest/keys.ts"
import type { Signer } from "../../src/attest/keys.ts"
import { writeCore, writeFinal } from "../../src/attest/seal.ts"
import type { Sealed } from "../../src/attest/seal.ts"
import type { StatedRun } from "../../src/attest/statement.ts"

const made: Array<string> = []

afterAll(async () => {
  for (const folder of made.splice(0)) await rm(folder, { recursive: true, force: true })
})

/** A fresh folder that goes away with the test file. */
export const freshFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), "attest-"))
  made.push(folder)
  return folder
}

export const ecdsa = (): Signer => signerOf(generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey, "a test key")
export const ed25519 = (): Signer => signerOf(generateKeyPairSync("ed25519").privateKey, "a test key")

export const idKey = Buffer.alloc(32, 7)

export const run = (changes: Partial<StatedRun> = {}): StatedRun => ({
  id: "run-1",
  pipeline: "nightly",
  asOf: "2026-06-30T00:00:00Z",
  startedAt: "2026-06-30T02:00:04Z",
  full: true,
  trustworthy: true,
  ...changes,
})

const lines = (values: ReadonlyArray<unknown>): string => values.map((value) => `${JSON.stringify(value)}\n`).join("")

export const finding = (number: number, party = `p-${number}`) => ({
  id: `f-${number}`,
  control: "consent/recorded-without-consent",
  kind: "finding",
  severity: "high",
  status: "new",
  newBecause: "record",
  salt: saltOf(idKey, `f-${number}`),
  cause: "consent/recorded-without-consent:queue:billing",
  party,
  sentence: `Recording r${number} captured ${party} — “without” consent.`,
  evidence: [{ kind: "recording", id: `r${number}` }],
  due: "2026-07-07T00:00:00Z",
  details: { seconds: 12.5 },
})

/** Writes the files of a small report; the statements are not there yet. */
export const writeFiles = async (folder: string, parties: ReadonlyArray<string> = ["p-1", "p-2", "p-3", "p-4", "p-5"], id = "run-1"): Promise<void> => {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, "findings.ndjson"), lines(parties.map((party, index) => finding(index + 1, party))))
  await writeFile(join(folder, "inputs.ndjson"), lines([1, 2, 3].map((number) => ({ uri: `s3://bucket/${number}.ndjson`, bytes: number }))))
  await writeFile(join(folder, "outcomes.ndjson"), lines([1, 2].map((number) => ({ recordingId: `r${number}`, outcomes: { "consent/recorded-after-refusal": "pass" }, salt: saltOf(idKey, `r${number}`) }))))
  await writeFile(join(folder, "quarantine.ndjson"), lines([{ object: "s3://bucket/1.ndjson", line: 3, sentence: "Unknown field." }]))
  await writeFile(join(folder, "retention.ndjson"), lines([{ recordingId: "r1", decision: "keep" }]))
  const { findings, inputs, outcomes } = await treeHeads(folder)
  await writeFile(join(folder, "summary.json"), `${JSON.stringify({ run: { id }, merkle: { findings: findings.root, inputs: inputs.root, outcomes: outcomes?.root } })}\n`)
}

/** Makes a whole report, signed with the given keys (none: UNSIGNED). */
export const makeReport = async (folder: string, signers: ReadonlyArray<Signer>, changes: Partial<StatedRun> = {}, parties?: ReadonlyArray<string>): Promise<{ readonly core: Sealed; readonly final: Sealed }> => {
  await writeFiles(folder, parties, changes.id ?? "run-1")
  const core = await writeCore({ folder, facts: { run: run(changes), policies: [{ policy: "northwind", version: "2026.11" }] }, signers })
  await writeFile(join(folder, "report.html"), "<!doctype html><title>Report</title>")
  await mkdir(join(folder, "pictures"), { recursive: true })
  await writeFile(join(folder, "pictures", "funnel.svg"), "<svg/>")
  return { core, final: await writeFinal({ folder, core, signers }) }
}
