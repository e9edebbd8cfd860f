import type { Severity } from "../findings/finding.ts"
import type { Earlier } from "../findings/status.ts"

/** Units of one control by outcome; population = the sum of the four. */
export type Population = {
  readonly control: string
  readonly family: string
  readonly title: string
  readonly question: string
  readonly unit: string
  readonly severity: Severity
  readonly kind: "finding" | "lead"
  readonly population: number
  readonly pass: number
  readonly fail: number
  readonly unverifiable: number
  readonly notApplicable: number
  /** Units by `<outcome>:<reason>`; pass without reason is left out. */
  readonly reasons: Readonly<Record<string, number>>
  /** Present where the pipeline puts the control out of scope. */
  readonly outOfScope?: { readonly reason: string; readonly owner: string }
}

/** The accounting of records.md: read = accepted + duplicate + superseded + conflicting + ignored + rejected. */
export type Accounting = {
  readonly read: number
  readonly accepted: number
  readonly duplicate: number
  readonly superseded: number
  readonly conflicting: number
  readonly ignored: number
  readonly rejected: number
}

export type SourceSummary = Accounting & {
  readonly id: string
  readonly format: string
  readonly objects: number
  readonly unreadable: number
  readonly bytes: number
  /** Newest act or event time delivered, RFC 3339, UTC. */
  readonly newest?: string
  readonly oldest?: string
  readonly produced: Readonly<Record<string, number>>
  /** Reasons of what was ignored, with counts. */
  readonly ignoredBecause: Readonly<Record<string, number>>
}

export type Cause = {
  readonly cause: string
  readonly control: string
  readonly severity: Severity
  readonly kind: "finding" | "lead"
  readonly reason: string
  /** What is at fault: a queue, notice, place, site or (pseudonymous) person. */
  readonly at?: string
  readonly sentence: string
  readonly findings: number
  readonly open: number
  readonly new: number
  readonly due?: string
  readonly owner?: string
  /** Id of one example. */
  readonly example: string
}

/** A law or standard, and what this pipeline's records can and cannot show of it; from pipelines/frameworks. */
export type Framework = {
  readonly framework: string
  readonly title: string
  readonly citation: string
  readonly scope: string
  /** Day on which it was last compared with its sources, YYYY-MM-DD. */
  readonly reviewed: string
  readonly requirements: ReadonlyArray<{ readonly ref: string; readonly requirement: string; readonly controls: ReadonlyArray<string>; readonly cannotShow: string; readonly confidence: string }>
}

/** Sessions of access of one team or one action, and what explains them; a session may have several explanations. */
export type ExplainedPart = { readonly sessions: number; readonly byTemplate: Readonly<Record<string, number>>; readonly unexplained: number }

/** Unexplained sessions of one person with one customer on one UTC day (YYYY-MM-DD): one matter to ask about. */
export type UnexplainedMatter = { readonly person: string; readonly customer?: string; readonly day: string; readonly sessions: number; readonly controls: ReadonlyArray<string>; readonly actions: ReadonlyArray<string>; readonly targets: ReadonlyArray<string> }

/** Recordings by the decision about them, with how many stand under each of its reasons, the most frequent first. */
export type RetentionTotals = Readonly<Record<string, { readonly recordings: number; readonly reasons: Readonly<Record<string, number>> }>>

/** summary.json: the breakfast page as data. Times are RFC 3339, UTC. */
export type Summary = {
  readonly earshot: { readonly version: string; readonly digest: string }
  readonly run: {
    readonly id: string
    readonly pipeline: string
    readonly asOf: string
    readonly startedAt: string
    readonly finishedAt: string
    readonly full: boolean
    readonly sequence?: number
    readonly previousStatement?: string
  }
  readonly trust: { readonly trustworthy: boolean; readonly problems: ReadonlyArray<string>; readonly selfTest: { readonly cases: number; readonly failed: ReadonlyArray<string> }; readonly signed: boolean
    /** What a reader should know though the run is to be trusted, for instance that a time-stamp is missing. */
    readonly notes?: ReadonlyArray<string>
  }
  readonly exitCode: 0 | 1 | 2
  readonly policies: ReadonlyArray<{ readonly policy: string; readonly version: string; readonly from: string; readonly until?: string; readonly sha256: string }>
  readonly law: { readonly pack: string; readonly sha256: string; readonly rows: number }
  readonly totals: Accounting & { readonly objects: number; readonly unreadable: number; readonly bytes: number; readonly produced: Readonly<Record<string, number>> }
  readonly sources: ReadonlyArray<SourceSummary>
  readonly controls: ReadonlyArray<Population>
  readonly causes: ReadonlyArray<Cause>
  readonly counts: {
    readonly findings: number
    readonly leads: number
    readonly bySeverity: Readonly<Record<Severity, number>>
    readonly byFamily: Readonly<Record<string, number>>
    readonly byControl: Readonly<Record<string, number>>
    readonly byCause: Readonly<Record<string, number>>
    readonly byStatus: Readonly<Record<string, number>>
    readonly resolved: number
    readonly notReassessed: number
  }
  /** Ids of findings of earlier runs that were judged again and pass now; a later return is `reopened`. */
  readonly resolved: ReadonlyArray<string>
  /** What is known of findings that were not judged again, so that they come back as what they were; forgotten after a year. Absent where there are none. */
  readonly notReassessed?: ReadonlyArray<Earlier & { readonly id: string; readonly since: string }>
  readonly explanations: { readonly sessions: number; readonly byTemplate: Readonly<Record<string, number>>; readonly unexplained: number
    /** Absent in earlier reports. Teams that are not known (services, unknown actors) have none. */
    readonly byTeam?: ReadonlyArray<ExplainedPart & { readonly team?: string }>
    readonly byAction?: ReadonlyArray<ExplainedPart & { readonly action: string }>
    /** The matters with the most sessions; `matters` counts all of them. */
    readonly toReview?: ReadonlyArray<UnexplainedMatter>
    readonly matters?: number
  }
  readonly consistency: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly waivers: ReadonlyArray<{ readonly finding?: string; readonly cause?: string; readonly owner: string; readonly reason: string; readonly expires: string; readonly approvedBy: string; readonly state: string; readonly covers: number }>
  /** The newest review of each finding, with people as the report writes them, and whether it closes its finding in this run. Absent where there are none. */
  readonly reviews?: ReadonlyArray<{ readonly finding: string; readonly verdict: string; readonly at: string; readonly by: string; readonly approvedBy?: string; readonly closes: boolean }>
  readonly outOfScope: ReadonlyArray<{ readonly control: string; readonly reason: string; readonly owner: string }>
  readonly coverage: ReadonlyArray<{ readonly source: string; readonly kinds: ReadonlyArray<string>; readonly from: string; readonly to: string; readonly queues?: ReadonlyArray<string>; readonly sites?: ReadonlyArray<string> }>
  /** What retention.ndjson holds, by decision. */
  readonly retention: RetentionTotals
  /** Absent in reports made before frameworks were shipped. */
  readonly frameworks?: ReadonlyArray<Framework>
  readonly merkle: { readonly findings: string; readonly inputs: string; readonly outcomes: string }
  /** Seconds by stage; outside the promise of byte-identity. */
  readonly timings: Readonly<Record<string, number>>
}
