import type { X509Certificate } from "node:crypto"
import type { Cosigned } from "./cosignature.ts"
import { envelopeBytes } from "./dsse.ts"
import type { Envelope, SignatureCheck } from "./dsse.ts"
import type { VerifyingKey } from "./keys.ts"
import type { Statement } from "./statement.ts"

/** One thing that does not hold: the file at fault (relative to the folder) and a sentence for a person. */
export type Problem = { readonly file: string; readonly sentence: string }

/** Whom a document was signed by, as far as the given keys can tell. */
export type SignerSeen = SignatureCheck

/** What `verify` found out. `ok` is true only where nothing at all is wrong. */
export type Verification = {
  readonly ok: boolean
  readonly kind: "report" | "failure" | "disclosure" | "unknown"
  /** False for a report marked UNSIGNED. */
  readonly signed: boolean
  readonly problems: ReadonlyArray<Problem>
  /** What a reader should know though it is no fault, for instance that the newest report needs a head. */
  readonly notes: ReadonlyArray<string>
  readonly signers: ReadonlyArray<SignerSeen>
  /** The final statement (or the failure's); of a disclosure the core statement. */
  readonly statement?: Statement
  readonly core?: Statement
  /** Which witnesses cosigned how many statements of the chain, most first; only where the chain was verified. */
  readonly witnessed?: ReadonlyArray<Cosigned & { readonly size: number }>
  /** What `--head` expects. */
  readonly statementDigest?: string
}

/** Whose signatures count. `integrityOnly` asks only whether the folder agrees with itself, whoever made it. */
export type Trust = {
  readonly keys: ReadonlyArray<VerifyingKey>
  readonly integrityOnly?: boolean | undefined
  /** Certificates of time-stamping authorities' roots; without one a time-stamp is checked but nobody vouches for its clock. */
  readonly timestampRoots?: ReadonlyArray<X509Certificate> | undefined
}

/** Sentences about an envelope's signatures; none where at least one given key signed and no signature is broken. */
export const signatureProblems = (envelope: Envelope, checks: ReadonlyArray<SignatureCheck>, { keys, integrityOnly = false }: Trust): ReadonlyArray<string> => {
  const problems = checks.filter(({ state }) => state === "invalid").map(({ keyid }) => `The signature of key ${keyid} does not verify: the statement or the signature was changed.`)
  if (new Set(envelope.signatures.map(({ keyid }) => keyid)).size !== envelope.signatures.length) problems.push("One key is named by two signatures.")
  for (const [index, check] of checks.entries()) {
    if (check.state === "verified" && envelope.signatures[index]?.keyid !== check.keyid) problems.push(`The signature of key ${check.keyid} is filed under another key's id.`)
  }
  if (integrityOnly) return problems
  if (envelope.signatures.length === 0) return [...problems, "It is UNSIGNED: nobody vouches for it."]
  if (keys.length === 0) return [...problems, "No public key was given: give the signer's with --key, or ask for --integrity-only."]
  if (!checks.some(({ state }) => state === "verified")) problems.push("None of the given keys signed it: give the key of the pipeline that made it.")
  return problems
}

/** Our own files are compared byte by byte with the only form in which we write an envelope, so that white space counts too. */
export const isAsWritten = (envelope: Envelope, bytes: Uint8Array): boolean => envelopeBytes(envelope).equals(bytes)
