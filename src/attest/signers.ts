import { AttestError } from "./AttestError.ts"
import { loadSigner } from "./keys.ts"
import type { KeyOptions, Signer } from "./keys.ts"
import { kmsSigner } from "./kms.ts"
import type { KmsKey } from "./kms.ts"
import { pkcs11Signer } from "./pkcs11.ts"
import type { Pkcs11Key } from "./pkcs11.ts"

/** Every key that signs a report, in the order in which they sign: files, then AWS KMS, then PKCS#11 tokens. */
export type SigningKeys = { readonly keys?: ReadonlyArray<string> | undefined; readonly kms?: ReadonlyArray<KmsKey> | undefined; readonly pkcs11?: ReadonlyArray<Pkcs11Key> | undefined }

/** Opens every key. Fails (`key`) with a sentence for the first that cannot be used, or where one key is named twice. */
export const openSigners = async ({ keys = [], kms = [], pkcs11 = [] }: SigningKeys, options: KeyOptions = {}): Promise<ReadonlyArray<Signer>> => {
  const signers: Array<Signer> = []
  for (const key of keys) signers.push(await loadSigner(key, options))
  for (const key of kms) signers.push(await kmsSigner(key))
  for (const key of pkcs11) signers.push(await pkcs11Signer(key, options.environment ?? process.env))
  if (new Set(signers.map(({ key }) => key.keyid)).size !== signers.length) throw new AttestError("key", "One signing key is named twice: name each once.")
  return signers
}
