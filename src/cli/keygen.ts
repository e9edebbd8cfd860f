import { exitCodes } from "../run/exit-codes.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot keygen --out DIR`: signing key, public key, self-signed certificate, pseudonym key, id key. */
export const keygenVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("keygen").description("Make a signing key, its public key and certificate, and the keys of pseudonyms and ids.").option("--out <dir>", "folder", "keys").option("--missing", "make only what is missing")
    .addHelpText("after", examples("earshot keygen --out keys", "EARSHOT_KEY_PASSPHRASE=… earshot keygen --out keys"))
    .action((flags: { readonly out: string; readonly missing?: boolean }) => work(async () => {
      const { generateKeys } = await import("../attest/index.ts")
      const { made, kept, keyid } = await generateKeys({ out: flags.out, at: new Date(), passphrase: environment["EARSHOT_KEY_PASSPHRASE"], onlyMissing: flags.missing })
      terminal.out(`${flags.out}: made ${made.length === 0 ? "nothing" : made.join(", ")}${kept.length === 0 ? "" : `; kept ${kept.join(", ")}`}. The signing key is ${keyid}.`)
      return exitCodes.success
    }))
}
