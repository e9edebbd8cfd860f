import { spawn } from "node:child_process"
import { createPublicKey, X509Certificate } from "node:crypto"
import type { KeyObject } from "node:crypto"
import { AttestError } from "./AttestError.ts"
import { sha256 } from "./digest.ts"
import { verifyingKey, verifySignature } from "./keys.ts"
import type { Signer } from "./keys.ts"

/** A key that lives on a token: the library that speaks to it, the labels of token and key, and the variable that holds the PIN (`env:NAME`). */
export type Pkcs11Key = { readonly module: string; readonly token: string; readonly key: string; readonly pin: string }

type Speak = (args: ReadonlyArray<string>, input?: Uint8Array) => Promise<Buffer | undefined>
type Environment = Readonly<Record<string, string | undefined>>

const tool = "pkcs11-tool"
const patienceMs = 30_000

/** Runs OpenSC's pkcs11-tool; `undefined` where it ends with a failure. The PIN is in the environment, never in the arguments. */
const speak = (args: ReadonlyArray<string>, input: Uint8Array, environment: Environment): Promise<Buffer | undefined> =>
  new Promise((resolve, reject) => {
    const child = spawn(tool, args, { env: { ...environment, LC_ALL: "C" }, stdio: ["pipe", "pipe", "ignore"], timeout: patienceMs })
    const chunks: Array<Buffer> = []
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk))
    child.on("error", () => { reject(new AttestError("key", `${tool} cannot be started: install OpenSC (Debian: opensc), which speaks to PKCS#11 tokens.`)) })
    child.on("close", (code) => { resolve(code === 0 ? Buffer.concat(chunks) : undefined) })
    // A tool that ends early closes its input; its exit code tells what that means.
    child.stdin.on("error", () => undefined)
    child.stdin.end(input)
  })

/** Older versions of the tool give DER, newer ones PEM for some kinds of keys. */
const publicKeyOf = (bytes: Buffer): KeyObject | undefined => {
  try {
    return bytes.toString("latin1").startsWith("-----BEGIN") ? createPublicKey(bytes) : createPublicKey({ key: bytes, format: "der", type: "spki" })
  } catch {
    return undefined
  }
}

const certificateKeyOf = (bytes: Buffer): KeyObject | undefined => {
  try {
    return new X509Certificate(bytes).publicKey
  } catch {
    return undefined
  }
}

/** Ids (hexadecimal) of the private keys with a label, from the tool's list of objects. */
const idsOf = (list: string, label: string): ReadonlyArray<string> =>
  list.split(/^(?=Private Key Object)/m).filter((one) => /^ +label: +(.*)$/m.exec(one)?.[1] === label).flatMap((one) => /^ +ID: +([0-9a-f]+)$/m.exec(one)?.[1] ?? [])

/** The public half: an object of its own, or else in a certificate with the same id. */
const readPublicKey = async (speakTo: Speak, id: string): Promise<KeyObject | undefined> => {
  const read = (type: string): Promise<Buffer | undefined> => speakTo(["--read-object", "--type", type, "--id", id])
  const plain = await read("pubkey")
  const own = plain === undefined ? undefined : publicKeyOf(plain)
  if (own !== undefined) return own
  const certificate = await read("cert")
  return certificate === undefined ? undefined : certificateKeyOf(certificate)
}

/**
 * A signer whose key never leaves a PKCS#11 token, ECDSA P-256, through OpenSC's pkcs11-tool: the token signs a SHA-256
 * digest made here, and each signature is verified before it is used. Fails with `key` where the token, the key or the
 * PIN is wrong, and signing with `signer` where the token does not sign.
 */
export const pkcs11Signer = async (place: Pkcs11Key, environment: Environment = process.env): Promise<Signer> => {
  const { module, token, key: label, pin } = place
  const where = `${label} of the token ${token}`
  if (!pin.startsWith("env:")) throw new AttestError("key", `The PIN of ${where} is given as env:NAME, never as itself.`)
  if ((environment[pin.slice(4)] ?? "") === "") throw new AttestError("key", `The environment variable ${pin.slice(4)} that should hold the PIN of ${where} is not set.`)
  const speakTo: Speak = (args, input = Buffer.alloc(0)) => speak(["--module", module, "--token-label", token, "--login", "--pin", pin, ...args], input, environment)
  // The tool finds a key to sign with by its id only.
  const ids = idsOf((await speakTo(["--list-objects", "--type", "privkey"]))?.toString("utf8") ?? "", label)
  const [id = ""] = ids
  if (ids.length > 1) throw new AttestError("key", `Several keys are named ${where}: give each a label of its own.`)
  const found = id === "" ? undefined : await readPublicKey(speakTo, id)
  if (found === undefined) throw new AttestError("key", `The key ${where} cannot be read: check the module, the labels and the PIN with ${tool} --module ${module} --list-objects.`)
  const key = verifyingKey(found, where)
  // pkcs11-tool gives a token at most a kilobyte at once, and Ed25519 wants the whole message at once.
  if (key.algorithm !== "ECDSA-P256") throw new AttestError("key", `The key ${where} is not ECDSA P-256, the only kind that is used on a token: make one with ${tool} --keypairgen --key-type EC:prime256v1.`)
  return {
    key,
    sign: async (message) => {
      const signature = await speakTo(["--sign", "--mechanism", "ECDSA", "--signature-format", "openssl", "--id", id], sha256(message))
      if (signature === undefined || !verifySignature(key, message, signature)) throw new AttestError("signer", `The key ${where} did not sign: check that the token is there and that its key may sign.`)
      return signature
    },
  }
}
