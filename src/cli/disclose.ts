import { writeFileSync } from "node:fs"
import type { VerifyingKey } from "../attest/index.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { onChain, onReport } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly recording?: string; readonly chain?: string; readonly key?: ReadonlyArray<string>; readonly idKey?: string; readonly identify?: ReadonlyArray<string>; readonly pseudonymKey?: string; readonly out?: string }

/**
 * `earshot disclose REPORT [FINDING]`: one finding, or the outcomes of one recording, with the proof that it belongs to the
 * signed report; with `--chain` the proof that the report belongs to the chain.
 */
export const discloseVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("disclose <report> [finding]").description("Disclose one finding with its proof, and nothing else.")
    .option("--recording <id>", "the outcomes of this recording instead of a finding").option("--chain <dir>", "instead: a tlog-proof that the report stands in this folder's chain, for whoever has the report alone")
    .option("--key <file...>", "public keys (PEM) that must have signed the report").option("--id-key <file>", "id key: opens the digests of the evidence to the reader")
    .option("--identify <name...>", "also prove whom a pseudonym means: names as the records write them").option("--pseudonym-key <file>", "pseudonym key, for --identify").option("--out <file>", "file to write; stdout where it is absent")
    .addHelpText("after", examples("earshot disclose reports/2026-11-22T02-00-00Z-1a2b3c4d f-0123456789abcdef0123456789abcdef --out finding.json", "earshot disclose reports/2026-11-22T02-00-00Z-1a2b3c4d --recording rec-17 --key keys/pipeline.pub"))
    .action((report: string, finding: string | undefined, flags: Flags) => work(async () => {
      const { disclose, disclosureBytes, loadSecret, loadVerifyingKeys, openPseudonym, proveInChain, statementDigestOf } = await import("../attest/index.ts")
      if ([finding, flags.recording, flags.chain].filter((one) => one !== undefined).length !== 1) throw new UsageError("Name either a finding or --recording or --chain.")
      const put = (bytes: Buffer): void => {
        if (flags.out === undefined) terminal.out(bytes.toString("utf8").trimEnd())
        else writeFileSync(flags.out, bytes, { mode: 0o600 })
      }
      if (flags.chain !== undefined) {
        put(Buffer.from(await onReport(report, environment, (folder) => onChain(flags.chain, environment, async (dir) => proveInChain(dir ?? "", await statementDigestOf(folder))))))
        return exitCodes.success
      }
      if (flags.identify !== undefined && flags.pseudonymKey === undefined) throw new UsageError("--identify needs --pseudonym-key.")
      const keys: Array<VerifyingKey> = []
      for (const file of flags.key ?? []) keys.push(...await loadVerifyingKeys(file))
      const secret = flags.pseudonymKey === undefined ? undefined : (await loadSecret(flags.pseudonymKey)).secret
      const idKey = flags.idKey === undefined ? undefined : (await loadSecret(flags.idKey)).secret
      const disclosure = await onReport(report, environment, (folder) => disclose({
        folder, of: finding === undefined ? { recording: flags.recording ?? "" } : { finding },
        identities: secret === undefined ? undefined : (flags.identify ?? []).map((name) => openPseudonym(secret, name)),
        keys: keys.length === 0 ? undefined : keys, idKey
      }))
      const proved = new Set(disclosure.identities?.map(({ subject }) => subject))
      const strange = (flags.identify ?? []).findIndex((name) => !proved.has(name))
      if (strange >= 0) throw new UsageError(`What is disclosed holds no pseudonym of name ${strange + 1} of --identify under this pseudonym key; give the name as the records write it, and the key of that report.`)
      put(disclosureBytes(disclosure))
      return exitCodes.success
    }))
}
