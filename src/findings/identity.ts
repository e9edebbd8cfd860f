import { createHmac } from "node:crypto"

/** Where the pipeline names no idKey: ids stay stable, but proofs of disclosure can then be guessed. */
export const publicIdKey: Uint8Array = new TextEncoder().encode("earshot id key, public constant")

/**
 * The id of a finding: `f-` and 128 bits of HMAC-SHA-256(idKey, control, unit), hex.
 * It never changes with the run, the policy or the pseudonym key, so waivers, diffs and tickets survive.
 */
export const findingId = (idKey: Uint8Array, control: string, unit: string): string =>
  `f-${createHmac("sha256", idKey).update(`${control}\0${unit}`, "utf8").digest("hex").slice(0, 32)}`
