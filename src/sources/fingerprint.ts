/** Which content, read how: the same fingerprint gives the same records. */
import { hash } from "node:crypto"
import { canonicalVersion, formatNamed, formats } from "../formats/index.ts"
import type { SourceSpec } from "./source.ts"
import type { StoreEntry } from "./store.ts"

/** Keys of a source that say how it is judged, not how it is read. */
const judging: ReadonlySet<string> = new Set(["provides", "freshWithin", "minObjects", "allowRejected", "allowUnreadableObjects", "maxSilence", "matchWithin", "calendar", "authority", "layer"])

/** Grows whenever staged rows change their shape for all formats. */
const stagingVersion = 2

const versionOf = (format: string): string => {
  if (format === "canonical") return `${canonicalVersion}`
  if (format === "auto") return [canonicalVersion, ...formats.map((each) => `${each.name}${each.version}`)].join("+")
  return `${formatNamed(format)?.version ?? 0}`
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([left], [right]) => left < right ? -1 : 1).map(([key, item]) => [key, sorted(item)]))
}

/** How a source is read, as one word. */
export const readingOf = (spec: SourceSpec): string => {
  const format = spec.format ?? "canonical"
  const options = Object.fromEntries(Object.entries(spec).filter(([key]) => !judging.has(key)))
  return hash("sha256", JSON.stringify(sorted({ ...options, format, version: versionOf(format), staging: stagingVersion })), "hex")
}

/** The fingerprint of an entry read that way, hex. */
export const fingerprintOf = (reading: string, entry: StoreEntry): string =>
  hash("sha256", JSON.stringify([reading, entry.uri, entry.versionId ?? null, entry.etag, entry.bytes]), "hex")
