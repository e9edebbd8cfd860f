// Generated from schemas/pipeline.schema.json. Do not edit: UPDATE_TYPES=1 npx vitest run test/pipeline/types.test.ts
export interface PipelineFile {
  pipeline: string
  policy: string | string[]
  schedule?: string
  controls?: string[]
  sources: Source[]
  s3?: {
    endpoint?: string
    region?: string
    forcePathStyle?: boolean
  }
  evidence?: {
    store?: string
    memory?: string
    threads?: number
    verifyRecordings?: "checksum" | "bytes" | "none"
  }
  report?: {
    out?: string
    objectLock?: {
      mode: "governance" | "compliance"
      days?: number
      until?: string
    }
    formats?: ("html" | "pdf" | "sarif" | "ocsf" | "oscal" | "csv" | "parquet" | "junit")[]
    failOn?: "low" | "medium" | "high" | "critical" | "never"
    failOnOpen?: boolean
    failOnLeads?: boolean
    identities?: "pseudonymous" | "clear"
    pseudonymKey?: string
    idKey?: string
  }
  signing?: {
    create?: "missing"
    keys?: string[]
    timestamp?: {
      url: string
      certificates?: string | string[]
    }
    kms?: {
      keyId: string
      region?: string
    }[]
    pkcs11?: {
      module: string
      token: string
      key: string
      pin: string
    }[]
  }
  waivers?: string
  outOfScope?: {
    control: string
    reason: string
    owner: string
  }[]
  notify?: {
    webhook?: string
    secret?: string
    sign?: boolean
    smtp?: string
    user?: string
    password?: string
    ca?: string
    from?: string
    to?: string[]
    heartbeat?: string
    prometheus?: string
    link?: string
    on?: "always" | "findings" | "failure"
  }[]
}
export interface Source {
  id: string
  uri: string
  format?:
    | "canonical"
    | "vcon"
    | "amazon-connect-contact"
    | "amazon-connect-lens"
    | "cloudtrail"
    | "s3-access-log"
    | "s3-inventory"
    | "listing"
    | "siprec"
    | "ocsf"
    | "fhir"
    | "csv"
    | "consent-preferences"
    | "auto"
  mode?: "append" | "snapshot"
  versions?: boolean
  provides?: (
    | "contact"
    | "recording"
    | "storedObject"
    | "transcript"
    | "consent"
    | "event"
    | "access"
    | "grant"
    | "staff"
    | "assignment"
    | "decision"
    | "hold"
    | "request"
    | "identity"
    | "review"
    | "coverage"
    | "notice-played"
    | "tone-played"
    | "objection"
    | "identity-verified"
    | "account-disclosed"
    | "payment"
    | "disclosure-given"
    | "bot-disclosed"
    | "customer-message"
    | "agent-message"
    | "escalation-requested"
    | "escalated"
    | "follow-up-promised"
    | "follow-up-done"
    | "transferred"
    | "complaint-raised"
    | "reason-given"
  )[]
  authority?: "reviews"
  freshWithin?: string
  minObjects?: number
  allowRejected?: number
  allowUnreadableObjects?: number
  layer?: "storage" | "application"
  recordings?: string[]
  maxSilence?: string
  matchWithin?: string
  calendar?: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
  kind?:
    | "contact"
    | "recording"
    | "storedObject"
    | "transcript"
    | "consent"
    | "event"
    | "access"
    | "grant"
    | "staff"
    | "assignment"
    | "decision"
    | "hold"
    | "request"
    | "identity"
    | "review"
    | "coverage"
  columns?: {
    [k: string]: string
  }
  delimiter?: string
  decryptionKeys?: string | string[]
  trust?: string | string[]
  detail?: "list" | "head" | "acl"
  digests?: {
    bucket: string
    publicKeys: string
  }
}
