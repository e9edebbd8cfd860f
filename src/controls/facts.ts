import { createHash } from "node:crypto"
import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import { type EvidenceStore, tablesRead } from "../evidence/index.ts"

/** A table that follows from records and policy: one SELECT in pipelines/facts, or made in TypeScript. */
export type Fact = {
  readonly name: string
  /** Tables that must exist first; names that are no facts are records, policy or the query's own. */
  readonly needs: ReadonlyArray<string>
  /** A name for a query instead of a table: whoever reads it reads the tables below it. */
  readonly view?: boolean
  readonly make: (store: EvidenceStore) => Promise<void>
}

/**
 * A query without its last ORDER BY: that is for people who run the file by hand; a table has no order, and sorting it is
 * a good part of the judging.
 */
export const unordered = (sql: string): string => {
  const start = sql.toUpperCase().lastIndexOf("ORDER BY")
  const rest = start < 0 ? "" : sql.slice(start)
  const isLast = start >= 0 && !/\b(?:LIMIT|OFFSET|SELECT|UNION)\b/i.test(rest) && rest.split("(").length === rest.split(")").length
  return isLast ? sql.slice(0, start).trimEnd() : sql
}

type Query = { readonly name: string; readonly sql: string; readonly reads: ReadonlyArray<string> }

const readQueries = async (folder: string): Promise<ReadonlyArray<Query>> => {
  const names = readdirSync(folder).filter((file) => file.endsWith(".sql")).sort().map((file) => file.slice(0, -4))
  const sqls = names.map((name) => readFileSync(join(folder, `${name}.sql`), "utf8").trim().replace(/;$/, ""))
  const reads = await tablesRead(sqls)
  return names.map((name, index) => ({ name, sql: sqls[index] ?? "", reads: reads[index] ?? [] }))
}

/** The files do not change under a run, and every estate of cases asks for them. */
const queries = new Map<string, Promise<ReadonlyArray<Query>>>()

const queriesOf = (folder: string): Promise<ReadonlyArray<Query>> => {
  const reading = queries.get(folder) ?? readQueries(folder)
  queries.set(folder, reading)
  return reading
}

/**
 * Digests over the queries of the facts that some tables rest on, whatever the depth: SHA-256, hex; undefined where none of
 * them is such a fact. Facts made in TypeScript belong to the program, which has a digest of its own.
 */
export const factDigests = async (folder: string): Promise<(reads: Iterable<string>) => string | undefined> => {
  const byName = new Map((await queriesOf(folder)).map((query) => [query.name, query]))
  return (reads) => {
    const found = new Map<string, string>()
    const visit = (name: string): void => {
      const query = byName.get(name)
      if (query === undefined || found.has(name)) return
      found.set(name, query.sql)
      for (const other of query.reads) visit(other)
    }
    for (const name of reads) visit(name)
    if (found.size === 0) return undefined
    const digest = createHash("sha256")
    for (const name of [...found.keys()].sort()) digest.update(`${name}\0${found.get(name) ?? ""}\0`)
    return digest.digest("hex")
  }
}

/** Facts of a folder of .sql files plus those made in TypeScript, each with what it reads. */
export const readFacts = async (folder: string, made: ReadonlyArray<Fact>): Promise<ReadonlyMap<string, Fact>> => {
  const facts = new Map<string, Fact>(made.map((fact) => [fact.name, fact]))
  for (const { name, sql, reads } of await queriesOf(folder)) {
    const view = /^-- A view[:,]/.test(sql)
    facts.set(name, { name, view, needs: reads.filter((other) => other !== name), make: (store) => store.run(`CREATE OR REPLACE ${view ? "VIEW" : "TABLE"} "${name}" AS ${unordered(sql)}`) })
  }
  return facts
}

/** The facts among the tables named and all they need, in an order in which each can be made; fails on a circle. */
export const inOrder = (facts: ReadonlyMap<string, Fact>, wanted: Iterable<string>): ReadonlyArray<Fact> => {
  const ordered: Array<Fact> = []
  const state = new Map<string, "open" | "done">()
  const visit = (name: string, path: ReadonlyArray<string>): void => {
    const fact = facts.get(name)
    if (fact === undefined || state.get(name) === "done") return
    if (state.get(name) === "open") throw new Error(`facts need each other in a circle: ${[...path, name].join(" -> ")}`)
    state.set(name, "open")
    for (const other of fact.needs) visit(other, [...path, name])
    state.set(name, "done")
    ordered.push(fact)
  }
  for (const name of [...new Set(wanted)].sort()) visit(name, [])
  return ordered
}
