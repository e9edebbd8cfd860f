import { day, iso } from "./calendar.ts"
import type { Calendar } from "./calendar.ts"
import { sites } from "./places.ts"

const notices = (calendar: Calendar): string =>
  ["en", "de", "fr", "es"].flatMap((language) => [
    `    - {id: rec-${language}, version: "2", language: ${language}, purposes: [recording, quality-assurance], from: ${iso(calendar.start - 1200 * day)}, until: ${iso(calendar.start - 180 * day)}}`,
    `    - {id: rec-${language}, version: "3", language: ${language}, purposes: [recording, quality-assurance, training, analytics, monitoring], from: ${iso(calendar.start - 180 * day)}}`
  ]).join("\n")

/** The policy pack of a synthetic estate as YAML; `decisions` are further decision policies, indented by two blanks. */
export const policyPack = (calendar: Calendar, decisions: ReadonlyArray<string>): string => `# The policy of a made-up company: what the synthetic records of this folder are judged by.
# All of it, the people and the contacts are invented by "earshot simulate".
policy: synthetic
version: "1"
from: ${iso(calendar.start - 1200 * day)}
approvedBy: privacy-office
approvedAt: ${iso(calendar.start - 1210 * day)}
timezone: America/Chicago
consent:
  law: recording-consent
  unknownJurisdiction: all-party
  sites: {${sites.map((site) => `${site.site}: ${site.place}`).join(", ")}}
  grace: PT2S
  opening: PT15S
  stopWithin: PT30S
  standingValidity: P2Y
  text: {chat: notice, messaging: notice, sms: none, email: none}
  purposes: {recording: none, quality-assurance: none, legal: none, subject-request: none, training: notice, analytics: notice, model-training: express, voiceprint: express}
  bases: [{purposes: [complaint-handling], basis: legitimateInterests, reference: LIA-7, from: ${iso(calendar.start - 1200 * day)}}]
  notices:
${notices(calendar)}
    - {id: rec-basic, version: "1", language: en, purposes: [recording, quality-assurance], from: ${iso(calendar.start - 1200 * day)}}
  botDisclosure: [{jurisdictions: [US-CA, DE, IE, FR], from: ${iso(calendar.start - 300 * day)}}]
  mandatoryRecording: [{queues: [trading], tolerance: PT5S}]
access:
  roles:
    agent: {actions: [list, view, play]}
    supervisor: {actions: [list, view, play, monitor, whisper, barge]}
    quality: {actions: [list, view, play]}
    legal: {actions: [list, view, play, download, export]}
    manager: {actions: [list, view, play]}
  explanations: [handled-contact, supervises-handler, assignment, grant, recent-contact]
  handledContact: P30D
  recentContact: PT72H
  session: PT30M
  clockTolerance: PT5M
  services: [{id: "svc:transcriber", actions: [view, download], purposes: [analytics]}]
  auditPrincipals: ["svc:earshot"]
  exemptPurposes: [legal, subject-request]
  hours: [{roles: [agent, supervisor, quality], days: [mon, tue, wed, thu, fri], from: "07:00", to: "20:00"}]
  networks: [10.0.0.0/8, 192.0.2.0/24, "2001:db8::/32"]
  bulk: {actions: [play, download, export], within: PT1H, max: 20}
  denials: {within: PT1H, max: 5}
  breakGlassReview: P3D
  noticeToMonitored: true
  training: {course: privacy, roles: [agent, supervisor, quality]}
  neverMonitor: {queues: [hr, whistleblower]}
decisions:
  - id: refunds
    facts: {reason: string, daysSincePurchase: int, amountBand: string, tenureBand: string}
    versions:
      - version: "6"
        from: ${iso(calendar.start - 1200 * day)}
        until: ${iso(calendar.start - 100 * day)}
        approvedBy: cco
        approvedAt: ${iso(calendar.start - 1205 * day)}
        rules:
          - {when: 'facts.daysSincePurchase > 60', expect: [denied]}
        otherwise: [granted, partial, denied]
        favourable: [granted, partial]
      - version: "7"
        from: ${iso(calendar.start - 100 * day)}
        approvedBy: cco
        approvedAt: ${iso(calendar.start - 120 * day)}
        rules:
          - {when: 'facts.reason == "defective" && facts.daysSincePurchase <= 30', expect: [granted]}
          - {when: 'facts.daysSincePurchase > 90', expect: [denied]}
        otherwise: [granted, partial, denied]
        favourable: [granted, partial]
        authority: {currency: USD, limits: {agent: 100, supervisor: 500, manager: 5000}, mayOverride: [supervisor, manager]}
        before: [identity-verified]
        deniedNeeds: [reason-given]
        likeCase: [facts.reason, facts.amountBand, facts.tenureBand]
        compare: [team, site, segment, channel]
        exceptions: {within: P90D, max: 2}
        splitting: {within: P7D, by: [facts.reason]}
${decisions.join("")}service:
  firstResponse: {voice: PT30S, chat: PT3M, messaging: PT3M, email: PT24H}
  escalation: PT24H
  followUp: PT0S
requests: {access: P1M, erasure: P1M, objection: P1M, restriction: P1M}
retention:
  - {id: recordings, anchor: recordingEnd, delete: P10Y, citation: house rule}
  - {id: surveys, queues: [surveys], anchor: recordingEnd, delete: P7D, citation: house rule}
  - {id: us-debt, queues: [collections], jurisdictions: [US], anchor: contactEnd, keep: P3Y, citation: 12 CFR 1006.100(b)}
statistics: {period: quarter, fdr: 0.05, minimumGroup: 30, minimumEvents: 5, material: 1.25, band: 10, suppressBelow: 10}
maxUnverifiable: 0.05
owners: {consent: privacy-office, access: security, policy: operations, retention: records-office, evidence: audit}
`
