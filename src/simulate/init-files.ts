/** The files of a new pipeline folder. Everything in the sample records is invented. */

export const initialPipeline = `# An Earshot pipeline: what is audited, by which policy, and where the report goes.
# Check it with "earshot validate pipeline.yaml", run it with "earshot run pipeline.yaml".
pipeline: first
policy: policy.yaml

# When it is meant to run (cron, UTC), so that a night that never ran shows in the chain of reports.
schedule: "0 2 * * *"

# Where records come from: a folder, a glob, or s3://bucket/prefix. Relative paths start at this file.
sources:
  - id: records
    uri: records/
    # canonical is Earshot's own NDJSON; others are vcon, cloudtrail, amazon-connect-contact, csv and more.
    format: canonical
    # append: files are added. snapshot: each file is a full list, and what it lacks has ended.
    mode: append
    # What this source would deliver if it happened: only then is an absence evidence.
    provides: [contact, recording, consent, notice-played, objection, access, staff, assignment, grant]
    # Share of records that may be quarantined before the run is not trusted.
    allowRejected: 0
    # The newest record must be younger than this; switch it on once real records arrive every night.
    # freshWithin: P1D
    minObjects: 1

evidence: {store: .earshot/evidence.duckdb, memory: 2GB, threads: 2}

report:
  out: reports
  # The run fails (exit code 1) on new findings of this severity or above: low, medium, high, critical or never.
  failOn: high
  # People appear as pseudonyms. Keep the keys out of version control; "earshot keygen --out keys" makes them too.
  identities: pseudonymous
  pseudonymKey: keys/pseudonym.key
  idKey: keys/id.key

# Without a key the report is made all the same and says UNSIGNED on its first page.
# "create: missing" makes the keys above on the first run; take it out once yours are where they belong.
signing: {keys: [keys/pipeline.pem], create: missing}

# Findings that somebody answers for until a day.
waivers: waivers.yaml

# Controls that this audit leaves out; signed, on page one of the report.
outOfScope:
  - {control: access/untrained, reason: no training feed yet, owner: security}
`

export const initialPolicy = `# A policy pack: what the organisation promised. Compliance people own this file.
# Each act is judged by the pack in force when it happened; a change is a new pack with a new version.
policy: house-rules
version: "1"
from: 2026-01-01T00:00:00Z
# For hours of the day only; all other times are UTC.
timezone: America/Chicago

consent:
  # The built-in matrix of places: engineering data for review by counsel, not legal advice.
  law: recording-consent
  # How a customer of unknown place is judged: all-party, lawful-basis or one-party.
  unknownJurisdiction: all-party
  # Where staff and recorders of a site are.
  sites: {austin: US-TX}
  grace: PT2S
  # A notice this early inside the recording is in time.
  opening: PT15S
  # A recording must stop this soon after an objection.
  stopWithin: PT30S
  # What written channels need: none, notice or express.
  text: {chat: notice, messaging: notice, sms: none, email: none}
  # What each purpose needs: none, notice or express.
  purposes: {quality-assurance: none, training: notice, model-training: express}
  notices:
    - {id: rec-en, version: "1", language: en, purposes: [recording, quality-assurance, training], from: 2026-01-01T00:00:00Z}

access:
  roles:
    agent: {actions: [list, view, play]}
    supervisor: {actions: [list, view, play, monitor, whisper, barge]}
    quality: {actions: [list, view, play]}
  explanations: [handled-contact, supervises-handler, assignment, grant, recent-contact]
  handledContact: P30D
  recentContact: PT72H
  session: PT30M
  clockTolerance: PT5M
  bulk: {actions: [play, download, export], within: PT1H, max: 50}

requests: {access: P1M, erasure: P1M, objection: P1M, restriction: P1M}

retention:
  - {id: routine, media: [audio], anchor: recordingEnd, delete: P1Y, citation: house rule}

# More units that cannot be judged than this share, and the run is not trusted.
maxUnverifiable: 0.05
owners: {consent: privacy-office, access: security, retention: records-office}
`

export const initialWaivers = `# Findings and causes that somebody answers for, until a day, with a second person's approval.
# "earshot waive --help" shows how to have an entry printed. All of owner, reason, expires and approvedBy are required.
#
# waivers:
#   - finding: f-0123456789abcdef0123456789abcdef
#     owner: privacy-office
#     reason: the announcement was repaired on 3 March, the customers were written to
#     expires: 2026-12-31T00:00:00Z
#     approvedBy: data-protection-officer
waivers: []
`

const records: ReadonlyArray<Readonly<Record<string, unknown>>> = [
  {
    kind: "staff", id: "agent-1", aliases: ["login:a1"], employedFrom: "2026-01-01T00:00:00Z", monitoringAcknowledgedAt: "2026-01-02T00:00:00Z",
    roles: [{ role: "agent", from: "2026-01-01T00:00:00Z", team: "support-1", site: "austin", supervisor: "supervisor-1" }]
  },
  {
    kind: "staff", id: "supervisor-1", employedFrom: "2026-01-01T00:00:00Z", monitoringAcknowledgedAt: "2026-01-02T00:00:00Z",
    roles: [{ role: "supervisor", from: "2026-01-01T00:00:00Z", team: "support-1", site: "austin" }]
  },
  {
    kind: "contact", id: "contact-1", channel: "voice", direction: "inbound", startedAt: "2026-03-02T15:00:00Z", queuedAt: "2026-03-02T15:00:00Z",
    answeredAt: "2026-03-02T15:00:12Z", endedAt: "2026-03-02T15:06:00Z", queue: "support", site: "austin", language: "en",
    parties: [{ id: "c1", role: "customer", jurisdiction: "US-CA", jurisdictionSource: "declared", language: "en" }, { id: "agent-1", role: "agent", joinedAt: "2026-03-02T15:00:12Z" }]
  },
  {
    kind: "recording", id: "rec-1", contactId: "contact-1", medium: "audio", startedAt: "2026-03-02T15:00:12Z", endedAt: "2026-03-02T15:06:00Z",
    uri: "s3://example-recordings/2026-03-02/rec-1.wav", purposes: ["quality-assurance"]
  },
  {
    kind: "event", id: "event-1", contactId: "contact-1", at: "2026-03-02T15:00:13Z", until: "2026-03-02T15:00:20Z", type: "notice-played",
    noticeId: "rec-en", noticeVersion: "1", language: "en"
  },
  { kind: "access", id: "access-1", at: "2026-03-02T16:00:00Z", actor: { id: "login:a1", type: "user" }, action: "play", recordingId: "rec-1", outcome: "success" },
  // The same kind of call without the announcement: the finding that the first run shows.
  {
    kind: "contact", id: "contact-2", channel: "voice", direction: "inbound", startedAt: "2026-03-03T15:00:00Z", queuedAt: "2026-03-03T15:00:00Z",
    answeredAt: "2026-03-03T15:00:10Z", endedAt: "2026-03-03T15:04:00Z", queue: "support", site: "austin", language: "en",
    parties: [{ id: "c2", role: "customer", jurisdiction: "US-CA", jurisdictionSource: "declared", language: "en" }, { id: "agent-1", role: "agent", joinedAt: "2026-03-03T15:00:10Z" }]
  },
  {
    kind: "recording", id: "rec-2", contactId: "contact-2", medium: "audio", startedAt: "2026-03-03T15:00:10Z", endedAt: "2026-03-03T15:04:00Z",
    uri: "s3://example-recordings/2026-03-03/rec-2.wav", purposes: ["quality-assurance"]
  }
]

export const initialRecords = records.map((record) => `${JSON.stringify(record)}\n`).join("")
