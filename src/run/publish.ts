/**
 * Reports in S3. A run builds its report in a mirror, a folder on this machine, and puts it into S3 when it is whole. S3
 * is the truth: statements, chain files and the baseline are fetched from it first, so that a new machine goes on where
 * another ended. Nothing under the prefix is overwritten but the chain's own files, and those only by their ETag.
 */
import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import { type ChainEntry, chainFolder, isOutsideStatement, listFolder, readChain, statementFile } from "../attest/index.ts"
import { type FolderEntry, type ObjectLock, S3Folder, type S3Settings, StoreFailure } from "../sources/index.ts"
import { newestTrusted } from "./baseline.ts"
import { type Claim, type ClaimEdges, Claims, claimsFolder, type Lease, usualLease } from "./claims.ts"
import { ChainBusy, deadHere, markDead, refuseBusy } from "./ledger.ts"

/** What was fetched or put under a name: its ETag then, and for the chain's files the digest of the content. */
type Index = Record<string, { readonly etag: string; readonly sha256?: string }>

const indexFile = ".published.json"
/** Files under way at once. */
const transfersMax = 4

/** Files of the chain folder that are this machine's alone. */
const isLocalOnly = (name: string): boolean => name === "run.json" || /\.(?:part|lock)$/.test(name)

/** What the chain is read from: the statement and its bundles. */
const isStatement = (name: string): boolean => isOutsideStatement(name.slice(name.indexOf("/") + 1))

/** What a run reads of every earlier report: that, and what it says of the audit's own reads. */
const isKept = (name: string): boolean => isStatement(name) || /^[^/]+\/(?:inputs\.ndjson|summary\.json)$/.test(name)

const sha256Of = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex")

/** Runs work for each of many, a few at a time; fails with the first failure. */
const each = async <A>(many: ReadonlyArray<A>, work: (one: A) => Promise<void>): Promise<void> => {
  const rest = many.values()
  await Promise.all(Array.from({ length: transfersMax }, async () => { for (const one of rest) await work(one) }))
}

/** Fetches what the chain needs into an empty folder: statements, bundles, the chain's own files. */
export const fetchChain = async (folder: S3Folder, into: string): Promise<void> => {
  const entries = await folder.list()
  await each(entries.filter(({ name }) => isStatement(name) || (name.startsWith(`${chainFolder}/`) && !name.startsWith(claimsFolder))), (entry) => folder.fetch(entry, join(into, entry.name)))
  mkdirSync(into, { recursive: true })
}

/** Fetches a whole report into a folder. */
export const fetchReport = async (folder: S3Folder, into: string): Promise<void> => {
  const entries = await folder.list()
  if (entries.length === 0) throw new StoreFailure("missing", `There is nothing under "${folder.uri}"; name the report's own prefix, such as s3://bucket/reports/2026-11-22T02-00-00Z-1a2b3c4d.`)
  await each(entries, (entry) => folder.fetch(entry, join(into, entry.name)))
}

/** How long what is put stays locked, and the edges of its claims; the lease is the usual one where absent. */
export type PublicationOptions = Omit<ClaimEdges, "lease"> & { readonly lock?: ObjectLock; readonly lease?: Lease }

/** The reports of one prefix, and the mirror that a run works in. */
export class Publication {
  readonly mirror: string
  readonly #folder: S3Folder
  readonly #lock: ObjectLock | undefined
  readonly #index: Index
  readonly #claims: Claims

  constructor(uri: string, s3: S3Settings, mirror: string, { lock, lease = usualLease, now, name }: PublicationOptions) {
    this.#folder = new S3Folder(uri, s3)
    this.#claims = new Claims(this.#folder, { lease, now, name })
    this.mirror = mirror
    this.#lock = lock
    mkdirSync(mirror, { recursive: true, mode: 0o700 })
    const file = join(mirror, indexFile)
    this.#index = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) as Index : {}
  }

  /** Aborted once another run has taken over the number of this one. */
  get lost(): AbortSignal {
    return this.#claims.lost
  }

