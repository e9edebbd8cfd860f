import { existsSync } from "node:fs"
import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { isStored } from "./reports.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly key?: string; readonly kms?: string; readonly region?: string; readonly pkcs11?: string; readonly token?: string; readonly label?: string; readonly pin?: string; readonly trust?: ReadonlyArray<string>; readonly timestamp?: string }

const tokenOf = ({ pkcs11, token, label, pin }: Flags): ReadonlyArray<{ readonly module: string; readonly token: string; readonly key: string; readonly pin: string }> => {
  if (pkcs11 === undefined) return []
  if (token === undefined || label === undefined || pin === undefined) throw new UsageError("--pkcs11 needs --token, --label and --pin.")
  return [{ module: pkcs11, token, key: label, pin }]
}

/** `earshot sign REPORT --key FILE`: a countersignature, of the compliance officer say. */
export const signVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("sign <report>").description("Countersign a report.").option("--key <file>", "the signer's private key (PEM) or env:NAME").option("--trust <file...>", "public keys (PEM) that must have signed it already")
    .option("--pkcs11 <module>", "sign with a key on a token: its PKCS#11 library").option("--token <label>", "label of the token").option("--label <label>", "label of the key").option("--pin <env:NAME>", "variable that holds the PIN")
    .option("--kms <key>", "sign with a key of AWS KMS: its ARN, id or alias").option("--region <region>", "region of the KMS key").option("--timestamp <url>", "RFC 3161 authority that time-stamps the signature")
    .addHelpText("after", examples("earshot sign reports/2026-11-22T02-00-00Z-1a2b3c4d --key officer.pem --trust keys/pipeline.pub", "earshot sign reports/2026-11-22T02-00-00Z-1a2b3c4d --pkcs11 /usr/lib/softhsm/libsofthsm2.so --token officer --label signing --pin env:OFFICER_PIN"))
    .action((report: string, flags: Flags) => work(async () => {
      if ([flags.key, flags.kms, flags.pkcs11].filter((one) => one !== undefined).length !== 1) throw new UsageError("Name the signer's key with one of --key, --kms and --pkcs11.")
      if (isStored(report)) throw new UsageError("sign writes into the report, so it wants a folder: name the local folder that holds it.")
      if (!existsSync(report)) throw new UsageError(`${report} does not exist; check the path.`)
      const { countersign, loadVerifyingKeys, openSigners, timestampAuthority } = await import("../attest/index.ts")
      const [signer] = await openSigners({ keys: flags.key === undefined ? [] : [flags.key], kms: flags.kms === undefined ? [] : [{ keyId: flags.kms, region: flags.region }], pkcs11: tokenOf(flags) }, { passphrase: environment["EARSHOT_KEY_PASSPHRASE"], environment })
      if (signer === undefined) throw new UsageError("There is no key to sign with.")
      const keys = []
      for (const file of flags.trust ?? []) keys.push(...await loadVerifyingKeys(file))
      const verification = await countersign(report, signer, { keys, integrityOnly: keys.length === 0 }, flags.timestamp === undefined ? undefined : timestampAuthority(flags.timestamp))
      for (const { file, sentence } of verification.problems) terminal.out(sentence.startsWith(file) ? sentence : `${file}: ${sentence}`)
      if (verification.ok) terminal.out(`${report} is countersigned by key ${signer.key.keyid}.`)
      return verification.ok ? exitCodes.success : exitCodes.unverified
    }))
}
