import { instantOf } from "../../time/index.ts"
import { packPeriods } from "../periods.ts"
import type { Pack } from "../pack.ts"
import { durationOf, durationOrZero, minuteOf, perPack } from "./table.ts"
import type { TableDefinition } from "./table.ts"

/** What explains an access when the policy does not choose: every template of the contract. */
const allExplanations = ["handled-contact", "supervises-handler", "assignment", "grant", "recent-contact"] as const

const settingsOf = (pack: Pack) => {
  const { consent = {}, access = {}, service = {}, ...content } = pack.content
  return {
    policy: pack.policy,
    version: pack.version,
    from: pack.from,
    until: pack.until,
    approvedBy: content.approvedBy,
    approvedAt: content.approvedAt === undefined ? undefined : instantOf(content.approvedAt),
    timezone: content.timezone ?? "UTC",
    sha256: pack.sha256,
    unknownJurisdiction: consent.unknownJurisdiction ?? "all-party",
    grace: durationOrZero(consent.grace),
    opening: durationOrZero(consent.opening),
    stopWithin: durationOrZero(consent.stopWithin),
    standingValidity: durationOf(consent.standingValidity),
    handledContact: durationOf(access.handledContact),
    recentContact: durationOf(access.recentContact),
    session: durationOf(access.session),
    clockTolerance: durationOrZero(access.clockTolerance),
    breakGlassReview: durationOf(access.breakGlassReview),
    explanations: access.explanations ?? allExplanations,
    exemptPurposes: access.exemptPurposes,
    auditPrincipals: access.auditPrincipals,
    maxUnverifiable: content.maxUnverifiable,
    escalation: durationOf(service.escalation),
    followUp: durationOf(service.followUp),
    noticeToMonitored: access.noticeToMonitored ?? false
  }
}

/** Tables about packs as wholes and their single settings. */
export const packTables: ReadonlyArray<TableDefinition> = [
  {
    table: "packPeriod",
    columns: { packKey: "VARCHAR", from: "TIMESTAMP", until: "TIMESTAMP" },
    rowsOf: packPeriods
  },
  perPack("pack", {
    policy: "VARCHAR",
    version: "VARCHAR",
    from: "TIMESTAMP",
    until: "TIMESTAMP",
    approvedBy: "VARCHAR",
    approvedAt: "TIMESTAMP",
    timezone: "VARCHAR",
    sha256: "VARCHAR",
    unknownJurisdiction: "VARCHAR",
    grace: "INTERVAL",
    opening: "INTERVAL",
    stopWithin: "INTERVAL",
    standingValidity: "INTERVAL",
    handledContact: "INTERVAL",
    recentContact: "INTERVAL",
    session: "INTERVAL",
    clockTolerance: "INTERVAL",
    breakGlassReview: "INTERVAL",
    explanations: "VARCHAR[]",
    exemptPurposes: "VARCHAR[]",
    auditPrincipals: "VARCHAR[]",
    maxUnverifiable: "DOUBLE",
    escalation: "INTERVAL",
    followUp: "INTERVAL",
    noticeToMonitored: "BOOLEAN"
  }, (pack) => [settingsOf(pack)]),
  perPack("packResponse", { channel: "VARCHAR", within: "INTERVAL" }, ({ content }) =>
    Object.entries(content.service?.firstResponse ?? {}).map(([channel, within]) => ({ channel, within: durationOf(within) }))),
  perPack("packServiceHours", {
    ordinal: "INTEGER",
    days: "VARCHAR[]",
    fromMinute: "INTEGER",
    toMinute: "INTEGER",
    channels: "VARCHAR[]",
    queues: "VARCHAR[]"
  }, ({ content }) => (content.service?.hours ?? []).map(({ from, to, ...hours }, ordinal) => ({
    ...hours, ordinal, fromMinute: minuteOf(from), toMinute: minuteOf(to)
  }))),
  // A day as YYYY-MM-DD in the pack's time zone.
  perPack("packHoliday", { day: "VARCHAR" }, ({ content }) => (content.service?.holidays ?? []).map((day) => ({ day }))),
  perPack("packRequestTerm", { type: "VARCHAR", term: "INTERVAL" }, ({ content }) =>
    Object.entries(content.requests ?? {}).map(([type, term]) => ({ type, term: durationOf(term) }))),
  perPack("packRetention", {
    ordinal: "INTEGER",
    id: "VARCHAR",
    media: "VARCHAR[]",
    purposes: "VARCHAR[]",
    queues: "VARCHAR[]",
    channels: "VARCHAR[]",
    jurisdictions: "VARCHAR[]",
    anchor: "VARCHAR",
    delete: "INTERVAL",
    keep: "INTERVAL",
    citation: "VARCHAR"
  }, ({ content }) => (content.retention ?? []).map((rule, ordinal) => ({
    ...rule, ordinal, delete: durationOf(rule.delete), keep: durationOf(rule.keep)
  }))),
  perPack("packStatistics", {
    period: "VARCHAR",
    fdr: "DOUBLE",
    minimumGroup: "BIGINT",
    minimumEvents: "BIGINT",
    material: "DOUBLE",
    band: "DOUBLE",
    suppressBelow: "BIGINT"
  }, ({ content }) => (content.statistics === undefined ? [] : [{ ...content.statistics }])),
  perPack("packOwner", { family: "VARCHAR", owner: "VARCHAR" }, ({ content }) =>
    Object.entries(content.owners ?? {}).map(([family, owner]) => ({ family, owner })))
]
