/**
 * What can go wrong in this room, by who has to act: `key` (a key is missing or unusable), `format` (a file is not
 * what it should be), `proof` (a signature, digest or proof does not hold), `unsigned` (the report has no signature),
 * `notFound` (the report does not hold what was asked for), `exists` (a file would be overwritten), `signer` (KMS or a
 * token did not sign).
 */
export type AttestReason = "key" | "format" | "proof" | "unsigned" | "notFound" | "exists" | "signer"

/** A failure of signing or proof; `message` is one sentence for the person who has to act and holds no secrets. */
export class AttestError extends Error {
  readonly _tag = "AttestError"
  readonly reason: AttestReason

  constructor(reason: AttestReason, sentence: string) {
    super(sentence)
    this.name = "AttestError"
    this.reason = reason
  }
}
