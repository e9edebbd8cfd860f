import { mkdir, readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { chainFolder } from "./checkpoint.ts"
import { canonicalBytes } from "./canonical.ts"
import { checkSignatures, envelopeBytes, parseEnvelope, signEnvelope } from "./dsse.ts"
import { AttestError } from "./AttestError.ts"
import { publicPem, verifyingKeysOf } from "./keys.ts"
import type { Signer, VerifyingKey } from "./keys.ts"

/** A key with the time in which runs may be signed with it. RFC 3339, UTC; no `until`: still in use. */
export type ListedKey = { readonly key: VerifyingKey; readonly from: string; readonly until?: string }

const payloadType = "application/vnd.earshot.keys.v1+json"
const fileName = "keys.dsse.json"

/** Writes `<dir>/chain/keys.dsse.json`: every key of the chain and its validity, signed; a new key is signed by the one before. */
export const writeKeyList = async (dir: string, keys: ReadonlyArray<ListedKey>, signers: ReadonlyArray<Signer>): Promise<void> => {
  const listed = keys.map(({ key, from, until }) => ({ keyid: key.keyid, pem: publicPem(key), from, ...(until === undefined ? {} : { until }) }))
  const envelope = await signEnvelope(payloadType, canonicalBytes({ keys: listed }), signers)
  const path = join(dir, chainFolder, fileName)
  await mkdir(join(dir, chainFolder), { recursive: true })
  await writeFile(`${path}.part`, envelopeBytes(envelope))
  await rename(`${path}.part`, path)
}

const isEntry = (value: unknown): value is { readonly pem: string; readonly from: string; readonly until?: string } => {
  if (typeof value !== "object" || value === null) return false
  const { pem, from, until } = value as Readonly<Record<string, unknown>>
  return typeof pem === "string" && typeof from === "string" && !Number.isNaN(Date.parse(from)) && (until === undefined || (typeof until === "string" && !Number.isNaN(Date.parse(until))))
}

/**
 * Reads the list of keys. `undefined` where there is none; `trusted` is false where none of the given keys signed it,
 * and its keys are not to be used then. Throws AttestError (`format`) for a list that cannot be read.
 */
export const readKeyList = async (dir: string, keys: ReadonlyArray<VerifyingKey>): Promise<{ readonly trusted: boolean; readonly keys: ReadonlyArray<ListedKey> } | undefined> => {
  const where = join(chainFolder, fileName)
  const bytes = await readFile(join(dir, chainFolder, fileName)).catch(() => undefined)
  if (bytes === undefined) return undefined
  const envelope = parseEnvelope(bytes, where)
  const trusted = envelope.payloadType === payloadType && checkSignatures(envelope, keys).some(({ state }) => state === "verified")
  if (!trusted) return { trusted, keys: [] }
  const { keys: entries } = JSON.parse(envelope.payload.toString("utf8")) as { readonly keys?: unknown }
  const listed = (Array.isArray(entries) ? entries : []).filter(isEntry)
  return { trusted, keys: listed.flatMap(({ pem, from, until }) => verifyingKeysOf(pem, where).map((key) => ({ key, from, ...(until === undefined ? {} : { until }) }))) }
}

/** Keys with which a run that started at a time may be signed: the given ones, and listed ones valid then. */
export const keysAt = (given: ReadonlyArray<VerifyingKey>, listed: ReadonlyArray<ListedKey>, startedAt: string): ReadonlyArray<VerifyingKey> => {
  const at = Date.parse(startedAt)
  const valid = listed.filter(({ from, until }) => Date.parse(from) <= at && (until === undefined || at < Date.parse(until)))
  return [...given, ...valid.map(({ key }) => key)]
}

/** A key that takes the place of another. */
export type Succession = {
  /** The folder of reports. */
  readonly dir: string
  readonly retired: Signer
  readonly next: Signer
  /** When: runs that start from now on are the new key's. */
  readonly at: Date
  /** Start of the first run of the chain (RFC 3339), from which the retired key counts where there is no list yet. */
  readonly since: string
}

/**
 * Lets one signing key follow another: the retired one ends, the new one begins, and both sign the list, so that whoever
 * holds either can check every report of the chain. Fails (`proof`) where the list that stands is not the retired key's.
 */
export const succeedKey = async ({ dir, retired, next, at, since }: Succession): Promise<void> => {
  if (retired.key.keyid === next.key.keyid) throw new AttestError("key", "A signing key cannot follow itself: name another folder for the new one.")
  const list = await readKeyList(dir, [retired.key])
  if (list !== undefined && !list.trusted) throw new AttestError("proof", `${join(chainFolder, fileName)} is not signed by the key that is to be retired: name the one that signed it.`)
  const before = list?.keys ?? [{ key: retired.key, from: since }]
  const ended = before.map((one): ListedKey => (one.key.keyid === retired.key.keyid && one.until === undefined ? { ...one, until: at.toISOString() } : one))
  await writeKeyList(dir, [...ended, { key: next.key, from: at.toISOString() }], [retired, next])
}
