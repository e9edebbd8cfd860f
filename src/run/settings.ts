import type { SigningKeys } from "../attest/index.ts"
import type { Pack } from "../policy/index.ts"
import type { S3Settings, SourceSpec } from "../sources/index.ts"
import type { Severity } from "../findings/finding.ts"
import type { Waiver } from "../pipeline/index.ts"

/** A control that the pipeline leaves out, with the reason that stands on page one. */
export type OutOfScope = { readonly control: string; readonly reason: string; readonly owner: string }

/** What a run is told: pipeline, flags and environment, resolved and checked. Paths are absolute. */
export type RunSettings = {
  readonly pipeline: string
  /** Absolute path of the pipeline file. */
  readonly file: string
  /** SHA-256 of the pipeline file, hex. */
  readonly sha256: string
  readonly baseFolder: string
  readonly schedule?: string
  readonly packs: ReadonlyArray<Pack>
  readonly controlFolders: ReadonlyArray<string>
  readonly sources: ReadonlyArray<SourceSpec>
  readonly s3?: S3Settings
  readonly evidence: { readonly store: string; readonly memory: string; readonly threads: number; readonly verifyRecordings: "checksum" | "bytes" | "none" }
  readonly report: {
    readonly out: string
    readonly formats: ReadonlyArray<string>
    readonly failOn: Severity | "never"
    readonly failOnOpen: boolean
    readonly failOnLeads: boolean
    readonly identities: "pseudonymous" | "clear"
    readonly objectLock?: { readonly mode: "governance" | "compliance"; readonly days?: number; readonly until?: string }
    readonly pseudonymKey?: string
    readonly idKey?: string
  }
  readonly signingKeys: ReadonlyArray<string>
  /** Signing keys that are no files. */
  readonly devices?: Pick<SigningKeys, "kms" | "pkcs11">
  /** RFC 3161 authority, and the files of the certificates that its answers must chain to. */
  readonly timestamp?: { readonly url: string; readonly certificates: ReadonlyArray<string> }
  /** Keys that do not exist are made by the run. */
  readonly makesKeys?: boolean
  readonly waivers: ReadonlyArray<Waiver>
  readonly waiversSha256?: string
  readonly outOfScope: ReadonlyArray<OutOfScope>
  /** RFC 3339. */
  readonly asOf: string
  readonly only?: string
  readonly skip?: string
  /** A replay: never in the chain, never a baseline. */
  readonly replayed?: boolean
  /** A replay's: the folder whose reports and answers of the gate the replayed run saw, how many answers there were then, and which objects it was made from. */
  readonly past?: { readonly folder: string; readonly answers: number; readonly contributed: (object: { readonly source: string; readonly uri: string; readonly versionId?: string }) => boolean }
}

/** What a run tells while it goes on; a terminal shows it, a log keeps it. */
export type RunObserver = {
  readonly stage: (name: string) => void
  readonly progress: (done: number, of: number) => void
  /** Told the folder once what the core speaks of is written there: verifying may begin while pages are made. The folder is renamed when whole. */
  readonly coreWritten?: (folder: string) => void
  /** One line of the log: counts and codes, never a name, number, text or key. */
  readonly log: (message: string, fields?: Readonly<Record<string, string | number | boolean>>) => void
}
