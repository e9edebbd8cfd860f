import { isAbsolute, resolve } from "node:path"
import { parseInstant } from "../time/index.ts"
import { suggestion } from "../yaml/index.ts"

/** How the text of a flag or environment variable is understood. */
type Kind = "path" | "text" | "boolean" | "whole" | "memory" | "time" | "words"

/** A setting that flags and environment may override. */
export type Setting = {
  /** Its place in the configuration; that in the pipeline file too, where the file may state it. */
  readonly key: string
  readonly kind: Kind
  /** Camel case name of the flag, where some verb has one. */
  readonly flag?: string
  readonly env: string
  readonly allowed?: ReadonlyArray<string>
  /** Absent: nothing, unless stated. */
  readonly standard?: string | number | boolean | ReadonlyArray<string>
}

const outputs = ["html", "pdf", "sarif", "ocsf", "oscal", "csv", "parquet", "junit"] as const

/** Every setting with an environment variable; the others are the pipeline file's alone. */
export const settings: ReadonlyArray<Setting> = [
  { key: "asOf", kind: "time", flag: "asOf", env: "EARSHOT_AS_OF" },
  { key: "only", kind: "text", flag: "only", env: "EARSHOT_ONLY" },
  { key: "skip", kind: "text", flag: "skip", env: "EARSHOT_SKIP" },
  { key: "json", kind: "boolean", flag: "json", env: "EARSHOT_JSON", standard: false },
  { key: "verbose", kind: "boolean", flag: "verbose", env: "EARSHOT_VERBOSE", standard: false },
  { key: "log", kind: "path", flag: "log", env: "EARSHOT_LOG" },
  { key: "s3.endpoint", kind: "text", env: "EARSHOT_S3_ENDPOINT" },
  { key: "s3.region", kind: "text", env: "EARSHOT_S3_REGION" },
  { key: "s3.forcePathStyle", kind: "boolean", env: "EARSHOT_S3_FORCE_PATH_STYLE" },
  { key: "evidence.store", kind: "path", env: "EARSHOT_STORE", standard: ".earshot/evidence.duckdb" },
  { key: "evidence.memory", kind: "memory", env: "EARSHOT_MEMORY", standard: "2GB" },
  { key: "evidence.threads", kind: "whole", env: "EARSHOT_THREADS", standard: 2 },
  { key: "evidence.verifyRecordings", kind: "text", env: "EARSHOT_VERIFY_RECORDINGS", allowed: ["checksum", "bytes", "none"], standard: "checksum" },
  { key: "report.out", kind: "path", flag: "out", env: "EARSHOT_OUT", standard: "reports" },
  { key: "report.formats", kind: "words", env: "EARSHOT_FORMATS", allowed: outputs, standard: outputs },
  { key: "report.failOn", kind: "text", flag: "failOn", env: "EARSHOT_FAIL_ON", allowed: ["low", "medium", "high", "critical", "never"], standard: "high" },
  { key: "report.failOnOpen", kind: "boolean", flag: "failOnOpen", env: "EARSHOT_FAIL_ON_OPEN", standard: false },
  { key: "report.failOnLeads", kind: "boolean", flag: "failOnLeads", env: "EARSHOT_FAIL_ON_LEADS", standard: false },
  { key: "report.identities", kind: "text", env: "EARSHOT_IDENTITIES", allowed: ["pseudonymous", "clear"], standard: "pseudonymous" }
]

/** Variables of ours that are secrets or serve other verbs: known, but no settings of a run. */
export const otherVariables: ReadonlyArray<string> = ["EARSHOT_KEY_PASSPHRASE"]

/** A place that is not in the file system (`s3://…`, `env:NAME`, `:memory:`) or absolute already stays as it is. */
export const resolvePath = (folder: string, path: string): string =>
  /^(:memory:$|env:|[a-z][a-z0-9+.-]*:\/\/)/i.test(path) || isAbsolute(path) ? path : resolve(folder, path)

/** A value, or the sentence that says why the text is none. */
export type Understood = { readonly value: string | number | boolean | ReadonlyArray<string> } | { readonly sentence: string }

const oneOf = (text: string, allowed: ReadonlyArray<string> | undefined): string | undefined =>
  allowed === undefined || allowed.includes(text) ? undefined : `${JSON.stringify(text)} is not known; ${suggestion(text, allowed)}`

const booleans: Readonly<Record<string, boolean>> = { true: true, "1": true, yes: true, false: false, "0": false, no: false }

/** Understands the text of a flag or environment variable; relative paths start at `folder`. */
export const understand = (setting: Setting, text: string, folder: string): Understood => {
  switch (setting.kind) {
    case "path":
      return text.trim() === "" ? { sentence: "is empty; name a place" } : { value: resolvePath(folder, text) }
    case "boolean": {
      const value = booleans[text.toLowerCase()]
      return value === undefined ? { sentence: `must be true or false, not ${JSON.stringify(text)}` } : { value }
    }
    case "whole":
      return /^[1-9]\d{0,2}$/.test(text) ? { value: Number(text) } : { sentence: `must be a whole number from 1 to 999, not ${JSON.stringify(text)}` }
    case "memory":
      return /^[1-9]\d*(\.\d+)?(MB|GB|TB|MiB|GiB|TiB)$/.test(text) ? { value: text } : { sentence: `must be an amount of memory, such as 2GB, not ${JSON.stringify(text)}` }
    case "time":
      return parseInstant(text) === undefined ? { sentence: `${JSON.stringify(text)} is not a time with an offset, such as 2026-01-01T00:00:00Z` } : { value: text }
    case "words": {
      const words = text.split(",").map((word) => word.trim()).filter((word) => word !== "")
      const sentence = words.map((word) => oneOf(word, setting.allowed)).find((found) => found !== undefined)
      return sentence === undefined ? { value: words } : { sentence }
    }
    case "text": {
      const sentence = oneOf(text, setting.allowed)
      return sentence === undefined ? { value: text } : { sentence }
    }
  }
}
