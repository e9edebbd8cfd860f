// Made by src/records/generate.ts from schemas/records; do not edit.

/**
 * One conversation leg: a call, a chat, a message thread.
 */
export interface ContactRecord {
kind: "contact"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this contact, compared exactly
 */
id: string
/**
 * How the parties spoke
 */
channel: ("voice" | "video" | "chat" | "messaging" | "sms" | "email")
/**
 * Who began it
 */
direction?: ("inbound" | "outbound" | "internal")
/**
 * Start of the contact
 */
startedAt: string
/**
 * When it entered a queue
 */
queuedAt?: string
/**
 * When a person or bot answered
 */
answeredAt?: string
/**
 * End of the contact
 */
endedAt?: string
/**
 * The contact that this one continues (transfer, call-back in the same matter)
 */
previousContactId?: string
/**
 * Queue
 */
queue?: string
/**
 * Site; the policy's sites give its place
 */
site?: string
/**
 * Business unit
 */
businessUnit?: string
/**
 * Campaign
 */
campaign?: string
/**
 * BCP 47 language of the contact
 */
language?: string
/**
 * Everybody on the contact
 * 
 * @minItems 1
 */
parties: {
/**
 * Subject, alias, or (staff roles) staff id or staff alias
 */
id: string
/**
 * Role in this contact
 */
role: ("customer" | "agent" | "supervisor" | "expert" | "thirdParty" | "bot")
/**
 * Where the party is (ISO 3166-1 alpha-2 or ISO 3166-2)
 */
jurisdiction?: string
/**
 * How the place is known
 */
jurisdictionSource?: ("declared" | "address" | "network" | "numberPrefix")
/**
 * When the party joined
 */
joinedAt?: string
/**
 * When the party left
 */
leftAt?: string
/**
 * Intervals of presence, for holds and rejoining
 */
presence?: {
/**
 * Start
 */
from: string
/**
 * End
 */
until?: string
}[]
/**
 * Customer segment
 */
segment?: string
/**
 * BCP 47 language of the party
 */
language?: string
/**
 * Known to be a minor
 */
minor?: boolean
}[]
/**
 * Free-form values
 */
attributes?: {
[k: string]: string | number | boolean | undefined
}
}

/**
 * What was captured of a contact.
 */
export interface RecordingRecord {
kind: "recording"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this recording, compared exactly
 */
id: string
/**
 * The contact recorded
 */
contactId: string
/**
 * What was captured
 */
medium: ("audio" | "video" | "screen" | "text")
/**
 * Capturing began
 */
startedAt: string
/**
 * Capturing ended; absent: with the contact
 */
endedAt?: string
/**
 * Intervals in which nothing was captured
 */
pauses?: {
/**
 * Pause begins
 */
startedAt: string
/**
 * Pause ends
 */
endedAt: string
}[]
/**
 * Where the bytes are
 */
uri?: string
/**
 * Object version
 */
versionId?: string
/**
 * Digest of the bytes, hex
 */
sha256?: string
/**
 * Size in bytes
 */
bytes?: number
/**
 * Place of the recorder (ISO 3166-1 alpha-2 or ISO 3166-2)
 */
location?: string
/**
 * Purposes that the recording serves
 */
purposes?: string[]
/**
 * Documented basis (GDPR art. 6)
 */
lawfulBasis?: ("consent" | "contract" | "legalObligation" | "vitalInterests" | "publicTask" | "legitimateInterests")
/**
 * When the basis was set
 */
lawfulBasisAt?: string
/**
 * Own deletion date
 */
deleteBy?: string
/**
 * When it was deleted
 */
deletedAt?: string
/**
 * Copies of the bytes
 * 
 * Items: Where a copy is
 */
copies?: string[]
/**
 * Free-form values
 */
attributes?: {
[k: string]: string | number | boolean | undefined
}
}

/**
 * What storage itself says of an object (a listing, an inventory).
 */
export interface StoredObjectRecord {
kind: "storedObject"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * The object
 */
uri: string
/**
 * Object version
 */
versionId?: string
/**
 * When storage was asked
 */
seenAt: string
/**
 * Size in bytes
 */
bytes?: number
/**
 * Digest of the bytes, hex
 */
sha256?: string
/**
 * Encrypted at rest
 */
encrypted?: boolean
/**
 * Readable by anybody
 */
publiclyReadable?: boolean
/**
 * Object lock retains it until
 */
lockUntil?: string
/**
 * Object lock legal hold
 */
legalHold?: boolean
}

