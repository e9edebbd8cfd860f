import { hmac } from "./digest.ts"

/**
 * What lets one reader check one record's digest, and nobody try contents against the others: the record's own key
 * HMAC-SHA-256(idKey, kind NUL id), hex, with kind and id as the report writes them.
 */
export type OpenedRecord = { readonly kind: string; readonly id: string; readonly opening: string }

const recordKey = (idKey: Uint8Array, kind: string, id: string): Buffer => hmac(idKey, `${kind}\0${id}`)

/** A record's digest as a report may publish it: HMAC-SHA-256(the record's own key, its SHA-256 in hex), hex. */
export const recordDigest = (idKey: Uint8Array, kind: string, id: string, sha256: string): string => hmac(recordKey(idKey, kind, id), sha256).toString("hex")

/** The opening of one record's digest, for one reader. */
export const openRecord = (idKey: Uint8Array, kind: string, id: string): OpenedRecord => ({ kind, id, opening: recordKey(idKey, kind, id).toString("hex") })

/** True where the published digest is that of a record whose SHA-256 (hex) the reader has computed from the source. */
export const opensRecord = ({ opening }: OpenedRecord, published: string, sha256: string): boolean =>
  /^[0-9a-f]{64}$/.test(opening) && hmac(Buffer.from(opening, "hex"), sha256).toString("hex") === published
