import { Environment } from "@marcbachmann/cel-js"
import type { ASTNode, ParseResult } from "@marcbachmann/cel-js"
import { instantOf, untilOf } from "../time/index.ts"
import type { Instant } from "../time/index.ts"
import { suggestion } from "../yaml/index.ts"
import type { Located, Problem } from "../yaml/index.ts"
import { celType, contactFields, decisionFields } from "./condition-inputs.ts"
import { patternProblem } from "./patterns.ts"
import type { ConditionInputs } from "./condition-inputs.ts"
import type { DecisionPolicy, DecisionVersion, PolicyFile } from "./types.ts"

/** One compiled rule: when its condition holds, `expect` are the outcomes that conform. */
export type Rule = {
  readonly expect: ReadonlyArray<string>
  /** @throws what the CEL library throws when the inputs do not allow an answer. */
  readonly holds: (inputs: ConditionInputs) => unknown
  /** The condition reads something of the contact. */
  readonly readsContact: boolean
  /** The condition reads something of the decision beside its facts. */
  readonly readsDecision: boolean
}

/** A version of a decision policy with its rules compiled; until null: open. */
export type DecisionVersionRules = {
  readonly version: string
  readonly from: Instant
  readonly until: Instant | null
  readonly rules: ReadonlyArray<Rule>
  readonly content: DecisionVersion
}

/** A decision policy of a pack. */
export type DecisionRules = {
  readonly id: string
  /** Declared facts and their CEL types. */
  readonly facts: Readonly<Record<string, string>>
  readonly versions: ReadonlyArray<DecisionVersionRules>
}

/** Far above what a person writes, far below what would hang the load. */
const limits = { maxAstNodes: 2000, maxDepth: 60 }

const environmentFor = (facts: Readonly<Record<string, string>>): Environment =>
  new Environment({ unlistedVariablesAreDyn: false, limits })
    .registerType("Facts", { fields: { ...facts } })
    .registerType("Contact", { fields: { ...contactFields } })
    .registerType("Decision", { fields: { ...decisionFields } })
    .registerVariable("facts", "Facts")
    .registerVariable("contact", "Contact")
    .registerVariable("decision", "Decision")

const isNode = (value: unknown): value is ASTNode => typeof value === "object" && value !== null && "op" in value && "args" in value

/** Whether a variable is named anywhere in a condition. */
const mentions = (node: unknown, variable: string): boolean => {
  if (Array.isArray(node)) return node.some((part) => mentions(part, variable))
  if (!isNode(node)) return false
  return (node.op === "id" && node.args === variable) || mentions(node.args, variable)
}

const isLiteral = (node: unknown): node is ASTNode & { readonly args: string } => isNode(node) && node.op === "value" && typeof node.args === "string"

const isMatching = (node: ASTNode): boolean => (node.op === "rcall" || node.op === "call") && Array.isArray(node.args) && node.args[0] === "matches"

const usesPattern = (node: unknown): boolean => Array.isArray(node) ? node.some(usesPattern) : isNode(node) && (isMatching(node) || usesPattern(node.args))

/** The first pattern of a condition that could take for ever, and why: the library's `matches` tries every way of matching. */
const endlessPattern = (node: unknown): Mistake | undefined => {
  if (Array.isArray(node)) return node.map(endlessPattern).find((mistake) => mistake !== undefined)
  if (!isNode(node)) return undefined
  const args: unknown = node.args
  if (isMatching(node) && Array.isArray(args)) {
    const pattern = (args.at(-1) as ReadonlyArray<unknown>).at(-1)
    const sentence = isLiteral(pattern) ? patternProblem(pattern.args) : "matches needs its pattern written out, so that it can be checked"
    if (sentence !== undefined) return { offset: isNode(pattern) ? pattern.start : node.start, sentence: `the condition cannot be used: ${sentence}` }
  }
  return endlessPattern(args)
}

/** The words of the library end in a picture of the place, which we give as line and column. */
const summaryOf = (error: { readonly message: string; readonly summary?: string }): string => error.summary ?? error.message.split("\n")[0]!

/** A text longer than this is not matched: a pattern's time grows with the text's length. */
const matchedTextMax = 500