/**
 * What was said or written; scanned while it is read, never stored.
 */
export interface TranscriptRecord {
kind: "transcript"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * The contact
 */
contactId: string
/**
 * The recording transcribed
 */
recordingId?: string
/**
 * BCP 47 language
 */
language?: string
/**
 * Turns in order
 */
turns: {
/**
 * Who speaks
 */
partyId: string
/**
 * Start of the turn
 */
at: string
/**
 * End of the turn
 */
until?: string
/**
 * The words; dies in formats/
 */
text: string
}[]
}

/**
 * What somebody granted, refused or withdrew.
 */
export interface ConsentRecord {
kind: "consent"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this consent, compared exactly
 */
id: string
/**
 * Whose consent
 */
subject: string
/**
 * What was said
 */
status: ("given" | "refused" | "withdrawn")
/**
 * Effective from
 */
at: string
/**
 * Purposes, or * for all
 * 
 * @minItems 1
 */
purposes: string[]
/**
 * How it was said
 */
form: ("announcement" | "tone" | "verbal" | "keypad" | "electronic" | "written" | "contract")
/**
 * The contact it was given on; absent: standing
 */
contactId?: string
/**
 * Channels it is limited to
 * 
 * @minItems 1
 * 
 * Items: Channel
 */
channels?: ("voice" | "video" | "chat" | "messaging" | "sms" | "email")[]
/**
 * End of validity
 */
expiresAt?: string
/**
 * Notice it answers
 */
noticeId?: string
/**
 * Version of that notice
 */
noticeVersion?: string
/**
 * For oneself or as guardian
 */
capacity?: ("self" | "guardian")
/**
 * Who spoke for the subject
 */
givenBy?: string
/**
 * Proof
 */
evidence?: {
/**
 * Where the proof is
 */
uri?: string
/**
 * Digest of the proof, hex
 */
sha256?: string
/**
 * Seconds into the recording
 */
offsetSeconds?: number
}
/**
 * Who or what captured it
 */
capturedBy?: string
/**
 * Free-form values
 */
attributes?: {
[k: string]: string | number | boolean | undefined
}
}

/**
 * Something that happened in a contact.
 */
export interface EventRecord {
kind: "event"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this event, compared exactly
 */
id: string
/**
 * The contact
 */
contactId: string
/**
 * When it happened or began
 */
at: string
/**
 * What happened
 */
type: ("notice-played" | "tone-played" | "objection" | "identity-verified" | "account-disclosed" | "payment" | "disclosure-given" | "bot-disclosed" | "customer-message" | "agent-message" | "escalation-requested" | "escalated" | "follow-up-promised" | "follow-up-done" | "transferred" | "complaint-raised" | "reason-given")
/**
 * Whom it concerns
 */
partyId?: string
/**
 * When it ended
 */
until?: string
/**
 * When something is due
 */
dueAt?: string
/**
 * Name, for instance of a disclosure
 */
name?: string
/**
 * Notice played
 */
noticeId?: string
/**
 * Its version
 */
noticeVersion?: string
/**
 * BCP 47 language of the notice
 */
language?: string
/**
 * Interval of a repeated tone, seconds
 */
intervalSeconds?: number
/**
 * Free-form values
 */
attributes?: {
[k: string]: string | number | boolean | undefined
}
}

/**
 * Somebody touched a recording or a contact.
 */
export interface AccessRecord {
kind: "access"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this access, compared exactly
 */
id: string
/**
 * When
 */
at: string
/**
 * Who
 */
actor: {
/**
 * Staff id, staff alias or service id
 */
id: string
/**
 * What acted
 */
type: ("user" | "service" | "anonymous")
/**
 * For whom a service acted
 */
onBehalfOf?: string
}
/**
 * What was done
 */
action: ("list" | "view" | "play" | "download" | "export" | "share" | "edit" | "delete" | "monitor" | "whisper" | "barge")
/**
 * The recording
 */
recordingId?: string
/**
 * The contact
 */
contactId?: string
/**
 * The object
 */
uri?: string
/**
 * How it ended
 */
outcome: ("success" | "denied" | "error")
/**
 * Stated purpose
 */
purpose?: string
/**
 * Stated reason; free text, never stored
 */
reason?: string
/**
 * Ticket
 */
ticket?: string
/**
 * Address of the client
 */
ip?: string
/**
 * Country of the client, ISO 3166-1 alpha-2
 */
country?: string
/**
 * Client program
 */
userAgent?: string
/**
 * Bytes sent
 */
bytes?: number
/**
 * Log that reported it
 */
source?: string
/**
 * Number in its log
 */
sequence?: number
}

