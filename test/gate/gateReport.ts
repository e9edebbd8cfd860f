import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import type { Signer, StatedRun } from "../../src/attest/index.ts"
import { writeCore, writeFinal } from "../../src/attest/index.ts"
import type { GateAnswer, GateRequest, RetentionLine } from "../../src/gate/index.ts"
import { gate } from "../../src/gate/index.ts"
import { ecdsa, freshFolder, run, writeFiles } from "../attest/sampleReport.ts"

export const sha = "a".repeat(64)

/** A recording that is due and that nothing keeps. */
export const dueLine = (changes: Partial<RetentionLine> = {}): RetentionLine => ({
  recordingId: "r1", contactId: "k1", uri: "s3://recordings/r1.wav", versionId: "v1", sha256: sha, deleteBy: "2026-06-01T00:00:00Z", deleteRule: "qa-audio",
  persons: ["c1"], names: "clear", rules: ["qa-audio"], decision: "delete", reasons: ["due:qa-audio"], ...changes
})

export const object = { uri: "s3://recordings/r1.wav", versionId: "v1", sha256: sha }

/** Writes and signs a report whose retention.ndjson holds these lines. */
export const reportOf = async (lines: ReadonlyArray<RetentionLine>, { signer = ecdsa(), signers, changes = {}, summary }: { readonly signer?: Signer; readonly signers?: ReadonlyArray<Signer>; readonly changes?: Partial<StatedRun>; readonly summary?: object } = {}): Promise<{ readonly folder: string; readonly signer: Signer }> => {
  const folder = join(await freshFolder(), "report")
  await writeFiles(folder)
  await writeFile(join(folder, "retention.ndjson"), lines.map((line) => `${JSON.stringify(line)}\n`).join(""))
  if (summary !== undefined) await writeFile(join(folder, "summary.json"), JSON.stringify({ ...JSON.parse(await readFile(join(folder, "summary.json"), "utf8")) as object, ...summary }))
  const keys = signers ?? [signer]
  const core = await writeCore({ folder, facts: { run: run(changes) }, signers: keys })
  await writeFinal({ folder, core, signers: keys })
  return { folder, signer }
}

/** Asks the gate and reads every answer. */
export const ask = async (request: Omit<GateRequest, "asOf" | "outDir"> & Partial<Pick<GateRequest, "asOf" | "outDir">>): Promise<{ readonly answers: ReadonlyArray<GateAnswer>; readonly verified: boolean; readonly distrust: ReadonlyArray<string>; readonly outDir: string }> => {
  const outDir = request.outDir ?? await freshFolder()
  const opened = await gate({ asOf: "2026-06-30T12:00:00Z", ...request, outDir })
  const answers: Array<GateAnswer> = []
  for await (const answer of opened.answers) answers.push(answer)
  return { answers, verified: opened.verified, distrust: opened.distrust, outDir }
}
