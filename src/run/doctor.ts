import { accessSync, constants, existsSync, mkdirSync, statfsSync, statSync } from "node:fs"
import { dirname, join } from "node:path"
import { AttestError, type KeyOptions, loadCertificates, loadSecret, loadSigner, openSigners, readKeyList, timestampAuthority } from "../attest/index.ts"
import { readCatalogue } from "../controls/index.ts"
import { EvidenceStore } from "../evidence/index.ts"
import { type Channel, lacking } from "../notify/index.ts"
import { count } from "../report/index.ts"
import { isRemote, StoreFailure, Stores } from "../sources/index.ts"
import { type Examination, failure, ok, warning } from "./examination.ts"
import { examineChain } from "./examine-chain.ts"
import { examineS3 } from "./examine-s3.ts"
import { selectControls } from "./selection.ts"
import type { RunSettings } from "./settings.ts"

const gigabyte = 1024 ** 3

const existing = (path: string): string => (existsSync(path) || dirname(path) === path ? path : existing(dirname(path)))

const examineFolder = (subject: string, path: string): ReadonlyArray<Examination> => {
  const folder = existing(path)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    return [failure(subject, `${folder} may not be written; change its permissions or name another place.`)]
  }
  const { bavail, bsize } = statfsSync(folder)
  const free = (bavail * bsize) / gigabyte
  const text = `${folder} may be written and has ${free.toFixed(1)} GB free`
  return [free < 2 ? warning(subject, `${text}; a first night needs about twice the size of its sources.`) : ok(subject, `${text}.`)]
}

const examineKey = async (subject: string, reference: string, willBeMade: boolean, load: () => Promise<{ readonly warnings: ReadonlyArray<string> }>): Promise<ReadonlyArray<Examination>> => {
  if (willBeMade && !existsSync(reference)) return [warning(subject, `${reference} does not exist; the first run makes it (signing.create).`)]
  try {
    const { warnings } = await load()
    return warnings.length === 0 ? [ok(subject, `${reference} can be used.`)] : warnings.map((sentence) => warning(subject, sentence))
  } catch (error) {
    return [failure(subject, error instanceof Error ? error.message : `${reference} cannot be used.`)]
  }
}

/** Asks for a time-stamp of nothing in particular. A report is made without one, so that its absence is a warning. */
const examineAuthority = async ({ url, certificates }: NonNullable<RunSettings["timestamp"]>): Promise<Examination> => {
  try {
    await timestampAuthority(url, { roots: await loadCertificates(certificates) })(Buffer.from("earshot doctor"))
    return ok("time-stamps", `${url} gives time-stamps.`)
  } catch (error) {
    return error instanceof AttestError && error.reason === "key" ? failure("time-stamps", error.message) : warning("time-stamps", error instanceof Error ? error.message : `${url} gives no time-stamps.`)
  }
}

/** A key that the chain's list of keys has retired: what it signs now counts for nobody who was given the new one. */
const examineRetirement = async ({ report, signingKeys }: RunSettings, options: KeyOptions, now: Date): Promise<ReadonlyArray<Examination>> => {
  const found: Array<Examination> = []
  for (const file of isRemote(report.out) ? [] : signingKeys) {
    const key = await loadSigner(file, options).then((signer) => signer.key, () => undefined)
    const list = key === undefined ? undefined : await readKeyList(report.out, [key]).catch(() => undefined)
    const listed = list?.keys.find((one) => one.key.keyid === key?.keyid)
    if (listed?.until !== undefined && Date.parse(listed.until) <= now.getTime()) found.push(failure("signing key", `${file} was retired at ${listed.until}: a report that it signs now does not verify by the key that took its place. Name the new key in signing.keys.`))
  }
  return found
}

const examineKeys = async (settings: RunSettings, environment: Readonly<Record<string, string | undefined>>): Promise<ReadonlyArray<Examination>> => {
  const { report, signingKeys, devices = {} } = settings
  const passphrase = environment["EARSHOT_KEY_PASSPHRASE"]
  const made = settings.makesKeys === true
  const found: Array<Examination> = []
  if (signingKeys.length + (devices.kms ?? []).length + (devices.pkcs11 ?? []).length === 0) found.push(warning("signing key", "There is none, so reports are UNSIGNED and gate and disclose refuse them; earshot keygen makes one."))
  for (const key of signingKeys) found.push(...await examineKey("signing key", key, made, () => loadSigner(key, { passphrase, environment })))
  for (const kms of devices.kms ?? []) found.push(...await examineKey("signing key", kms.keyId, false, () => openSigners({ kms: [kms] }).then(() => ({ warnings: [] }))))
  for (const token of devices.pkcs11 ?? []) found.push(...await examineKey("signing key", `${token.key} of the token ${token.token}`, false, () => openSigners({ pkcs11: [token] }, { environment }).then(() => ({ warnings: [] }))))
  if (settings.timestamp !== undefined) found.push(await examineAuthority(settings.timestamp))
  if (report.pseudonymKey !== undefined) found.push(...await examineKey("pseudonym key", report.pseudonymKey, made, () => loadSecret(report.pseudonymKey ?? "", { environment })))
  if (report.idKey === undefined) found.push(warning("id key", "There is none, so disclosure proofs can be guessed; earshot keygen makes one."))
  else found.push(...await examineKey("id key", report.idKey, made, () => loadSecret(report.idKey ?? "", { environment })))
  return found
}

