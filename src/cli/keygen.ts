import { join } from "node:path"
import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly out: string; readonly missing?: boolean; readonly retire?: string; readonly chain?: string }

/** `earshot keygen --out DIR`: signing key, public key, self-signed certificate, pseudonym key, id key; with `--retire` the key that follows another. */
export const keygenVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("keygen").description("Make a signing key, its public key and certificate, and the keys of pseudonyms and ids.").option("--out <dir>", "folder", "keys").option("--missing", "make only what is missing")
    .option("--retire <file>", "signing key (PEM) that the new one follows").option("--chain <dir>", "folder of reports whose signed list of keys then names both, for --retire")
    .addHelpText("after", examples("earshot keygen --out keys", "earshot keygen --out keys-2027 --retire keys/pipeline.pem --chain reports"))
    .action((flags: Flags) => work(async () => {
      if ((flags.retire === undefined) !== (flags.chain === undefined)) throw new UsageError("--retire and --chain go together.")
      const { generateKeys, loadSigner, readChain, succeedKey } = await import("../attest/index.ts")
      const [passphrase, at] = [environment["EARSHOT_KEY_PASSPHRASE"], new Date()]
      const retired = flags.retire === undefined ? undefined : await loadSigner(flags.retire, { passphrase, environment })
      const [first] = flags.chain === undefined ? [] : (await readChain(flags.chain)).entries
      const { made, kept, keyid } = await generateKeys({ out: flags.out, at, passphrase, onlyMissing: flags.missing })
      terminal.out(`${flags.out}: made ${made.length === 0 ? "nothing" : made.join(", ")}${kept.length === 0 ? "" : `; kept ${kept.join(", ")}`}. The signing key is ${keyid}.`)
      if (retired === undefined || flags.chain === undefined) return exitCodes.success
      await succeedKey({ dir: flags.chain, retired, next: await loadSigner(join(flags.out, "pipeline.pem"), { passphrase, environment }), at, since: first?.run.startedAt ?? at.toISOString() })
      terminal.out(`Runs from now on are this key's; those before stay with ${retired.key.keyid}. Name the new key in signing.keys, and keep pseudonym.key and id.key as they were: findings are recognised by them.`)
      return exitCodes.success
    }))
}
