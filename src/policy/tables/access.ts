import { durationOf, minuteOf, perPack } from "./table.ts"
import type { TableDefinition } from "./table.ts"

/** One row for a setting that is there, none for one that is not. */
const optional = <T>(setting: T | undefined): ReadonlyArray<T> => (setting === undefined ? [] : [setting])

/** Tables of the `access` part. */
export const accessTables: ReadonlyArray<TableDefinition> = [
  perPack("packRole", { role: "VARCHAR", actions: "VARCHAR[]" }, ({ content }) =>
    Object.entries(content.access?.roles ?? {}).map(([role, { actions }]) => ({ role, actions }))),
  perPack("packService", { id: "VARCHAR", actions: "VARCHAR[]", purposes: "VARCHAR[]" }, ({ content }) =>
    (content.access?.services ?? []).map((service) => ({ ...service }))),
  perPack("packHours", { roles: "VARCHAR[]", days: "VARCHAR[]", fromMinute: "INTEGER", toMinute: "INTEGER" }, ({ content }) =>
    (content.access?.hours ?? []).map(({ roles, days, from, to }) => ({ roles, days, fromMinute: minuteOf(from), toMinute: minuteOf(to) }))),
  perPack("packNetwork", { network: "VARCHAR" }, ({ content }) => (content.access?.networks ?? []).map((network) => ({ network }))),
  perPack("packBulk", { actions: "VARCHAR[]", within: "INTERVAL", max: "BIGINT" }, ({ content }) =>
    optional(content.access?.bulk).map((bulk) => ({ ...bulk, within: durationOf(bulk.within) }))),
  perPack("packDenials", { within: "INTERVAL", max: "BIGINT" }, ({ content }) =>
    optional(content.access?.denials).map((denials) => ({ ...denials, within: durationOf(denials.within) }))),
  perPack("packTraining", { course: "VARCHAR", roles: "VARCHAR[]" }, ({ content }) =>
    [content.access?.training ?? []].flat().map((training) => ({ ...training }))),
  perPack("packNeverMonitor", { queues: "VARCHAR[]" }, ({ content }) =>
    optional(content.access?.neverMonitor).map((rule) => ({ ...rule })))
]
