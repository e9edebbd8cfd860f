import { readFile, rename, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { envelopeBytes, parseEnvelope, preAuthEncoding } from "./dsse.ts"
import type { Signer } from "./keys.ts"
import { statementFile } from "./reportFolder.ts"
import { bundleBytes, bundleName, timestampsOf } from "./sigstore.ts"
import type { TimestampAuthority } from "./timestampAuthority.ts"
import type { Verification, Trust } from "./verification.ts"
import { verifyReport } from "./verify.ts"

const unsigned = "The report is UNSIGNED, and a countersignature needs a signature of the pipeline: run the audit with a signing key."

/** Replaces a file in one step, so that a reader sees the old or the new one. */
const replace = async (path: string, bytes: Buffer): Promise<void> => {
  await writeFile(`${path}.part`, bytes)
  await rename(`${path}.part`, path)
}

/**
 * Countersigns a report: adds a signature to statement.dsse.json and its bundle. The statement itself, hence its digest
 * and the chain, stay as they are. Refuses a report that does not verify against `trust` (`proof`); without keys that
 * is whether it agrees with itself. Signing twice with one key changes nothing. Returns the verification afterwards.
 */
export const countersign = async (folder: string, signer: Signer, trust: Trust, timestamp?: TimestampAuthority): Promise<Verification> => {
  const { keyid } = signer.key
  // The signer's own key is given too, so that what a killed countersigning left is told from a change.
  const wide = { keys: [...trust.keys, signer.key], integrityOnly: trust.keys.length === 0 || trust.integrityOnly }
  const before = await verifyReport(folder, wide)
  const mendable = new Set([bundleName(keyid), `${bundleName(keyid)}.part`, `${statementFile}.part`])
  const problem = before.problems.find(({ file }) => !mendable.has(file))
  if (problem !== undefined && before.kind !== "unknown" && !before.signed) throw new AttestError("unsigned", unsigned)
  if (problem !== undefined) throw new AttestError("proof", `The report is not signed, because it does not verify: ${problem.sentence}`)
  if (!before.signed) throw new AttestError("unsigned", unsigned)
  if (!wide.integrityOnly && !before.signers.some((one) => one.state === "verified" && trust.keys.some((key) => key.keyid === one.keyid))) {
    throw new AttestError("proof", "The report is not signed, because none of the given keys signed it before.")
  }
  const path = join(folder, statementFile)
  const envelope = parseEnvelope(await readFile(path), statementFile)
  const bundle = join(folder, bundleName(keyid))
  const known = envelope.signatures.find((signature) => signature.keyid === keyid)
  const sig = known?.sig ?? (await signer.sign(preAuthEncoding(envelope.payloadType, envelope.payload)))
  const signed = known === undefined ? { ...envelope, signatures: [...envelope.signatures, { keyid, sig }] } : envelope
  // A signature that stands there already keeps its time-stamp.
  const kept = known === undefined ? [] : await readFile(bundle).then(timestampsOf, () => [])
  const timestamps = kept.length === 0 && timestamp !== undefined ? [await timestamp(sig)] : kept
  await replace(path, envelopeBytes(signed))
  await replace(bundle, bundleBytes(signed, keyid, timestamps))
  return verifyReport(folder, wide)
}
