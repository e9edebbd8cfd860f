import { existsSync, readFileSync } from "node:fs"
import type { Disclosure, Verification, VerifyingKey } from "../attest/index.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { disclosedLines } from "./disclosed.ts"
import { UsageError } from "./failure.ts"
import { isStored, onChain, onReport, reportBeside } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly key?: ReadonlyArray<string>; readonly integrityOnly?: boolean; readonly chain?: string; readonly head?: string; readonly proof?: string; readonly witness?: ReadonlyArray<string>; readonly timestampRoot?: ReadonlyArray<string>; readonly json?: boolean }

/** What a disclosure proves, read only where its proof holds. */
const toldBy = (verification: Verification, file: string): ReadonlyArray<string> => {
  if (!verification.ok || verification.kind !== "disclosure" || verification.core === undefined) return []
  const { document, identities } = JSON.parse(readFileSync(file, "utf8")) as Disclosure
  return disclosedLines(document, verification.core, identities ?? [])
}

/** `earshot verify REPORT|DISCLOSURE`: offline; 0 where it holds, 4 where it does not. */
export const verifyVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("verify [path]").description("Verify a report folder or a disclosure, offline.")
    .option("--key <file...>", "public keys (PEM) whose signature counts").option("--integrity-only", "ask only whether the folder agrees with itself, whoever made it")
    .option("--chain <dir>", "verify the chain of reports in this folder too").option("--head <digest>", "digest of the newest statement, as remembered elsewhere")
    .option("--witness <key...>", "witnesses whose cosignatures of the chain to look for: verifier keys, or files of them")
    .option("--proof <file>", "tlog-proof that the report stands in a chain that is not here (disclose --chain makes it)")
    .option("--timestamp-root <file...>", "certificates (PEM) that must vouch for the time-stamps").option("--json", "as JSON")
    .addHelpText("after", examples("earshot verify reports/2026-11-22T02-00-00Z-1a2b3c4d --key keys/pipeline.pub", "earshot verify reports/2026-11-22T02-00-00Z-1a2b3c4d --key keys/pipeline.pub --chain reports"))
    .action((named: string | undefined, flags: Flags) => work(async () => {
      const { report: path, files } = reportBeside(named, flags.key ?? [])
      for (const place of [path, flags.chain, flags.proof].filter((one) => one !== undefined)) if (!isStored(place) && !existsSync(place)) throw new UsageError(`${place} does not exist; check the path.`)
      const { loadCertificates, loadVerifyingKeys, loadWitnesses, verify } = await import("../attest/index.ts")
      const keys: Array<VerifyingKey> = []
      for (const file of files) keys.push(...await loadVerifyingKeys(file))
      const [witnesses, timestampRoots] = [await loadWitnesses(flags.witness ?? []), await loadCertificates(flags.timestampRoot ?? [])]
      const { verification, told } = await onReport(path, environment, (folder) => onChain(flags.chain, environment, async (chainDir) => {
        const found = await verify(folder, { keys, integrityOnly: flags.integrityOnly, chainDir, head: flags.head, proof: flags.proof, witnesses, timestampRoots, now: new Date() })
        return { verification: found, told: toldBy(found, folder) }
      }))
      if (flags.json === true) terminal.out(JSON.stringify({ ok: verification.ok, signed: verification.signed, problems: verification.problems, notes: verification.notes, signers: verification.signers, witnessed: verification.witnessed, statementDigest: verification.statementDigest }, null, 2))
      else {
        for (const { file, sentence } of verification.problems) terminal.out(sentence.startsWith(file) ? sentence : `${file}: ${sentence}`)
        for (const note of verification.notes) terminal.out(`note: ${note}`)
        if (verification.ok) terminal.out(`${path} verifies${verification.signed ? "" : " (integrity only: it is UNSIGNED)"}.${verification.statementDigest === undefined ? "" : ` ${verification.kind === "disclosure" ? "Core statement" : "Statement"} ${verification.statementDigest}.`}`)
        for (const line of told) terminal.out(line)
      }
      return verification.ok ? exitCodes.success : exitCodes.unverified
    }))
}