/** The condition, which gives no answer where it uses a pattern and any text is longer than a pattern may meet. */
const bounded = (parsed: ParseResult): Rule["holds"] => {
  if (!usesPattern(parsed.ast)) return parsed
  return (inputs) => {
    const texts = [inputs.facts, inputs.contact, inputs.decision].flatMap((values) => Object.values(values))
    if (texts.some((value) => typeof value === "string" && value.length > matchedTextMax)) throw new RangeError("a text is too long for a pattern")
    return parsed(inputs)
  }
}

type Mistake = { readonly offset: number; readonly sentence: string }

/** Names that could have been meant at the place of an unknown one. */
const knownAt = (expression: string, start: number, facts: Readonly<Record<string, string>>): ReadonlyArray<string> => {
  const before = /(\w+)\s*\.\s*$/.exec(expression.slice(0, start))?.[1]
  if (before === "facts") return Object.keys(facts)
  if (before === "contact") return Object.keys(contactFields)
  return before === "decision" ? Object.keys(decisionFields) : ["facts", "contact", "decision"]
}

const mistakeOf = (expression: string, error: { message: string; summary?: string; code?: string; range?: { start: number; end: number } }, facts: Readonly<Record<string, string>>): Mistake => {
  const start = error.range?.start ?? 0
  const word = expression.slice(start, error.range?.end ?? start)
  if (error.code === "no_such_key" || error.code === "unknown_variable") {
    return { offset: start, sentence: `the condition reads ${JSON.stringify(word)}, which is not declared; ${suggestion(word, knownAt(expression, start, facts))}` }
  }
  const summary = summaryOf(error)
  const what = error.code === "no_such_overload" ? "does not fit its types" : "is not valid CEL"
  return { offset: start, sentence: `the condition ${what}: ${summary.charAt(0).toLowerCase()}${summary.slice(1)}` }
}

const parse = (environment: Environment, expression: string, facts: Readonly<Record<string, string>>): ParseResult | Mistake => {
  let parsed: ParseResult
  try {
    parsed = environment.parse(expression)
  } catch (error) {
    return mistakeOf(expression, error as Error, facts)
  }
  const { valid, type, error } = parsed.check()
  if (!valid) return mistakeOf(expression, error ?? new Error("it cannot be checked"), facts)
  const endless = endlessPattern(parsed.ast)
  if (endless !== undefined) return endless
  if (type !== "bool") return { offset: 0, sentence: `the condition gives ${type ?? "nothing"}, but must give true or false (bool)` }
  return parsed
}

type Compiled = { readonly decisions: ReadonlyArray<DecisionRules>; readonly problems: ReadonlyArray<Problem> }

const compileVersion = (
  located: Located<PolicyFile>,
  path: ReadonlyArray<string | number>,
  version: DecisionVersion,
  facts: Readonly<Record<string, string>>,
  problems: Array<Problem>
): DecisionVersionRules => {
  const environment = environmentFor(facts)
  const rules = (version.rules ?? []).flatMap((rule, r): ReadonlyArray<Rule> => {
    const parsed = parse(environment, rule.when, facts)
    if (typeof parsed !== "function") {
      problems.push(located.problemAt([...path, "rules", r, "when"], parsed.sentence, "value", parsed.offset))
      return []
    }
    return [{ expect: rule.expect, holds: bounded(parsed), readsContact: mentions(parsed.ast, "contact"), readsDecision: mentions(parsed.ast, "decision") }]
  })
  return { version: version.version, from: instantOf(version.from), until: untilOf(version.until), rules, content: version }
}

const factTypes = (decision: DecisionPolicy): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(decision.facts ?? {}).map(([name, type]) => [name, celType(type)]))

/** Parses and type-checks every condition of a pack once. */
export const compileDecisions = (located: Located<PolicyFile>): Compiled => {
  const problems: Array<Problem> = []
  const decisions = (located.value.decisions ?? []).map((decision, d): DecisionRules => {
    const facts = factTypes(decision)
    const versions = decision.versions.map((version, v) => compileVersion(located, ["decisions", d, "versions", v], version, facts, problems))
    return { id: decision.id, facts, versions }
  })
  return { decisions, problems }
}
