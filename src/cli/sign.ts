import { exitCodes } from "../run/exit-codes.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot sign REPORT --key FILE`: a countersignature, of the compliance officer say. */
export const signVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("sign <report>").description("Countersign a report.").requiredOption("--key <file>", "the signer's private key (PEM) or env:NAME").option("--trust <file...>", "public keys (PEM) that must have signed it already")
    .addHelpText("after", examples("earshot sign reports/2026-11-22T02-00-00Z-1a2b3c4d --key officer.pem --trust keys/pipeline.pub", "earshot sign reports/2026-11-22T02-00-00Z-1a2b3c4d --key env:OFFICER_KEY"))
    .action((report: string, flags: { readonly key: string; readonly trust?: ReadonlyArray<string> }) => work(async () => {
      const { countersign, loadSigner, loadVerifyingKeys } = await import("../attest/index.ts")
      const signer = await loadSigner(flags.key, { passphrase: environment["EARSHOT_KEY_PASSPHRASE"] })
      const keys = []
      for (const file of flags.trust ?? []) keys.push(...await loadVerifyingKeys(file))
      const verification = await countersign(report, signer, { keys, integrityOnly: keys.length === 0 })
      for (const { file, sentence } of verification.problems) terminal.out(sentence.startsWith(file) ? sentence : `${file}: ${sentence}`)
      if (verification.ok) terminal.out(`${report} is countersigned by key ${signer.key.keyid}.`)
      return verification.ok ? exitCodes.success : exitCodes.unverified
    }))
}
