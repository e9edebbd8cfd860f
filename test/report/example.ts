import { generateKeyPairSync } from "node:crypto"
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { writeCore } from "../../src/attest/index.ts"
import type { Signer } from "../../src/attest/index.ts"
import { signerOf } from "../../src/attest/keys.ts"
import type { Finding } from "../../src/findings/finding.ts"
import type { Population, Summary } from "../../src/report/summary.ts"

/** Text that tries to become markup, a formula, a link or a control sequence wherever it lands. */
export const hostile = String.raw`</script><img src=x onerror="globalThis.hacked=1">=HYPERLINK("http://evil.example") [a](javascript:1) & ' | ` + "`x` \u202Egnp.exe\u0007 ]]>"

const controls: ReadonlyArray<Population> = [
  { control: "consent/recorded-without-consent", family: "consent", title: "Recorded without consent or notice", question: "Was everybody told?", unit: "recording x party", severity: "high", kind: "finding", population: 10, pass: 6, fail: 2, unverifiable: 1, notApplicable: 1, reasons: { "fail:absent": 2, "unverifiable:ambiguous-person": 1, "notApplicable:no-outsider": 1 } },
  { control: "access/anonymous", family: "access", title: hostile, question: "Does the log say who?", unit: "access", severity: "critical", kind: "finding", population: 3, pass: 2, fail: 1, unverifiable: 0, notApplicable: 0, reasons: { "fail:anonymous": 1 } },
  { control: "policy/unit-deviates", family: "policy", title: "A unit decides otherwise", question: "Do units decide alike?", unit: "team x month", severity: "low", kind: "lead", population: 4, pass: 3, fail: 1, unverifiable: 0, notApplicable: 0, reasons: { "fail:beyond-limits": 1 } },
  { control: "access/untrained", family: "access", title: "Access without training", question: "Were they trained?", unit: "session", severity: "low", kind: "finding", population: 0, pass: 0, fail: 0, unverifiable: 0, notApplicable: 0, reasons: {}, outOfScope: { reason: "no feed yet", owner: "security" } }
]

const source = { format: "canonical", objects: 1, unreadable: 0, bytes: 1234, read: 20, accepted: 18, duplicate: 1, superseded: 0, conflicting: 0, ignored: 0, rejected: 1, produced: { contact: 18 }, ignoredBecause: {}, oldest: "2026-05-01T00:00:00Z", newest: "2026-06-29T10:00:00Z" }

/** A finding with everything that a finding can have. */
export const finding = (n: number, changes: Partial<Finding> = {}): Finding => ({
  id: `f-${String(n).padStart(32, "0")}`, control: "consent/recorded-without-consent", kind: "finding", severity: "high", cause: "consent/recorded-without-consent#absent#billing",
  at: "2026-06-05T10:00:00Z", contactId: `k${n}`, recordingId: `r${n}`, party: "p-1", staff: "p-2", sentence: `Recording r${n} captured p-1 from 2026-06-05 10:00:00 UTC without consent.`, reason: "absent",
  rule: { pack: "northwind", version: "2026.11", ref: "consent.law" }, law: [{ jurisdiction: "DE", version: "2021", citation: "§ 201 StGB" }], citations: ["GDPR art. 6(1)"],
  evidence: [{ kind: "recording", id: `r${n}`, source: "contacts", object: "s3://acme-contacts/2026/a b[1].ndjson", versionId: "v1", line: 3, pointer: "/parties/0", sha256: "aa", objectSha256: "bb" }],
  searched: [{ kind: "consent", sources: ["consent"], from: "2026-01-01T00:00:00Z", to: "2026-06-30T00:00:00Z", records: 185, names: ["p-1"] }], contrary: [], remedy: "Stop using the recording.",
  details: {
    places: ["DE"], timeline: [
      { lane: "party", label: "customer", who: "p-1", from: "2026-06-05T09:59:00Z", until: "2026-06-05T10:06:00Z" }, { lane: "recording", label: "capturing audio", recordingId: `r${n}`, from: "2026-06-05T10:00:00Z", until: "2026-06-05T10:05:00Z" },
      { lane: "consent", label: "given (electronic, standing)", who: "p-1", from: "2023-01-01T00:00:00Z", until: "2024-01-01T00:00:00Z" }, { lane: "access", label: "play", who: "p-2", from: "2026-06-08T08:00:00Z" }
    ]
  },
  status: "new", newBecause: "record", salt: "00".repeat(32), due: "2026-07-07T00:00:00Z", owner: "privacy-office", ...changes
})

/** Five findings: plain, hostile, waived, closed, a lead. */
export const findings: ReadonlyArray<Finding> = [
  finding(1),
  finding(2, { control: "access/anonymous", severity: "critical", cause: "access/anonymous#anonymous#", sentence: hostile, remedy: hostile, contactId: hostile, evidence: [{ kind: "access", id: hostile, source: hostile, object: hostile, line: 1, sha256: "aa", objectSha256: "bb" }], details: { [hostile]: hostile, timeline: [{ lane: hostile, label: hostile, who: hostile, from: "2026-06-05T09:59:00Z" }] }, due: "2026-06-29T00:00:00Z" }),
  finding(3, { status: "waived" }), finding(4, { status: "closed", severity: "medium" }),
  finding(5, { control: "policy/unit-deviates", kind: "lead", severity: "low", cause: "policy/unit-deviates#beyond-limits#team-1", status: "persisting" })
]

