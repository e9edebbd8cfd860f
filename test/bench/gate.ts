/**
 * `node test/bench/gate.ts [--objects 1000000] [--recordings N] [--keep DIR]`: the gate on a signed report with as many
 * recordings, asked about as many objects that come as a stream. Prints objects a second and the peak memory of the process;
 * half of the objects are due, every third is unknown to the report.
 */
import { generateKeyPairSync } from "node:crypto"
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { once } from "node:events"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { finished } from "node:stream/promises"
import { parseArgs } from "node:util"
import { treeHeads, writeCore, writeFinal } from "../../src/attest/index.ts"
import { signerOf } from "../../src/attest/keys.ts"
import { gate, type GateObject, storageJobs } from "../../src/gate/index.ts"

const { values } = parseArgs({ options: { objects: { type: "string", default: "1000000" }, recordings: { type: "string" }, keep: { type: "string" } } })
const objects = Number(values.objects)
const recordings = Number(values.recordings ?? values.objects)
const asOf = "2026-06-30T12:00:00Z"
const sha = "a".repeat(64)

const say = (line: string): void => { process.stdout.write(`${line}\n`) }
const uriOf = (number: number): string => `s3://recordings/2026/${String(number % 365).padStart(3, "0")}/rec-${String(number).padStart(9, "0")}.wav`

const lineOf = (number: number): string => JSON.stringify({
  recordingId: `rec-${number}`, contactId: `contact-${number}`, uri: uriOf(number), versionId: "v1", sha256: sha, deleteBy: number % 2 === 0 ? "2026-06-01T00:00:00Z" : "2027-06-01T00:00:00Z", deleteRule: "qa-audio",
  persons: [`cust-${number % 100_000}`], names: "clear", rules: ["qa-audio"], decision: number % 2 === 0 ? "delete" : "keep", reasons: []
})

const writeReport = async (folder: string): Promise<void> => {
  mkdirSync(folder, { recursive: true })
  for (const name of ["findings", "inputs", "outcomes", "quarantine"]) writeFileSync(join(folder, `${name}.ndjson`), "")
  const heads = await treeHeads(folder)
  writeFileSync(join(folder, "summary.json"), `${JSON.stringify({ run: { id: "bench" }, merkle: { findings: heads.findings.root, inputs: heads.inputs.root, outcomes: heads.outcomes?.root } })}\n`)
  const out = createWriteStream(join(folder, "retention.ndjson"))
  for (let number = 0; number < recordings; number += 1) if (!out.write(`${lineOf(number)}\n`)) await once(out, "drain")
  out.end()
  await finished(out)
}

async function* asked(): AsyncGenerator<GateObject> {
  await Promise.resolve()
  for (let number = 0; number < objects; number += 1) yield { uri: number % 3 === 0 ? `s3://recordings/unknown/${number}` : uriOf(number), versionId: "v1", sha256: sha }
}

const root = values.keep ?? mkdtempSync(join(tmpdir(), "earshot-gate-bench-"))
try {
  const folder = join(root, "report")
  const signer = signerOf(generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey, "a bench key")
  await writeReport(folder)
  const run = { id: "bench", pipeline: "bench", asOf: "2026-06-30T00:00:00Z", startedAt: "2026-06-30T02:00:00Z", full: true, trustworthy: true }
  await writeFinal({ folder, core: await writeCore({ folder, facts: { run }, signers: [signer] }), signers: [signer] })
  const before = process.resourceUsage().maxRSS
  const began = performance.now()
  const opened = await gate({ report: folder, keys: [signer.key], objects: asked(), asOf, outDir: join(root, "chain") })
  for (const sentence of [...opened.problems, ...opened.distrust]) say(sentence)
  const jobs = storageJobs({ batchManifest: join(root, "delete.csv"), tags: join(root, "tags") })
  const counts = new Map<string, number>()
  for await (const answer of opened.answers) {
    jobs.add(answer)
    counts.set(answer.decision, (counts.get(answer.decision) ?? 0) + 1)
  }
  jobs.finish()
  let due = 0
  for (let number = 0; number < Math.min(objects, recordings); number += 2) if (number % 3 !== 0) due += 1
  const seconds = (performance.now() - began) / 1000
  const wrong = (counts.get("delete") ?? 0) !== due
  say(`${objects} objects against ${recordings} recordings: ${seconds.toFixed(1)} s, ${Math.round(objects / seconds)} objects/s, peak memory ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB (${(before / 1024).toFixed(0)} MiB before), ${[...counts].map(([decision, count]) => `${count} ${decision}`).join(", ")}${wrong ? "; WRONG COUNT" : ""}`)
} finally {
  if (values.keep === undefined) rmSync(root, { recursive: true, force: true })
}
