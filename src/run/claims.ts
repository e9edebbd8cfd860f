/**
 * Numbers of the chain that runs hold in S3. A run creates `chain/claims/<number>.json` and rewrites it every minute, each
 * time by its ETag; one that is not rewritten for five minutes is dead, and the run that rewrites it next states its number.
 * How long ago a claim was rewritten is read from the storage's own clock, so that no machine's clock matters.
 */
import { chainFolder } from "../attest/index.ts"
import { type FolderEntry, type S3Folder, StoreFailure } from "../sources/index.ts"
import { ChainBusy, type StartedRun } from "./ledger.ts"

/** A run that holds a number in S3. */
export type Claim = Omit<StartedRun, "pid" | "processStart">

/** How often a claim is rewritten, and after how long without it the run counts as dead; milliseconds. */
export type Lease = { readonly renewMs: number; readonly deadMs: number }

/** The lease of every run but those of tests. */
export const usualLease: Lease = { renewMs: 60_000, deadMs: 300_000 }

/**
 * What a claim's object says. `renewedAt` is the owner's clock, for people; `renewals` makes each content another, also
 * where that clock stands still; `takenBy` marks the claim of a dead run that another states.
 */
type Held = Claim & { readonly renewedAt: string; readonly renewals: number; readonly takenBy?: string }

/** Where claims lie below the prefix of reports. */
export const claimsFolder = `${chainFolder}/claims/`

const nameOf = (sequence: number): string => `${claimsFolder}${String(sequence).padStart(8, "0")}.json`

/** A claim is rewritten once a minute: looked at so often, one of the looks finds it at rest. */
const readsMax = 5

const isTaken = (failure: unknown): boolean => failure instanceof StoreFailure && failure.reason === "taken"

const spanOf = (ms: number): string => ms < 120_000 ? `${Math.round(ms / 1000)} seconds` : `${Math.round(ms / 60_000)} minutes`

/** How long claims live, the run's clock, and a name that no other run has. */
export type ClaimEdges = { readonly lease: Lease; readonly now: () => Date; readonly name: string }

/** The claims of one run; `close` ends the renewals. */
export class Claims {
  readonly #folder: S3Folder
  readonly #lease: Lease
  readonly #now: () => Date
  readonly #lost = new AbortController()
  /** Tells what this run takes over from what others do. */
  readonly #name: string
  /** What this run holds, by number, and the ETag of its last rewriting. */
  readonly #held = new Map<number, { readonly claim: Held; readonly etag: string }>()
  /** Rewritings follow each other, for each needs the ETag of the one before. */
  #rewriting: Promise<unknown> = Promise.resolve()
  #timer: NodeJS.Timeout | undefined

  constructor(folder: S3Folder, { lease, now, name }: ClaimEdges) {
    this.#folder = folder
    this.#lease = lease
    this.#now = now
    this.#name = name
  }

  /** Aborted, with a ChainBusy as its reason, once another run has taken over what this one held. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  /** Takes a number that nobody has and keeps it until `close`. @throws ChainBusy where another run has it. */
  async take(claim: Claim): Promise<void> {
    await this.#write(claim, undefined).catch((failure: unknown) => {
      throw isTaken(failure) ? new ChainBusy(`Another run has just taken number ${claim.sequence} of ${this.#folder.uri}; wait for it or name another report.out.`) : failure
    })
    this.#timer ??= setInterval(() => { void this.#renewAll() }, this.#lease.renewMs).unref()
  }

  /**
   * Looks at a number that is claimed and not stated, and takes it over where its run is dead: here for certain
   * (`deadHere`), elsewhere by not being heard of. @throws ChainBusy where the run may live or another run is quicker.
   */
  async takeOver(entry: FolderEntry, deadHere: (id: string) => boolean): Promise<Claim> {
    const { claim, etag, age } = await this.#read(entry)
    const busy = (then: string): ChainBusy => new ChainBusy(`Another run, begun at ${claim.startedAt}, has number ${claim.sequence} of ${this.#folder.uri}${then}; wait for it or name another report.out.`)
    if (age < this.#lease.deadMs && !deadHere(claim.id)) throw busy(` and was heard of ${spanOf(age)} ago (it counts as dead after ${spanOf(this.#lease.deadMs)} without a word)`)
    await this.#write({ ...claim, takenBy: this.#name }, etag).catch((failure: unknown) => {
      throw isTaken(failure) ? busy(", or one that has just taken it over") : failure
    })
    return claim
  }

  /** Makes sure, right before a number is stated, that it is still this run's or that of the run whose report it is. @throws ChainBusy */
  async confirm(sequence: number, id: string): Promise<void> {
    if (this.#held.has(sequence)) return this.#inTurn(() => this.#renew(sequence))
    const entry = (await this.#folder.list(nameOf(sequence))).find(({ name }) => name === nameOf(sequence))
    if (entry === undefined) return
    const { claim, etag } = await this.#read(entry)
    if (claim.id !== id || claim.takenBy !== undefined) throw this.#lostOf(sequence)
    await this.#write(claim, etag).catch((failure: unknown) => { throw isTaken(failure) ? this.#lostOf(sequence) : failure })
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** What a claim says now. One that is rewritten between the look at it and the reading is looked at again. */
  async #read({ name }: FolderEntry): Promise<{ readonly claim: Held; readonly etag: string; readonly age: number }> {
    for (let attempt = 0; attempt < readsMax; attempt++) {
      const standing = await this.#folder.standing(name)
      if (standing === undefined) throw new ChainBusy(`"${this.#folder.uri}${name}" went while it was read; run again.`)
      try {
        const claim = JSON.parse((await this.#folder.read(standing)).toString("utf8")) as Held
        return { claim, etag: standing.etag, age: standing.ageMs ?? Math.max(0, this.#now().getTime() - Date.parse(claim.renewedAt)) }
      } catch (failure) {
        if (!(failure instanceof StoreFailure && (failure.reason === "changed" || failure.reason === "missing"))) throw failure
      }
    }
    throw new ChainBusy(`"${this.#folder.uri}${name}" is rewritten again and again, so another run is at work there; wait for it or name another report.out.`)
  }

  async #write(before: Claim & Partial<Held>, replaces: string | undefined): Promise<void> {
    const claim: Held = { ...before, renewedAt: this.#now().toISOString(), renewals: (before.renewals ?? -1) + 1 }
    const etag = await this.#folder.put(nameOf(claim.sequence), { bytes: Buffer.from(`${JSON.stringify(claim)}\n`) }, replaces === undefined ? {} : { replaces })
    this.#held.set(claim.sequence, { claim, etag })
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#rewriting.then(work)
    this.#rewriting = turn.catch(() => undefined)
    return turn
  }

  async #renew(sequence: number): Promise<void> {
    const held = this.#held.get(sequence)
    if (held === undefined) return
    await this.#write(held.claim, held.etag).catch((failure: unknown) => {
      if (!isTaken(failure)) throw failure
      const lost = this.#lostOf(sequence)
      this.close()
      this.#lost.abort(lost)
      throw lost
    })
  }

  /** Storage that cannot be reached now is asked again in a minute; only another run's rewriting ends this one. */
  async #renewAll(): Promise<void> {
    for (const sequence of this.#held.keys()) await this.#inTurn(() => this.#renew(sequence)).catch(() => undefined)
  }

  #lostOf(sequence: number): ChainBusy {
    return new ChainBusy(`Number ${sequence} of ${this.#folder.uri} was taken over by another run, because this one had not been heard of for ${spanOf(this.#lease.deadMs)}; nothing was published, run again.`)
  }
}
