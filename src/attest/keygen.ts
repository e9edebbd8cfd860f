import { createPrivateKey, generateKeyPairSync, randomBytes } from "node:crypto"
import { access, mkdir, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { selfSignedCertificate } from "./certificate.ts"
import { publicPem, signerOf } from "./keys.ts"
import type { Signer } from "./keys.ts"

/** Where and how keys are made. */
export type KeygenOptions = {
  /** Folder; made where it is missing (0700). */
  readonly out: string
  /** Start of the certificate's validity, which lasts ten years. */
  readonly at: Date
  /** Encrypts pipeline.pem (PKCS#8, AES-256-CBC). */
  readonly passphrase?: string | undefined
  /** Keeps files that exist and makes the missing ones; without it an existing file is refused. */
  readonly onlyMissing?: boolean | undefined
}

/** Names of the files that were made and of those that were kept, and the id of the signing key. */
export type Keygen = { readonly made: ReadonlyArray<string>; readonly kept: ReadonlyArray<string>; readonly keyid: string }

const certificateYears = 10

const exists = (path: string): Promise<boolean> => access(path).then(() => true, () => false)

const privatePem = (passphrase: string | undefined): string => {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" })
  const encryption = passphrase === undefined || passphrase === "" ? {} : { cipher: "aes-256-cbc", passphrase }
  return privateKey.export({ type: "pkcs8", format: "pem", ...encryption }).toString()
}

const openSigner = (pem: string, passphrase: string | undefined, path: string): Signer => {
  try {
    return signerOf(createPrivateKey({ key: pem, ...(passphrase === undefined ? {} : { passphrase }) }), path)
  } catch (error) {
    if (error instanceof AttestError) throw error
    throw new AttestError("key", `The key ${path} cannot be opened: give its passphrase in EARSHOT_KEY_PASSPHRASE, or another folder.`)
  }
}

const certificateFor = (signer: Signer, at: Date): Promise<string> => {
  const until = new Date(at)
  until.setUTCFullYear(until.getUTCFullYear() + certificateYears)
  return selfSignedCertificate(signer, { name: `Earshot pipeline ${signer.key.keyid.slice(0, 16)}`, from: at, until })
}

/**
 * Makes a pipeline's keys: pipeline.pem (ECDSA P-256, PKCS#8, 0600), pipeline.pub (SPKI), pipeline.crt (self-signed),
 * pseudonym.key and id.key (32 random bytes as hexadecimal, 0600). Never overwrites a file.
 */
export const generateKeys = async ({ out, at, passphrase, onlyMissing = false }: KeygenOptions): Promise<Keygen> => {
  await mkdir(out, { recursive: true, mode: 0o700 })
  const names = ["pipeline.pem", "pipeline.pub", "pipeline.crt", "pseudonym.key", "id.key"]
  const present = new Set<string>()
  for (const name of names) if (await exists(join(out, name))) present.add(name)
  const [first] = present
  if (first !== undefined && !onlyMissing) throw new AttestError("exists", `${join(out, first)} exists and is never overwritten: move it away, or give another folder.`)
  const pemPath = join(out, "pipeline.pem")
  const pem = present.has("pipeline.pem") ? await readFile(pemPath, "utf8") : privatePem(passphrase)
  const signer = openSigner(pem, passphrase, pemPath)
  const contents: ReadonlyArray<readonly [name: string, mode: number, text: () => string | Promise<string>]> = [
    ["pipeline.pem", 0o600, () => pem],
    ["pipeline.pub", 0o644, () => publicPem(signer.key)],
    ["pipeline.crt", 0o644, () => certificateFor(signer, at)],
    ["pseudonym.key", 0o600, () => `${randomBytes(32).toString("hex")}\n`],
    ["id.key", 0o600, () => `${randomBytes(32).toString("hex")}\n`],
  ]
  const made: Array<string> = []
  for (const [name, mode, text] of contents) {
    if (present.has(name)) continue
    await writeFile(join(out, name), await text(), { mode, flag: "wx" })
    made.push(name)
  }
  return { made, kept: names.filter((name) => present.has(name)), keyid: signer.key.keyid }
}