const cause = (one: Finding): Summary["causes"][number] => ({ cause: one.cause, control: one.control, severity: one.severity, kind: one.kind, reason: one.reason, at: one.cause.split("#")[2] ?? "", sentence: one.sentence, findings: 1, open: 1, new: 1, due: "2026-07-07T00:00:00Z", owner: "privacy-office", example: one.id })

/** A whole summary; `changes` replace its parts. */
export const summary = (changes: Partial<Summary> = {}): Summary => ({
  earshot: { version: "0.1.0", digest: "cc" }, run: { id: "1a2b3c4d", pipeline: "nightly", asOf: "2026-06-30T00:00:00Z", startedAt: "2026-06-30T00:00:01Z", finishedAt: "2026-06-30T00:00:09Z", full: true, sequence: 2, previousStatement: "dd" },
  trust: { trustworthy: true, problems: [], selfTest: { cases: 12, failed: [] }, signed: true }, exitCode: 1,
  policies: [{ policy: "northwind", version: "2026.11", from: "2020-01-01T00:00:00Z", sha256: "ee" }], law: { pack: "recording-consent", sha256: "ff", rows: 83 },
  totals: { ...source, objects: 1 }, sources: [{ id: hostile, ...source }], controls,
  causes: [findings[1], findings[0], findings[4]].flatMap((one) => (one === undefined ? [] : [cause(one)])),
  counts: { findings: 4, leads: 1, bySeverity: { low: 0, medium: 1, high: 2, critical: 1 }, byFamily: { consent: 3, access: 1 }, byControl: {}, byCause: {}, byStatus: { new: 2, waived: 1, closed: 1, persisting: 1 }, resolved: 3, notReassessed: 0 },
  resolved: [], explanations: { sessions: 10, byTemplate: { "handled-contact": 7, assignment: 3 }, unexplained: 1,
    byTeam: [{ team: hostile, sessions: 8, byTemplate: { "handled-contact": 7 }, unexplained: 1 }, { sessions: 2, byTemplate: { assignment: 2 }, unexplained: 0 }], byAction: [{ action: "play", sessions: 10, byTemplate: { "handled-contact": 7, assignment: 3 }, unexplained: 1 }],
    toReview: [{ person: "p-2", customer: hostile, day: "2026-06-08", sessions: 1, controls: ["access/unexplained"], actions: ["play"], targets: [hostile] }], matters: 1
  }, consistency: [],
  waivers: [{ finding: findings[2]?.id ?? "", owner: "ops", reason: hostile, expires: "2026-09-01T00:00:00Z", approvedBy: "legal", state: "in force", covers: 1 }],
  outOfScope: [{ control: "access/untrained", reason: "no feed yet", owner: "security" }], coverage: [{ source: "contacts", kinds: ["contact"], from: "2026-01-01T00:00:00Z", to: "2026-06-30T00:00:00Z" }],
  frameworks: [{ framework: "gdpr", title: "General Data Protection Regulation", citation: "Regulation (EU) 2016/679", scope: "Recordings.", reviewed: "2026-06-01", requirements: [
    { ref: "art. 6(1)", requirement: "A basis is set.", controls: ["consent/recorded-without-consent", "access/untrained"], cannotShow: "Whether it is the right one.", confidence: "medium" },
    { ref: "art. 22", requirement: hostile, controls: ["policy/unit-deviates"], cannotShow: "Reasons.", confidence: "low" }, { ref: "art. 30", requirement: "Records are kept.", controls: [], cannotShow: "All of it.", confidence: "low" }
  ] }],
  retention: { delete: { recordings: 1, reasons: { "due:qa-audio": 1 } }, hold: { recordings: 1, reasons: { [hostile]: 1 } }, keep: { recordings: 1, reasons: { [hostile]: 1 } } },
  merkle: { findings: "11", inputs: "22", outcomes: "33" }, timings: {}, ...changes
})

/** A signer of P-256. */
export const signer = (): Signer => signerOf(generateKeyPairSync("ec", { namedCurve: "prime256v1" }).privateKey, "the test's key")

/** A report folder with its signed files. */
export const folderOf = async (all: ReadonlyArray<Finding>, whole: Summary, signers: ReadonlyArray<Signer>): Promise<{ readonly folder: string; readonly coreEnvelope: string }> => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-report-"))
  writeFileSync(join(folder, "findings.ndjson"), all.map((one) => `${JSON.stringify(one)}\n`).join(""))
  writeFileSync(join(folder, "inputs.ndjson"), `${JSON.stringify({ source: "contacts", uri: "a.ndjson" })}\n`)
  writeFileSync(join(folder, "quarantine.ndjson"), `${JSON.stringify({ object: "a.ndjson", line: 7, pointer: "/at", sentence: "at is not a time." })}\n`)
  writeFileSync(join(folder, "retention.ndjson"), ["delete", "keep", "hold"].map((decision, n) => `${JSON.stringify({ recordingId: `r${n}`, names: "clear", rules: [], decision, reasons: [n === 0 ? "due:qa-audio" : hostile] })}\n`).join(""))
  writeFileSync(join(folder, "summary.json"), `${JSON.stringify(whole, null, 2)}\n`)
  const head = { root: "0".repeat(64), size: all.length }
  await writeCore({ folder, signers, merkle: { findings: head, inputs: head }, facts: { run: { id: whole.run.id, pipeline: whole.run.pipeline, asOf: whole.run.asOf, startedAt: whole.run.startedAt, full: true, trustworthy: true } } })
  return { folder, coreEnvelope: readFileSync(join(folder, "core.dsse.json"), "utf8") }
}
