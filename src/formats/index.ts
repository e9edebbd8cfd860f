import type { Format, FormatHead } from "./format.ts"
import { cloudtrail } from "./cloudtrail/cloudtrail.ts"
import { amazonConnectContact, amazonConnectLens } from "./connect/connect.ts"
import { csv } from "./csv.ts"
import { fhir } from "./fhir.ts"
import { ocsf } from "./ocsf.ts"
import { s3AccessLog } from "./s3AccessLog.ts"
import { s3Inventory } from "./s3Inventory.ts"
import { consentPreferences } from "./preferences/preferences.ts"
import { siprec } from "./siprec/siprec.ts"
import { vcon } from "./vcon/vcon.ts"

/** Version of the canonical format; see `Format.version`. */
export const canonicalVersion = 1

/** The foreign formats, in the order in which `auto` asks them. One line each. */
export const formats: ReadonlyArray<Format> = [
  cloudtrail,
  vcon,
  amazonConnectContact,
  amazonConnectLens,
  siprec,
  fhir,
  ocsf,
  s3AccessLog,
  s3Inventory,
  consentPreferences,
  csv
]

/** The adapter of that name, or undefined (`canonical` has none: the border reads it itself). */
export const formatNamed = (name: string): Format | undefined => formats.find((format) => format.name === name)

/** All names that a pipeline file may use, sorted, `auto` and `canonical` included. */
export const formatNames = (): ReadonlyArray<string> => ["auto", "canonical", ...formats.map((format) => format.name)].sort()

/** The adapter that recognises the object, or undefined: then it is read as canonical. */
export const detectFormat = (head: FormatHead): Format | undefined => formats.find((format) => format.detects?.(head) === true)

export { type ChainGap, deliveredAt, type Digest, type DigestKey, digestKeys, type LogFile, verifyDigestChain } from "./cloudtrail/digest.ts"
