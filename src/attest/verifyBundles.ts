import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import type { Envelope, EnvelopeSignature } from "./dsse.ts"
import { statementFile } from "./reportFolder.ts"
import type { FolderListing } from "./reportFolder.ts"
import { bundleBytes, bundleName, isBundleName, timestampsOf } from "./sigstore.ts"
import { checkTimestamp } from "./timestamp.ts"
import type { Timestamp } from "./timestamp.ts"
import type { Problem, Trust } from "./verification.ts"

/** What the bundles of a folder show: problems, and the time-stamps that hold. */
export type BundleCheck = { readonly problems: ReadonlyArray<Problem>; readonly timestamps: ReadonlyArray<Timestamp> }

const checkTimestamps = (file: string, signature: Buffer, responses: ReadonlyArray<Buffer>, { timestampRoots = [] }: Trust): BundleCheck => {
  const problems: Array<Problem> = []
  const timestamps: Array<Timestamp> = []
  for (const response of responses) {
    try {
      const timestamp = checkTimestamp(response, signature, timestampRoots)
      timestamps.push(timestamp)
      if (timestampRoots.length > 0 && !timestamp.trusted) problems.push({ file, sentence: `${file} holds a time-stamp of ${timestamp.authority}, for which none of the given roots vouches.` })
    } catch (error) {
      problems.push({ file, sentence: `${file}: ${error instanceof AttestError ? error.message : "the time-stamp cannot be read."}` })
    }
  }
  return { problems, timestamps }
}

const checkBundle = async (folder: string, envelope: Envelope, { keyid, sig }: EnvelopeSignature, trust: Trust): Promise<BundleCheck> => {
  const file = bundleName(keyid)
  const bytes = await readFile(join(folder, file)).catch(() => undefined)
  if (bytes === undefined) return { problems: [{ file, sentence: `${file} is missing.` }], timestamps: [] }
  const responses = timestampsOf(bytes)
  if (!bytes.equals(bundleBytes(envelope, keyid, responses))) return { problems: [{ file, sentence: `${file} was changed: it is not the bundle of ${statementFile}.` }], timestamps: [] }
  return checkTimestamps(file, sig, responses, trust)
}

/** Every signature has its bundle, every bundle its signature; each is exactly what the statement file says, and its time-stamps hold. */
export const checkBundles = async (folder: string, listing: FolderListing, envelope: Envelope, verified: ReadonlySet<string>, trust: Trust): Promise<BundleCheck> => {
  const expected = new Set(envelope.signatures.map(({ keyid }) => bundleName(keyid)))
  const extra = listing.files.filter((file) => isBundleName(file) && !expected.has(file))
  const problems: Array<Problem> = extra.map((file) => ({ file, sentence: `${file} is extra: the statement has no signature of that key.` }))
  const timestamps: Array<Timestamp> = []
  for (const signature of envelope.signatures) {
    const check = await checkBundle(folder, envelope, signature, trust)
    problems.push(...check.problems)
    timestamps.push(...check.timestamps)
    // Without the key nobody can tell which of the two is the original.
    if (check.problems.length > 0 && !verified.has(signature.keyid)) problems.push({ file: statementFile, sentence: `${statementFile} and its bundles differ in the signature of key ${signature.keyid}: one of them was changed.` })
  }
  return { problems, timestamps }
}