  /**
   * Takes over what others have published: statements, inputs, chain files, and the whole of the report that this run
   * compares with; puts what an earlier run could not. @throws ChainBusy while another run lives.
   */
  async refresh(): Promise<void> {
    refuseBusy(this.mirror)
    const entries = await this.#folder.list()
    await each(entries.filter((entry) => this.#isWanted(entry)), (entry) => this.#fetch(entry))
    this.#save()
    await this.#publishReports()
    const baseline = await newestTrusted(this.mirror)
    if (baseline !== undefined) {
      await each(entries.filter(({ name }) => name.startsWith(`${baseline}/`) && !existsSync(join(this.mirror, name))), (entry) => this.#fetch(entry))
    }
    this.#save()
    await this.#settleClaims(entries)
  }

  /** Takes a number in S3 and keeps it. What this run has stated of a dead one is put first. @throws ChainBusy where another run has it. */
  async claim(claim: Claim): Promise<void> {
    await this.#publishReports()
    await this.#claims.take(claim)
  }

  /** Puts every report that is not in S3 yet, its statement last, then the chain's files. */
  async publish(): Promise<void> {
    const remote = await this.#folder.list()
    await each(remote.filter((entry) => isKept(entry.name) && this.#isWanted(entry)), (entry) => this.#fetch(entry))
    await this.#publishReports()
    await this.#publishChain()
    await this.#prune()
  }

  close(): void {
    this.#claims.close()
    this.#folder.close()
  }

  #isWanted({ name, etag }: FolderEntry): boolean {
    const chains = name.startsWith(`${chainFolder}/`) && !name.startsWith(claimsFolder)
    return (chains || isKept(name)) && (this.#index[name]?.etag !== etag || !existsSync(join(this.mirror, name)))
  }

  async #fetch(entry: FolderEntry): Promise<void> {
    const path = join(this.mirror, entry.name)
    await this.#folder.fetch(entry, path)
    this.#index[entry.name] = { etag: entry.etag, ...(entry.name.startsWith(`${chainFolder}/`) ? { sha256: sha256Of(path) } : {}) }
  }

  #save(): void {
    const file = join(this.mirror, indexFile)
    writeFileSync(`${file}.part`, JSON.stringify(this.#index), { mode: 0o600 })
    renameSync(`${file}.part`, file)
  }

  /** A number that is claimed and not stated belongs to a run that goes on, or to a dead one that this run states. */
  async #settleClaims(entries: ReadonlyArray<FolderEntry>): Promise<void> {
    const stated = new Set((await readChain(this.mirror)).entries.map(({ sequence }) => sequence))
    const open = entries.find(({ name }) => name.startsWith(claimsFolder) && !stated.has(Number(basename(name, ".json"))))
    if (open !== undefined) markDead(this.mirror, await this.#claims.takeOver(open, (id) => deadHere(this.mirror, id)))
  }

  /** Report folders of the mirror that were never put, in the order of their names, which is that of time. */
  #unpublished(): ReadonlyArray<string> {
    return readdirSync(this.mirror, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && existsSync(join(this.mirror, entry.name, statementFile)) && this.#index[`${entry.name}/${statementFile}`] === undefined)
      .map(({ name }) => name).sort()
  }

  async #publishReports(): Promise<void> {
    for (const report of this.#unpublished()) {
      const { entries } = await readChain(this.mirror)
      const own = entries.find(({ folder }) => folder === report)
      const other = own === undefined ? undefined : entries.find(({ folder, sequence }) => folder !== report && sequence === own.sequence)
      if (other !== undefined) throw new StoreFailure("taken", this.#putAside(report, `its number ${other.sequence} is held by ${other.folder} under ${this.#folder.uri}`))
      await this.#publishReport(report, () => this.#mayState(report, own))
    }
  }

  /** Only the holder of a number states it: whoever was thought dead meanwhile puts its report aside. @throws ChainBusy */
  async #mayState(report: string, own: ChainEntry | undefined): Promise<void> {
    if (own === undefined) return
    try {
      await this.#claims.confirm(own.sequence, own.run.id)
    } catch (failure) {
      throw failure instanceof ChainBusy ? new ChainBusy(this.#putAside(report, `its number ${own.sequence} was taken over by another run`)) : failure
    }
  }

  /** Two machines that both state a number would fork the chain: the second report is put aside; gives the sentence that says so. */
  #putAside(report: string, because: string): string {
    const aside = `${this.mirror}-unpublished`
    mkdirSync(aside, { recursive: true, mode: 0o700 })
    renameSync(join(this.mirror, report), join(aside, report))
    return `The report was not published: ${because}; it is kept in ${aside}, run again.`
  }

  /** Puts a report, its statement last and only once `mayState` has let it. */
  async #publishReport(report: string, mayState: () => Promise<void>): Promise<void> {
    const { files } = await listFolder(join(this.mirror, report))
    const there = new Map((await this.#folder.list(`${report}/`)).map(({ name, bytes }) => [name, bytes]))
    const strange = [...there.keys()].find((name) => !files.includes(name.slice(report.length + 1)))
    if (strange !== undefined) throw new StoreFailure("taken", `"${this.#folder.uri}${strange}" is no file of the report that is put there; nothing is overwritten: find out who wrote it.`)
    const put = async (name: string): Promise<void> => {
      const etag = await this.#folder.put(`${report}/${name}`, { path: join(this.mirror, report, name) }, this.#lock === undefined ? {} : { lock: this.#lock })
      this.#index[`${report}/${name}`] = { etag }
    }
    await each(files.filter((name) => name !== statementFile), put)
    await mayState()
    await put(statementFile)
    this.#save()
  }

  async #publishChain(): Promise<void> {
    const folder = join(this.mirror, chainFolder)
    for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
      const name = `${chainFolder}/${file}`
      const sha256 = isLocalOnly(file) ? undefined : sha256Of(join(folder, file))
      const known = this.#index[name]
      if (sha256 === undefined || known?.sha256 === sha256) continue
      const etag = await this.#folder.put(name, { path: join(folder, file) }, { ...(this.#lock === undefined ? {} : { lock: this.#lock }), ...(known === undefined ? {} : { replaces: known.etag }) })
      this.#index[name] = { etag, sha256 }
    }
    this.#save()
  }

  /** Keeps whole only what the next run compares with and the newest; of the others what the chain needs. */
  async #prune(): Promise<void> {
    const { entries } = await readChain(this.mirror)
    const folders = readdirSync(this.mirror).filter((name) => this.#index[`${name}/${statementFile}`] !== undefined).sort()
    const whole = new Set([await newestTrusted(this.mirror), entries.at(-1)?.folder, folders.at(-1)])
    for (const folder of folders.filter((name) => !whole.has(name))) {
      const { files } = await listFolder(join(this.mirror, folder))
      for (const name of files) if (!isKept(`${folder}/${name}`)) rmSync(join(this.mirror, folder, name))
    }
  }
}

/** Where the mirror of a prefix lies: beside the evidence store. */
export const mirrorOf = (store: string, uri: string): string =>
  join(dirname(store), "published", createHash("sha256").update(uri.replace(/\/+$/, "")).digest("hex").slice(0, 16))
