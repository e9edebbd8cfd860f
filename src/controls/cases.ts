import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import type { SourceRow } from "../evidence/index.ts"
import { type JsonSchema, loadShipped, loadYaml } from "../yaml/index.ts"
import type { Control } from "./catalogue.ts"
import { suffixAt, suffixed } from "./names.ts"

/** A canonical record as a case writes it. */
export type CaseRecord = Readonly<Record<string, unknown>> & { readonly kind: string }

type CaseSource = Partial<SourceRow> & { readonly id: string; readonly records?: ReadonlyArray<CaseRecord>; readonly objects?: ReadonlyArray<Readonly<Record<string, unknown>>> }

type CaseEntry = {
  readonly name: string
  readonly policy?: Readonly<Record<string, unknown>>
  readonly policies?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly asOf?: string
  readonly provides?: ReadonlyArray<string>
  readonly variables?: Readonly<Record<string, ReadonlyArray<unknown>>>
  readonly alone?: boolean
  readonly sources?: ReadonlyArray<CaseSource>
  readonly records?: ReadonlyArray<CaseRecord>
  readonly without?: ReadonlyArray<string>
  readonly expect: ReadonlyArray<Readonly<Record<string, unknown>>>
}

type CasesFile = { readonly given?: ReadonlyArray<CaseRecord>; readonly cases: ReadonlyArray<CaseEntry> }

/** One case, ready to run: its records whole. */
export type Case = CaseEntry & { readonly control: Control; readonly records: ReadonlyArray<CaseRecord> }

/** Cases that can be judged in one estate: same policy, as-of, sources. */
export type CaseEstate = {
  readonly asOf: string
  readonly policies: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly provides: ReadonlyArray<string> | undefined
  readonly sources: ReadonlyArray<CaseSource>
  /** What a run hands to facts. */
  readonly variables?: Readonly<Record<string, ReadonlyArray<unknown>>>
  /** Each with the suffix that its ids carry; empty for a case alone. */
  readonly members: ReadonlyArray<{ readonly entry: Case; readonly suffix: string }>
}

/** The time at which cases are judged where they do not say. */
export const defaultAsOf = "2026-06-30T00:00:00Z"

const schema = JSON.parse(readFileSync(new URL("../../schemas/cases.schema.json", import.meta.url), "utf8")) as JsonSchema

const keyOf = (record: CaseRecord): string => `${record.kind}/${String(record["id"] ?? record["subject"] ?? record["uri"] ?? record["contactId"] ?? record["source"])}`

const merged = (given: ReadonlyArray<CaseRecord>, entry: CaseEntry): ReadonlyArray<CaseRecord> => {
  const without = new Set(entry.without ?? [])
  const added = [...(entry.records ?? [])]
  const kept = given.filter((record) => !without.has(keyOf(record))).map((record) => {
    const index = added.findIndex((other) => keyOf(other) === keyOf(record))
    if (index < 0) return record
    const [change] = added.splice(index, 1)
    return Object.fromEntries(Object.entries({ ...record, ...change }).filter(([, value]) => value !== null)) as CaseRecord
  })
  return [...kept, ...added]
}

/** The cases of a control, each with its records whole. A control without cases.yaml has none. */
export const readCases = (control: Control): ReadonlyArray<Case> => {
  const file = join(control.folder, "cases.yaml")
  if (!existsSync(file)) return []
  const { given = [], cases } = (control.custom ? loadYaml : loadShipped)<CasesFile>(file, schema).value
  return cases.map((entry) => ({ ...entry, control, records: merged(given, entry) }))
}

const groupKey = (entry: Case): string =>
  entry.alone === true || entry.variables !== undefined || (entry.sources ?? []).some((source) => source.records !== undefined || source.objects !== undefined)
    ? `alone ${entry.control.id} ${entry.name}`
    : JSON.stringify([
      entry.asOf ?? defaultAsOf, entry.policy ?? null, entry.policies ?? null, entry.sources ?? null,
      // What other cases deliver would otherwise count as somebody having looked.
      entry.provides === undefined ? null : [entry.provides, [...new Set(entry.records.map((record) => record.kind === "event" ? record["type"] as string : record.kind))].sort()]
    ])

/** Puts cases together that share policy, as-of and sources, each with ids of its own, so that a few estates judge all. */
export const estatesOf = (cases: ReadonlyArray<Case>): ReadonlyArray<CaseEstate> => {
  const groups = new Map<string, Array<Case>>()
  for (const entry of cases) {
    const key = groupKey(entry)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return [...groups.values()].map((group) => {
    const first = group[0] as Case
    const alone = groupKey(first).startsWith("alone ")
    return {
      asOf: first.asOf ?? defaultAsOf,
      policies: first.policies ?? [first.policy ?? {}],
      provides: first.provides,
      sources: first.sources ?? [],
      variables: first.variables ?? {},
      members: group.map((entry, index) => {
        const suffix = alone ? "" : suffixAt(index)
        return { suffix, entry: { ...entry, records: suffix === "" ? entry.records : entry.records.map((record) => suffixed(record, suffix) as CaseRecord) } }
      })
    }
  })
}
