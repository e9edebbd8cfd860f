import { instantOf } from "../../time/index.ts"
import type { DecisionVersionRules } from "../conditions.ts"
import type { Pack } from "../pack.ts"
import { durationOf, perPack } from "./table.ts"
import type { ColumnType, TableDefinition } from "./table.ts"

/** Every version of every decision policy of a pack, with the columns that name it. */
const versionsOf = (pack: Pack): ReadonlyArray<{ readonly key: { policy: string; version: string }; readonly rules: DecisionVersionRules }> =>
  pack.decisions.flatMap((decision) => decision.versions.map((rules) => ({ key: { policy: decision.id, version: rules.version }, rules })))

const versionRow = ({ from, until, content }: DecisionVersionRules) => ({
  from,
  until,
  approvedBy: content.approvedBy,
  approvedAt: content.approvedAt === undefined ? undefined : instantOf(content.approvedAt),
  otherwise: content.otherwise,
  favourable: content.favourable,
  currency: content.authority?.currency,
  mayOverride: content.authority?.mayOverride,
  before: content.before,
  deniedNeeds: content.deniedNeeds,
  likeCase: content.likeCase,
  compare: content.compare,
  exceptionsWithin: durationOf(content.exceptions?.within),
  exceptionsMax: content.exceptions?.max,
  splittingWithin: durationOf(content.splitting?.within),
  splittingBy: content.splitting === undefined ? undefined : content.splitting.by ?? []
})

/** A row for each role's limit and queue: `part` is the place in limitsFor, absent for the limits that hold everywhere. */
const limitRows = ({ content: { authority } }: DecisionVersionRules) => {
  const everywhere = Object.entries(authority?.limits ?? {}).map(([role, limit]) => ({ currency: authority?.currency, role, limit }))
  const particular = (authority?.limitsFor ?? []).flatMap(({ queues, currency = authority?.currency, limits }, part) => {
    const scope = [...(queues ?? []), ...(currency === undefined || currency === authority?.currency ? [] : [currency])].join(", ")
    return (queues ?? [undefined]).flatMap((queue) => Object.entries(limits).map(([role, limit]) => ({ part, scope, queue, currency, role, limit })))
  })
  return [...everywhere, ...particular]
}

// From entries, because an object literal with a key `then` looks like a promise.
const stepColumns: Readonly<Record<string, ColumnType>> = Object.fromEntries([
  ["policy", "VARCHAR"],
  ["version", "VARCHAR"],
  ["ordinal", "INTEGER"],
  ["type", "VARCHAR"],
  ["first", "VARCHAR"],
  ["then", "VARCHAR"],
  ["within", "INTERVAL"]
] as const)

/** Tables of the `decisions` part; expectedOutcome is made from the records and comes later. */
export const decisionTables: ReadonlyArray<TableDefinition> = [
  perPack("packDecision", { policy: "VARCHAR" }, (pack) => pack.decisions.map(({ id }) => ({ policy: id }))),
  perPack("packDecisionVersion", {
    policy: "VARCHAR",
    version: "VARCHAR",
    from: "TIMESTAMP",
    until: "TIMESTAMP",
    approvedBy: "VARCHAR",
    approvedAt: "TIMESTAMP",
    otherwise: "VARCHAR[]",
    favourable: "VARCHAR[]",
    currency: "VARCHAR",
    mayOverride: "VARCHAR[]",
    before: "VARCHAR[]",
    deniedNeeds: "VARCHAR[]",
    likeCase: "VARCHAR[]",
    compare: "VARCHAR[]",
    exceptionsWithin: "INTERVAL",
    exceptionsMax: "BIGINT",
    splittingWithin: "INTERVAL",
    splittingBy: "VARCHAR[]"
  }, (pack) => versionsOf(pack).map(({ key, rules }) => ({ ...key, ...versionRow(rules) }))),
  perPack("packAuthority", { policy: "VARCHAR", version: "VARCHAR", part: "INTEGER", scope: "VARCHAR", queue: "VARCHAR", currency: "VARCHAR", role: "VARCHAR", limit: "DECIMAL(18,4)" }, (pack) =>
    versionsOf(pack).flatMap(({ key, rules }) => limitRows(rules).map((row) => ({ ...key, ...row })))),
  perPack("packStep", stepColumns, (pack) => versionsOf(pack).flatMap(({ key, rules }) =>
    (rules.content.steps ?? []).map((step, ordinal) => ({ ...key, ...step, ordinal, within: durationOf(step.within) }))))
]
