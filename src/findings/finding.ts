/** How grave a finding is; the order is the order of gravity. */
export const severities = ["low", "medium", "high", "critical"] as const
export type Severity = (typeof severities)[number]

/** What became of a finding since the last trusted full run. */
export type FindingStatus = "new" | "persisting" | "reopened" | "waived" | "lapsed" | "closed"

/** Where one piece of evidence stands, down to object, line and digest. */
export type Evidence = {
  /** Record kind, for instance `consent`. */
  readonly kind: string
  readonly id: string
  /** Source id of the pipeline. */
  readonly source: string
  /** URI of the object. */
  readonly object: string
  readonly versionId?: string
  /** 1-based line in the object; absent where the format has none. */
  readonly line?: number
  /** JSON pointer inside the line or document. */
  readonly pointer?: string
  /** Digest of the record, HMAC-SHA-256 with idKey, hex. */
  readonly sha256: string
  /** SHA-256 of the object's bytes as stored, hex. */
  readonly objectSha256: string
}

/** What was searched and not found. */
export type Search = {
  readonly kind: string
  readonly sources: ReadonlyArray<string>
  /** RFC 3339, UTC; the period in which records of this kind were delivered. */
  readonly from?: string
  readonly to?: string
  readonly records: number
  readonly names?: ReadonlyArray<string>
}

/** A law row that governs. */
export type LawReference = { readonly jurisdiction: string; readonly version: string; readonly citation: string }

/**
 * The part of a finding that the same inputs always give again: the Merkle leaf.
 * People are pseudonyms here already, unless the pipeline says `identities: clear`.
 */
export type CanonicalFinding = {
  readonly id: string
  /** `<family>/<name>`. */
  readonly control: string
  readonly kind: "finding" | "lead"
  readonly severity: Severity
  /** Groups findings of one root. */
  readonly cause: string
  /** Time of the act, RFC 3339, UTC. */
  readonly at?: string
  readonly contactId?: string
  readonly recordingId?: string
  readonly party?: string
  readonly staff?: string
  readonly sentence: string
  readonly reason: string
  readonly rule: { readonly pack?: string; readonly version?: string; readonly ref?: string }
  readonly law: ReadonlyArray<LawReference>
  readonly citations: ReadonlyArray<string>
  readonly evidence: ReadonlyArray<Evidence>
  readonly searched: ReadonlyArray<Search>
  readonly contrary: ReadonlyArray<Evidence>
  readonly remedy: string
  readonly details: Readonly<Record<string, unknown>>
}

/** A line of findings.ndjson. */
export type Finding = CanonicalFinding & {
  readonly status: FindingStatus
  readonly newBecause?: "record" | "lateRecord" | "policy" | "law" | "program" | "evidenceChanged" | "expired"
  /** HMAC-SHA-256(idKey, id), hex. */
  readonly salt: string
  /** RFC 3339, UTC. */
  readonly due?: string
  readonly owner?: string
}