/**
 * A permission given to a person or a role.
 */
export interface GrantRecord {
kind: "grant"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this grant, compared exactly
 */
id: string
/**
 * Staff id or role:NAME
 */
principal: string
/**
 * Actions permitted
 * 
 * @minItems 1
 * 
 * Items: Action
 */
actions: ("list" | "view" | "play" | "download" | "export" | "share" | "edit" | "delete" | "monitor" | "whisper" | "barge")[]
/**
 * Valid from
 */
from: string
/**
 * Valid until, exclusive
 */
until?: string
/**
 * When it was made
 */
createdAt: string
/**
 * Who approved it
 */
approvedBy?: string
/**
 * Scope: recordings
 * 
 * @minItems 1
 * 
 * Items: Recording
 */
recordingIds?: string[]
/**
 * Scope: contacts
 * 
 * @minItems 1
 * 
 * Items: Contact
 */
contactIds?: string[]
/**
 * Scope: customers
 * 
 * @minItems 1
 * 
 * Items: Customer
 */
subjects?: string[]
/**
 * Scope: queues
 * 
 * @minItems 1
 * 
 * Items: Queue
 */
queues?: string[]
/**
 * Purposes it is limited to
 * 
 * @minItems 1
 */
purposes?: string[]
/**
 * Reason; free text, never stored
 */
reason?: string
/**
 * Emergency access
 */
breakGlass?: boolean
/**
 * When it was reviewed
 */
reviewedAt?: string
/**
 * Who reviewed it
 */
reviewedBy?: string
}

/**
 * Somebody who works for the organisation, with roster.
 */
export interface StaffRecord {
kind: "staff"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this person, compared exactly
 */
id: string
/**
 * ARNs, logins, extensions, addresses
 * 
 * Items: Another name, for all time or from..until
 */
aliases?: (string | {
/**
 * The alias, for instance tel:+14155550100
 */
alias: string
/**
 * Valid from
 */
from?: string
/**
 * Valid until, exclusive
 */
until?: string
})[]
/**
 * Employment begins
 */
employedFrom: string
/**
 * Employment ends, exclusive
 */
employedUntil?: string
/**
 * Roles over time
 */
roles: {
/**
 * Role
 */
role: string
/**
 * From
 */
from: string
/**
 * Until, exclusive
 */
until?: string
/**
 * Team
 */
team?: string
/**
 * Site
 */
site?: string
/**
 * Staff id of the supervisor
 */
supervisor?: string
}[]
/**
 * Training
 */
training?: {
/**
 * Course
 */
course: string
/**
 * Completed
 */
completedAt: string
/**
 * Valid until
 */
validUntil?: string
}[]
/**
 * This person's own customer ids
 * 
 * Items: Customer id
 */
subjectIds?: string[]
/**
 * When being monitored was acknowledged
 */
monitoringAcknowledgedAt?: string
}

/**
 * A task that gives a reason to open recordings.
 */
export interface AssignmentRecord {
kind: "assignment"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this assignment, compared exactly
 */
id: string
/**
 * Who is to do it
 */
staff: string
/**
 * Why
 */
reason: ("quality-review" | "complaint" | "legal" | "subject-request" | "fraud" | "coaching" | "calibration" | "export-approval")
/**
 * From
 */
from: string
/**
 * Until, exclusive
 */
until?: string
/**
 * When it was made
 */
createdAt: string
/**
 * Who assigned it
 */
assignedBy?: string
/**
 * Purposes it is limited to
 * 
 * @minItems 1
 */
purposes?: string[]
/**
 * Scope: contacts
 * 
 * @minItems 1
 * 
 * Items: Contact
 */
contactIds?: string[]
/**
 * Scope: recordings
 * 
 * @minItems 1
 * 
 * Items: Recording
 */
recordingIds?: string[]
/**
 * Scope: customers
 * 
 * @minItems 1
 * 
 * Items: Customer
 */
subjects?: string[]
}

/**
 * What staff decided for a customer under a policy.
 */
