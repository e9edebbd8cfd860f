// Generated from schemas/policy.schema.json. Do not edit: UPDATE_TYPES=1 npx vitest run test/policy/types.test.ts
export type Text = string
export type Time = string
export type Until = string | null
export type Place = string
export type Mode = "all-party" | "lawful-basis" | "one-party"
export type ConsentForms = (
  | "participant_consent"
  | "prior_express_any_party"
  | "prior_express_all"
  | "prior_written_all"
  | "recorded_verbal_yes"
  | "recorded_notification"
  | "announcement_then_continue"
  | "actual_knowledge_all"
  | "periodic_tone_15s"
  | "explicit_opt_in"
  | "keypad_yes"
  | "lawful_basis_plus_notice"
  | "notice_all"
  | "right_to_object_offered"
  | "statutory_business_exception_5704_15"
  | "statutory_business_exception_179quinquies"
  | "all_reasonable_efforts_notice"
  | "prior_written_one_party"
  | "course_of_business"
  | "privacy_notice"
  | "deemed_consent_by_continuing"
  | "specifically_informed_all (in person)"
  | "statement_notice"
)[]
export type Citation = string | string[]
export type Duration = string
export type Level = "none" | "notice" | "express"
export type Texts = string[]
export type Digest = string | null
export type Places = Place[]
export type Actions = ("list" | "view" | "play" | "download" | "export" | "share" | "edit" | "delete" | "monitor" | "whisper" | "barge")[]
export type Names = string[]
export type Whole = number
export type Amount = number
export type Channel = "voice" | "video" | "chat" | "messaging" | "sms" | "email"
export type Channels = Channel[]

export interface PolicyFile {
  policy: Text
  version: Text
  from: Time
  until?: Until
  approvedBy?: Text
  approvedAt?: Time
  timezone?: string
  consent?: ConsentRules
  access?: AccessRules
  decisions?: DecisionPolicy[]
  service?: {
    firstResponse?: {
      [k: string]: Duration
    }
    escalation?: Duration
    followUp?: Duration
    hours?: {
      days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
      from: string
      to: string
      channels?: Channels
      queues?: Texts
    }[]
    holidays?: string[]
  }
  requests?: {
    access?: Duration
    erasure?: Duration
    objection?: Duration
    restriction?: Duration
  }
  retention?: RetentionRule[]
  statistics?: {
    period?: "week" | "month" | "quarter" | "year"
    fdr?: number
    minimumGroup?: Whole
    minimumEvents?: Whole
    material?: number
    band?: Amount
    suppressBelow?: Whole
  }
  maxUnverifiable?: number
  owners?: {
    [k: string]: Text
  }
}
export interface ConsentRules {
  law?: Text
  overrides?: Override[]
  unknownJurisdiction?: Mode
  sites?: {
    [k: string]: Place
  }
  grace?: Duration
  opening?: Duration
  stopWithin?: Duration
  standingValidity?: Duration
  text?: {
    [k: string]: Level
  }
  purposes?: {
    [k: string]: Level
  }
  bases?: {
    purposes: Texts
    basis: "consent" | "contract" | "legalObligation" | "vitalInterests" | "publicTask" | "legitimateInterests"
    reference?: Text
    from: Time
  }[]
  notices?: {
    id: Text
    version: Text
    language?: Text
    purposes: Texts
    sha256?: Digest
    from: Time
    until?: Until
  }[]
  botDisclosure?: {
    jurisdictions: Places
    from: Time
    until?: Until
  }[]
  mandatoryRecording?: {
    queues: Texts
    tolerance?: Duration
  }[]
}
export interface Override {
  jurisdiction: Place
  from: Time
  until?: Until
  mode?: Mode
  consentForms?: ConsentForms
  noticeInRecording?: boolean
  dataProtection?: boolean
  citation: Citation
  confidence?: "high" | "medium" | "low"
}
export interface AccessRules {
  roles?: {
    [k: string]: {
      actions: Actions
    }
  }
  explanations?: ("handled-contact" | "supervises-handler" | "assignment" | "grant" | "recent-contact")[]
  handledContact?: Duration
  recentContact?: Duration
  session?: Duration
  clockTolerance?: Duration
  services?: {
    id: Text
    actions: Actions
    purposes?: Texts
  }[]
  auditPrincipals?: Names
  exemptPurposes?: Names
  hours?: {
    roles: Texts
    days: ("mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun")[]
    from: string
    to: string
  }[]
  networks?: string[]
  bulk?: {
    actions: Actions
    within: Duration
    max: Whole
  }
  denials?: {
    within: Duration
    max: Whole
  }
  breakGlassReview?: Duration
  training?:
    | {
        course: Text
        roles: Texts
      }
    | {
        course: Text
        roles: Texts
      }[]
  neverMonitor?: {
    queues: Texts
  }
  noticeToMonitored?: boolean
}
export interface DecisionPolicy {
  id: Text
  facts?: {
    [k: string]: "string" | "int" | "double" | "bool" | "timestamp"
  }
  versions: DecisionVersion[]
}
export interface DecisionVersion {
  version: Text
  from: Time
  until?: Until
  approvedBy?: Text
  approvedAt?: Time
  rules?: {
    when: Text
    expect: Texts
  }[]
  otherwise?: Texts
  favourable?: Names
  authority?: {
    currency?: string
    limits?: {
      [k: string]: Amount
    }
    limitsFor?: {
      queues?: Texts
      currency?: string
      limits: {
        [k: string]: Amount
      }
    }[]
    mayOverride?: Names
  }
  before?: Names
  deniedNeeds?: Names
  steps?: {
    type: "response" | "precedence" | "succession" | "absence" | "non-coexistence"
    first: Text
    then?: Text
    within?: Duration
  }[]
  likeCase?: Names
  compare?: Names
  signedOffBy?: Text
  exceptions?: {
    within: Duration
    max: Whole
  }
  splitting?: {
    within: Duration
    by?: Names
  }
}
export interface RetentionRule {
  id: Text
  media?: ("audio" | "video" | "screen" | "text")[]
  purposes?: Texts
  queues?: Texts
  channels?: Channels
  jurisdictions?: Places
  anchor: "recordingEnd" | "recordingStart" | "contactEnd" | "contactStart"
  delete?: Duration
  keep?: Duration
  citation?: Text
}
