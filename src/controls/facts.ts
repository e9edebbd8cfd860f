import { readFileSync, readdirSync } from "node:fs"
import { join } from "node:path"
import type { EvidenceStore } from "../evidence/index.ts"

/** A table that follows from records and policy: one SELECT in pipelines/facts, or made in TypeScript. */
export type Fact = {
  readonly name: string
  /** Other facts that must exist first. */
  readonly needs: ReadonlyArray<string>
  readonly make: (store: EvidenceStore) => Promise<void>
}

const comments = /--[^\n]*|'(?:[^']|'')*'/g

/** Names of `known` that a query mentions outside comments and strings. */
export const mentioned = (sql: string, known: ReadonlySet<string>): ReadonlyArray<string> => {
  const lower = new Map([...known].map((name) => [name.toLowerCase(), name]))
  const found = new Set<string>()
  for (const word of sql.replaceAll(comments, " ").match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []) {
    const name = lower.get(word.toLowerCase())
    if (name !== undefined) found.add(name)
  }
  return [...found].sort()
}

/** Facts of a folder of .sql files plus those made in TypeScript, each with what it needs. */
export const readFacts = (folder: string, made: ReadonlyArray<Fact>): ReadonlyMap<string, Fact> => {
  const files = readdirSync(folder).filter((file) => file.endsWith(".sql")).sort()
  const names = new Set([...files.map((file) => file.slice(0, -4)), ...made.map((fact) => fact.name)])
  const facts = new Map<string, Fact>(made.map((fact) => [fact.name, fact]))
  for (const file of files) {
    const name = file.slice(0, -4)
    const sql = readFileSync(join(folder, file), "utf8").trim().replace(/;$/, "")
    const needs = mentioned(sql, names).filter((other) => other !== name)
    facts.set(name, { name, needs, make: (store) => store.run(`CREATE OR REPLACE TEMP TABLE "${name}" AS ${sql}`) })
  }
  return facts
}

/** The facts named and all they need, in an order in which each can be made; fails on a circle. */
export const inOrder = (facts: ReadonlyMap<string, Fact>, wanted: Iterable<string>): ReadonlyArray<Fact> => {
  const ordered: Array<Fact> = []
  const state = new Map<string, "open" | "done">()
  const visit = (name: string, path: ReadonlyArray<string>): void => {
    if (state.get(name) === "done") return
    if (state.get(name) === "open") throw new Error(`facts need each other in a circle: ${[...path, name].join(" -> ")}`)
    const fact = facts.get(name)
    if (fact === undefined) throw new Error(`no fact is named ${name}`)
    state.set(name, "open")
    for (const other of fact.needs) visit(other, [...path, name])
    state.set(name, "done")
    ordered.push(fact)
  }
  for (const name of [...wanted].sort()) visit(name, [])
  return ordered
}
