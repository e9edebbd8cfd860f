import { createPublicKey } from "node:crypto"
import type { KeyObject } from "node:crypto"
import { AttestError } from "./AttestError.ts"
import { sha256 } from "./digest.ts"
import { verifyingKey, verifySignature } from "./keys.ts"
import type { Signer } from "./keys.ts"

/** A key of AWS KMS: ARN, id or alias; the region where the ARN does not say it and the environment does not either. */
export type KmsKey = { readonly keyId: string; readonly region?: string | undefined }

const regionOf = ({ keyId, region }: KmsKey): string | undefined => region ?? (keyId.startsWith("arn:") ? keyId.split(":")[3] : undefined)

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : "an unknown failure")

const publicKeyOf = (bytes: Uint8Array): KeyObject | undefined => {
  try {
    return createPublicKey({ key: Buffer.from(bytes), format: "der", type: "spki" })
  } catch {
    return undefined
  }
}

/**
 * A signer whose key never leaves AWS KMS: ECC_NIST_P256, SIGN_VERIFY. KMS gets a SHA-256 digest, no content, and each
 * signature is verified before it is used. Credentials come from the SDK's default chain (kms:GetPublicKey, kms:Sign).
 * Fails with `key` where the key cannot be used, and signing with `signer` where KMS does not sign.
 *
 * Tested against a server that speaks the documented protocol, never against KMS itself.
 */
export const kmsSigner = async (place: KmsKey): Promise<Signer> => {
  const { keyId } = place
  const { GetPublicKeyCommand, KMSClient, SignCommand } = await import("@aws-sdk/client-kms")
  const region = regionOf(place)
  const client = new KMSClient(region === undefined ? {} : { region })
  const answer = await client.send(new GetPublicKeyCommand({ KeyId: keyId })).catch((error: unknown) => {
    throw new AttestError("key", `The KMS key ${keyId} cannot be used (${nameOf(error)}): check its id, the region, and that kms:GetPublicKey and kms:Sign are allowed.`)
  })
  const found = answer.PublicKey === undefined ? undefined : publicKeyOf(answer.PublicKey)
  if (found === undefined) throw new AttestError("key", `The KMS key ${keyId} has no public key: give one of spec ECC_NIST_P256 and usage SIGN_VERIFY.`)
  const key = verifyingKey(found, keyId)
  if (key.algorithm !== "ECDSA-P256") throw new AttestError("key", `The KMS key ${keyId} is not ECDSA P-256: give one of spec ECC_NIST_P256 and usage SIGN_VERIFY.`)
  return {
    key,
    sign: async (message) => {
      const signed = await client.send(new SignCommand({ KeyId: keyId, Message: sha256(message), MessageType: "DIGEST", SigningAlgorithm: "ECDSA_SHA_256" })).catch((error: unknown) => {
        throw new AttestError("signer", `The KMS key ${keyId} did not sign (${nameOf(error)}): check the network and that kms:Sign is allowed.`)
      })
      const signature = Buffer.from(signed.Signature ?? [])
      if (!verifySignature(key, message, signature)) throw new AttestError("signer", `The KMS key ${keyId} gave a signature that does not verify.`)
      return signature
    },
  }
}