export interface DecisionRecord {
kind: "decision"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this decision, compared exactly
 */
id: string
/**
 * The contact
 */
contactId: string
/**
 * When
 */
at: string
/**
 * Who decided
 */
staff: string
/**
 * For whom
 */
subject: string
/**
 * Decision policy
 */
policy: string
/**
 * Version that was applied
 */
policyVersion?: string
/**
 * Outcome
 */
outcome: string
/**
 * Amount in currency
 */
amount?: number
/**
 * ISO 4217
 */
currency?: string
/**
 * What the decision rests on: a flat object
 */
facts: {
[k: string]: string | number | boolean | null | undefined
}
/**
 * Approvals
 */
approvals?: {
/**
 * Who approved
 */
by: string
/**
 * When
 */
at: string
}[]
/**
 * Reason code
 */
reasonCode?: string
}

/**
 * A legal hold: nothing it covers may be deleted.
 */
export interface HoldRecord {
kind: "hold"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this hold, compared exactly
 */
id: string
/**
 * From
 */
from: string
/**
 * Until, exclusive
 */
until?: string
/**
 * When it was made
 */
createdAt: string
/**
 * Scope: contacts
 * 
 * @minItems 1
 * 
 * Items: Contact
 */
contactIds?: string[]
/**
 * Scope: recordings
 * 
 * @minItems 1
 * 
 * Items: Recording
 */
recordingIds?: string[]
/**
 * Scope: customers
 * 
 * @minItems 1
 * 
 * Items: Customer
 */
subjects?: string[]
/**
 * Reason; free text, never stored
 */
reason?: string
}

/**
 * What a data subject asked for.
 */
export interface RequestRecord {
kind: "request"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this request, compared exactly
 */
id: string
/**
 * Who asks
 */
subject: string
/**
 * What is asked
 */
type: ("access" | "erasure" | "objection" | "restriction")
/**
 * Received
 */
receivedAt: string
/**
 * Completed
 */
completedAt?: string
/**
 * Outcome
 */
outcome?: ("granted" | "partly" | "refused")
/**
 * Why refused; free text, never stored
 */
refusalReason?: string
/**
 * Term extended until
 */
extendedUntil?: string
/**
 * Restriction or objection lifted
 */
liftedAt?: string
/**
 * Purposes concerned
 * 
 * @minItems 1
 */
purposes?: string[]
}

/**
 * Names of one person.
 */
export interface IdentityRecord {
kind: "identity"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this person, compared exactly
 */
subject: string
/**
 * Other names of the subject
 * 
 * Items: Another name, for all time or from..until
 */
aliases: (string | {
/**
 * The alias, for instance tel:+14155550100
 */
alias: string
/**
 * Valid from
 */
from?: string
/**
 * Valid until, exclusive
 */
until?: string
})[]
}

/**
 * A person's decision on a finding.
 */
export interface ReviewRecord {
kind: "review"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Identifier of this review, compared exactly
 */
id: string
/**
 * Finding id
 */
finding: string
/**
 * Verdict
 */
verdict: ("justified" | "unjustified" | "policyUnclear" | "dataError" | "remediated")
/**
 * When
 */
at: string
/**
 * Who
 */
by: string
/**
 * Second person
 */
approvedBy?: string
/**
 * Note; free text, never stored
 */
note?: string
}

/**
 * What an exporter vouches to have delivered.
 */
export interface CoverageRecord {
kind: "coverage"
/**
 * When the source system wrote this version
 */
recordedAt?: string
/**
 * Source id
 */
source: string
/**
 * Record kinds or event types
 * 
 * @minItems 1
 */
kinds: ("contact" | "recording" | "storedObject" | "transcript" | "consent" | "event" | "access" | "grant" | "staff" | "assignment" | "decision" | "hold" | "request" | "identity" | "review" | "coverage" | "notice-played" | "tone-played" | "objection" | "identity-verified" | "account-disclosed" | "payment" | "disclosure-given" | "bot-disclosed" | "customer-message" | "agent-message" | "escalation-requested" | "escalated" | "follow-up-promised" | "follow-up-done" | "transferred" | "complaint-raised" | "reason-given")[]
/**
 * From
 */
from: string
/**
 * To, exclusive
 */
to: string
/**
 * Limited to queues
 * 
 * @minItems 1
 */
queues?: string[]
/**
 * Limited to sites
 * 
 * @minItems 1
 */
sites?: string[]
}

/** Any canonical record. */
export type CanonicalRecord =
  | ContactRecord
  | RecordingRecord
  | StoredObjectRecord
  | TranscriptRecord
  | ConsentRecord
  | EventRecord
  | AccessRecord
  | GrantRecord
  | StaffRecord
  | AssignmentRecord
  | DecisionRecord
  | HoldRecord
  | RequestRecord
  | IdentityRecord
  | ReviewRecord
  | CoverageRecord
