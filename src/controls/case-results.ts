import { literal, type EvidenceStore } from "../evidence/index.ts"
import type { CaseEstate } from "./cases.ts"
import type { Control } from "./catalogue.ts"
import { countRows, judgedTexts, type Judgement } from "./evaluate.ts"
import { suffixPattern, unsuffixed } from "./names.ts"

/** What came out of one case: empty problems means that it holds. */
export type CaseResult = { readonly control: string; readonly name: string; readonly problems: ReadonlyArray<string>; readonly reasons: ReadonlyArray<string> }

const differs = (expected: unknown, actual: unknown): boolean => {
  if (expected === null) return actual !== null && actual !== undefined
  if (Array.isArray(expected)) return !Array.isArray(actual) || expected.length !== actual.length || expected.some((item, index) => differs(item, actual[index]))
  if (typeof expected === "object") return typeof actual !== "object" || actual === null || Object.entries(expected as Readonly<Record<string, unknown>>).some(([key, value]) => differs(value, (actual as Record<string, unknown>)[key]))
  if (typeof expected === "string" && typeof actual === "string" && /^\d{4}-\d\d-\d\dT.*Z$/.test(expected)) return Date.parse(expected) !== Date.parse(`${actual.replace(" ", "T")}Z`)
  return expected !== actual
}

const short = (row: Readonly<Record<string, unknown>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).filter(([key, value]) => value !== null && !["details", "evidence", "contrary", "law", "searched", "at"].includes(key))))

/** Pairs each expected unit with one that came; a more demanding expectation chooses first. */
const compare = (expected: ReadonlyArray<Readonly<Record<string, unknown>>>, came: ReadonlyArray<Judgement>): ReadonlyArray<string> => {
  const left = [...came]
  const problems: Array<string> = []
  for (const wanted of [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length)) {
    const index = left.findIndex((row) => !differs(wanted, row))
    if (index < 0) problems.push(`expected ${JSON.stringify(wanted)}, which did not come`)
    else left.splice(index, 1)
  }
  return [...problems, ...left.map((row) => `came ${short(row as unknown as Record<string, unknown>)}, which is not expected`)]
}

/** The columns in which a row names what it is about. */
const naming = ["unit", "contactId", "recordingId", "party", "staff"] as const

const suffixes = new RegExp(suffixPattern, "g")

/** Rows that name something of one of the suffixes; the rest of the estate is other controls' cases. */
const ofMembers = (members: CaseEstate["members"]): string => members.some(({ suffix }) => suffix === "")
  ? "true"
  : `list_has_any(regexp_extract_all(concat_ws(' ', ${naming.map((name) => `"${name}"`).join(", ")}), '${suffixPattern}'), [${members.map(({ suffix }) => literal(suffix)).join(", ")}])`

/** The rows of each case by the suffix that its ids carry; without suffixes the estate is one case's. */
const bySuffix = (texts: ReadonlyArray<string>, rows: ReadonlyArray<Judgement>, alone: boolean): ReadonlyMap<string, ReadonlyArray<string>> => {
  if (alone) return new Map([["", texts]])
  const found = new Map<string, Array<string>>()
  for (const [index, row] of rows.entries()) {
    for (const suffix of new Set(naming.map((name) => row[name]).join(" ").match(suffixes))) {
      const known = found.get(suffix)
      if (known === undefined) found.set(suffix, [texts[index] as string])
      else known.push(texts[index] as string)
    }
  }
  return found
}

/** Judges one control in an estate whose facts are made, and compares what came with what its cases expect. */
export const judgeMembers = async (store: EvidenceStore, control: Control, estate: CaseEstate): Promise<ReadonlyArray<CaseResult>> => {
  const members = estate.members.filter(({ entry }) => entry.control.id === control.id)
  const texts = await judgedTexts(store, control, ofMembers(members))
  const rows = texts.map((text) => JSON.parse(text) as Judgement)
  countRows(control, rows)
  const own = bySuffix(texts, rows, members.some(({ suffix }) => suffix === ""))
  return members.map(({ entry, suffix }) => {
    const came = (own.get(suffix) ?? []).map((text) => JSON.parse(unsuffixed(text, suffix)) as Judgement)
    return { control: control.id, name: entry.name, problems: compare(entry.expect, came), reasons: came.map((row) => row.reason).filter((reason) => reason !== null) }
  })
}
