/** Rows of a full list that are in quarantine: they do not fit, but they are not gone, so what they name does not end with the list. */
import { hash } from "node:crypto"

/** More of one object are not told apart. */
const namesMax = 10_000

/** Digest (SHA-256, hex) of what a record is about, by which the store knows it again; undefined where its kind or id cannot be read. */
const nameOf = (value: unknown): string | undefined => {
  const { kind, id, subject } = typeof value === "object" && value !== null ? value as { readonly kind?: unknown; readonly id?: unknown; readonly subject?: unknown } : {}
  const name = kind === "identity" ? subject : id
  return typeof kind === "string" && typeof name === "string" && name !== "" ? hash("sha256", `${kind}:${name}`, "hex") : undefined
}

/** What the rejected records of one object are about. */
export class UnfitRows {
  readonly #names: Array<string> = []
  #unknown = false

  /** Adds a source record that was rejected, as the records that it would have been; none where they are not known. */
  add(records: ReadonlyArray<unknown>): void {
    const names = records.map(nameOf)
    const known = names.filter((name) => name !== undefined)
    if (known.length === 0 || known.length < names.length || this.#names.length + known.length > namesMax) this.#unknown = true
    else this.#names.push(...known)
  }

  /** Their digests; undefined where one could not be told, so that anything may be among them. */
  names(): ReadonlyArray<string> | undefined {
    return this.#unknown ? undefined : this.#names
  }
}