/** Lists a source to its first object and opens it, as the run would. */
const examineSource = async (stores: Stores, id: string, uri: string, signal: AbortSignal): Promise<Examination> => {
  const subject = `source ${id}`
  try {
    const store = stores.of(uri)
    for await (const entry of store.list(uri, { signal })) {
      const object = await store.open(entry, signal)
      try {
        for await (const piece of object.bytes) if (piece.length > 0) break
      } finally {
        await object.close()
      }
      return ok(subject, `${uri} can be listed and read.`)
    }
    return warning(subject, `${uri} holds no object.`)
  } catch (error) {
    return failure(subject, error instanceof StoreFailure ? error.message : `${uri} cannot be read.`)
  }
}

/** A clock behind the sources' newest object would hide what happened since. */
const examineClock = (settings: RunSettings, now: Date): Examination => {
  const store = settings.evidence.store
  if (store !== ":memory:" && existsSync(store) && statSync(store).mtimeMs > now.getTime() + 60_000) return failure("clock", "The clock is behind the evidence store's last change; set it before anything is judged.")
  return now.getUTCFullYear() < 2026 ? failure("clock", `The clock says ${now.toISOString()}; set it before anything is judged.`) : ok("clock", `The clock says ${now.toISOString()}.`)
}

/** Opens the store as a run would: another run may hold it, and it tells of every contact, so that others must not read it. */
const examineStore = async ({ evidence }: RunSettings): Promise<ReadonlyArray<Examination>> => {
  if (!existsSync(evidence.store)) return []
  const open = (statSync(evidence.store).mode & 0o077) === 0 ? [] : [warning("evidence store", `${evidence.store} may be read by others; chmod 600 it.`)]
  try {
    const store = await EvidenceStore.open({ path: evidence.store, memory: evidence.memory, threads: 1 })
    store.close()
    return open
  } catch (error) {
    return [...open, failure("evidence store", error instanceof Error ? error.message : `${evidence.store} cannot be opened.`)]
  }
}

/** Checks what a run would need, without reading, judging or writing anything but empty folders. */
export const examine = async (settings: RunSettings, environment: Readonly<Record<string, string | undefined>>, now: Date, signal: AbortSignal, notify: ReadonlyArray<Channel> = []): Promise<ReadonlyArray<Examination>> => {
  const controls = selectControls(await readCatalogue(settings.controlFolders), settings)
  const found: Array<Examination> = [
    ok("configuration", `${settings.file}: ${count(settings.sources.length, "source")}, ${count(settings.packs.length, "policy pack")}, ${count(controls.length, "control")}.`),
    examineClock(settings, now), ...await examineKeys(settings, environment), ...await examineRetirement(settings, { passphrase: environment["EARSHOT_KEY_PASSPHRASE"], environment }, now),
    ...lacking(notify, environment).map(({ channel, problem }) => problem === undefined ? ok(channel, "It can be told; nothing was sent.") : warning(channel, `It would not be told: ${problem}.`))
  ]
  if (!isRemote(settings.report.out)) found.push(...examineFolder("report folder", settings.report.out))
  found.push(...await examineS3(settings, now, signal))
  if (settings.evidence.store !== ":memory:") {
    found.push(...examineFolder("evidence store", settings.evidence.store), ...await examineStore(settings))
    mkdirSync(join(dirname(settings.evidence.store)), { recursive: true, mode: 0o700 })
  }
  const stores = new Stores({ baseFolder: settings.baseFolder, ...(settings.s3 === undefined ? {} : { s3: settings.s3 }) })
  try {
    for (const source of settings.sources) found.push(await examineSource(stores, source.id, source.uri, signal))
    found.push(...await examineChain(settings, now))
  } finally {
    stores.close()
  }
  return found
}
