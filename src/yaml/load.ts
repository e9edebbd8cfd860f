import { createHash } from "node:crypto"
import { readFileSync } from "node:fs"
import { LineCounter, isMap, isNode, isPair, isScalar, isSeq, parseDocument } from "yaml"
import type { Document, Node, YAMLMap } from "yaml"
import { ConfigurationError, refuse } from "./configuration-error.ts"
import type { Problem } from "./configuration-error.ts"
import { misfits } from "./schema-check.ts"
import type { JsonSchema } from "./schema-check.ts"

/** Path of keys and list positions from the document's root. */
export type Path = ReadonlyArray<string | number>

/** A checked file: its value, its digest, and the places of its parts for later checks. */
export type Located<T> = {
  readonly value: T
  readonly file: string
  /** SHA-256 of the file's bytes, hex. */
  readonly sha256: string
  /** A problem at the value of this path, or at its key; a path that is not there points at its nearest parent. */
  readonly problemAt: (path: Path, sentence: string, where?: "key" | "value", offset?: number) => Problem
}

/** Configuration is written by people: more than this is a mistake or an attack. */
const bytesMax = 16 * 1024 * 1024
/** An alias may repeat its anchor, but not multiply: stops the billion-laughs bomb. */
const aliasesMax = 500

const pointerOf = (path: Path): string => path.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("")

const pairOf = (map: YAMLMap, key: string): { readonly key: unknown; readonly value: unknown } | undefined =>
  map.items.find((pair) => isScalar(pair.key) ? String(pair.key.value) === key : pair.key === key)

/** The node of a path, or of its nearest parent; `exact` says which. */
const nodeAt = (document: Document.Parsed, path: Path, where: "key" | "value"): { node: Node | undefined; exact: boolean } => {
  let node: Node | undefined = document.contents ?? undefined
  for (const [index, part] of path.entries()) {
    let next: unknown
    if (isMap(node)) {
      const pair = pairOf(node, String(part))
      // A key without a value (`key:`) has a null node or none at all.
      next = where === "key" && index === path.length - 1 ? pair?.key : pair?.value ?? pair?.key
    } else if (isSeq(node)) next = node.items[Number(part)]
    if (isPair(next)) next = next.key
    if (!isNode(next)) return { node, exact: false }
    node = next
  }
  return { node, exact: true }
}

/** Where a character of a scalar stands: right for plain and single-line quoted text, the scalar's start otherwise. */
const offsetInto = (node: Node, offset: number): number => {
  const start = node.range?.[0] ?? 0
  if (!isScalar(node) || offset <= 0) return start
  if (node.type === "PLAIN") return start + offset
  if (node.type !== "QUOTE_SINGLE" && node.type !== "QUOTE_DOUBLE") return start
  // The escapes of the quoted form before that character count twice.
  const escaped = String(node.value).slice(0, offset).replace(node.type === "QUOTE_SINGLE" ? /'/g : /["\\]/g, "..")
  return start + 1 + escaped.length
}

const fixed = (file: string, line: number, column: number, pointer: string, sentence: string): Problem =>
  ({ file, line, column, pointer, sentence })

const decode = (file: string, bytes: Uint8Array): string => {
  if (bytes.length > bytesMax) throw new ConfigurationError([fixed(file, 1, 1, "", `is larger than ${bytesMax} bytes; split it`)])
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigurationError([fixed(file, 1, 1, "", "is not UTF-8 text; save it as UTF-8")])
  }
}

const syntaxSentence = (code: string, message: string): string => {
  const first = (message.split("\n")[0] ?? message).replace(/ at line \d+, column \d+:?$/, "")
  if (code === "DUPLICATE_KEY") return "the same key stands twice in one map; keep one"
  if (code === "MULTIPLE_DOCS") return "holds more than one YAML document; keep one"
  return `is not valid YAML: ${first.charAt(0).toLowerCase()}${first.slice(1)}`
}

const toPlain = (document: Document.Parsed, file: string): unknown => {
  try {
    return document.toJS({ maxAliasCount: aliasesMax })
  } catch {
    throw new ConfigurationError([fixed(file, 1, 1, "", "repeats its anchors too often; write the values out")])
  }
}

/**
 * Checks YAML text against a schema. Keys must be unique; times stay text (YAML 1.2 core).
 * @throws ConfigurationError with every problem found.
 */
export const parseYaml = <T>(bytes: Uint8Array, file: string, schema: JsonSchema): Located<T> => {
  const text = decode(file, bytes)
  const lines = new LineCounter()
  const document = parseDocument(text, { version: "1.2", schema: "core", uniqueKeys: true, merge: false, lineCounter: lines, prettyErrors: false })
  const place = (offset: number): { line: number; column: number } => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  refuse([...document.errors, ...document.warnings].map((error) => {
    const { line, column } = place(error.pos[0])
    return fixed(file, line, column, "", syntaxSentence(error.code, error.message))
  }))
  const problemAt: Located<T>["problemAt"] = (path, sentence, where = "value", offset = 0) => {
    const { node, exact } = nodeAt(document, path, where)
    const { line, column } = place(node === undefined ? 0 : exact ? offsetInto(node, offset) : node.range?.[0] ?? 0)
    return fixed(file, line, column, pointerOf(path), sentence)
  }
  const value = toPlain(document, file)
  refuseMisfits(value, schema, problemAt)
  return { value: value as T, file, sha256: digestOf(bytes), problemAt }
}

const refuseMisfits = (value: unknown, schema: JsonSchema, problemAt: Located<unknown>["problemAt"]): void => {
  refuse(misfits(value, schema).map((misfit) => {
    const name = misfit.onKey || misfit.path.length === 0 ? "" : `${misfit.path.join(".")}: `
    return problemAt(misfit.path, `${name}${misfit.sentence}`, misfit.onKey ? "key" : "value")
  }))
}

const digestOf = (bytes: string | Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/**
 * Reads and checks a YAML (or JSON) file.
 * @throws ConfigurationError when it cannot be read, is not valid YAML or does not fit the schema.
 */
export const loadYaml = <T>(file: string, schema: JsonSchema): Located<T> => {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    const why = code === "ENOENT" ? "does not exist; check the path" : code === "EISDIR" ? "is a folder, not a file" : `cannot be read (${code ?? "unknown error"})`
    throw new ConfigurationError([fixed(file, 1, 1, "", why)])
  }
  return parseYaml(bytes, file, schema)
}

/**
 * Checks a value that was made in memory, as if it had been read from `file`; every place is then 1:1.
 * The digest is that of its JSON text.
 */
export const locatedValue = <T>(made: unknown, file: string, schema: JsonSchema): Located<T> => {
  const text = JSON.stringify(made)
  const value: unknown = JSON.parse(text)
  const problemAt: Located<T>["problemAt"] = (path, sentence) => fixed(file, 1, 1, pointerOf(path), sentence)
  refuseMisfits(value, schema, problemAt)
  return { value: value as T, file, sha256: digestOf(text), problemAt }
}
