import { dirname, resolve } from "node:path"
import { Cron } from "croner"
import pipelineSchema from "../../schemas/pipeline.schema.json" with { type: "json" }
import { onlyKindOf, type RecordSchema, recordSchemas } from "../records/index.ts"
import { loadYaml, refuse, suggestion } from "../yaml/index.ts"
import type { Located, Path, Problem } from "../yaml/index.ts"
import type { PipelineFile, Source } from "./types.ts"

type Mistake = readonly [path: Path, sentence: string]

/** Options that only some formats read: elsewhere they would be ignored in silence. */
const optionFormats: Readonly<Partial<Record<keyof Source, ReadonlyArray<string>>>> = {
  kind: ["csv"],
  columns: ["csv"],
  delimiter: ["csv"],
  decryptionKeys: ["vcon", "auto"],
  trust: ["vcon", "auto"],
  digests: ["cloudtrail", "auto"],
  detail: ["listing"]
}

const misplaced = (source: Source, path: Path): ReadonlyArray<Mistake> =>
  Object.entries(optionFormats).flatMap(([option, formats]): ReadonlyArray<Mistake> => {
    const format = source.format ?? "canonical"
    if (source[option as keyof Source] === undefined || formats.includes(format)) return []
    return [[[...path, option], `${option} belongs to format ${formats[0]}, but this source has format ${format}; take it out or change the format`]]
  })

/** The first name of a dotted path (`parties.0.id`) that the record has no field for, with those that it has there. */
const strangeField = (schema: RecordSchema | undefined, [head, ...rest]: ReadonlyArray<string>): { readonly name: string; readonly known: ReadonlyArray<string> } | undefined => {
  if (head === undefined || schema === undefined) return undefined
  if (schema.items !== undefined && /^\d+$/.test(head)) return strangeField(schema.items, rest)
  const { properties = {}, additionalProperties } = schema
  if (Object.hasOwn(properties, head)) return strangeField(properties[head], rest)
  return additionalProperties === false ? { name: head, known: Object.keys(properties) } : undefined
}

const csvMistakes = ({ format, kind: stated, provides, columns = {} }: Source, path: Path): ReadonlyArray<Mistake> => {
  if (format !== "csv") return []
  const kind = stated ?? onlyKindOf(provides)
  if (kind === undefined) return [[path, "a csv source needs kind, the record kind of its rows, where provides does not name exactly one"]]
  return Object.keys(columns).flatMap((field): ReadonlyArray<Mistake> => {
    const strange = strangeField(recordSchemas[kind], field.split("."))
    return strange === undefined ? [] : [[[...path, "columns", field], `a record of kind ${kind} has no field ${JSON.stringify(strange.name)} there; ${suggestion(strange.name, strange.known)}`]]
  })
}

const listingMistakes = (source: Source, path: Path): ReadonlyArray<Mistake> =>
  source.format === "listing" && !source.uri.startsWith("s3://") ? [[[...path, "uri"], "a listing asks S3, so it needs s3://bucket/prefix"]] : []

const sourceMistakes = (content: PipelineFile): ReadonlyArray<Mistake> =>
  content.sources.flatMap((source, index): ReadonlyArray<Mistake> => {
    const path: Path = ["sources", index]
    const twin = content.sources.findIndex((other) => other.id === source.id) !== index
    return [
      ...(twin ? [[[...path, "id"], `there is already a source ${JSON.stringify(source.id)}; give this one another name`] as const] : []),
      ...(source.uri.startsWith("s3:") && !/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/|$)/.test(source.uri)
        ? [[[...path, "uri"], "is not written as s3://bucket/prefix"] as const]
        : []),
      ...(source.versions === true && !source.uri.startsWith("s3://") ? [[[...path, "versions"], "versions belongs to sources in S3; take it out"] as const] : []),
      ...misplaced(source, path),
      ...csvMistakes(source, path), ...listingMistakes(source, path)
    ]
  })

const scheduleMistakes = ({ schedule }: PipelineFile): ReadonlyArray<Mistake> => {
  if (schedule === undefined) return []
  try {
    return new Cron(schedule, { paused: true, timezone: "UTC" }).nextRun() === null ? [[["schedule"], "the schedule never comes; check its fields"]] : []
  } catch {
    return [[["schedule"], "the schedule is not written as cron, such as \"0 2 * * *\" for two o'clock every night"]]
  }
}

const scopeMistakes = ({ outOfScope = [] }: PipelineFile): ReadonlyArray<Mistake> =>
  outOfScope.flatMap(({ control }, index): ReadonlyArray<Mistake> =>
    outOfScope.findIndex((other) => other.control === control) === index ? [] : [[["outOfScope", index, "control"], `${control} stands there already; keep one entry`]])

const lockMistakes = ({ report }: PipelineFile): ReadonlyArray<Mistake> => {
  const lock = report?.objectLock
  return lock === undefined || (lock.days === undefined) !== (lock.until === undefined) ? [] : [[["report", "objectLock"], "needs either days or until"]]
}

const notifyMistakes = ({ notify = [] }: PipelineFile): ReadonlyArray<Mistake> =>
  notify.flatMap((one, index): ReadonlyArray<Mistake> => {
    const path: Path = ["notify", index]
    if ([one.webhook, one.smtp, one.heartbeat, one.prometheus].filter((kind) => kind !== undefined).length !== 1) return [[path, "needs one of webhook, smtp, heartbeat and prometheus"]]
    if (one.prometheus !== undefined && !one.prometheus.endsWith(".prom")) return [[[...path, "prometheus"], "the file's name must end in .prom, or node_exporter does not read it"]]
    return one.smtp !== undefined && (one.from === undefined || one.to === undefined) ? [[path, "mail needs from and to"]] : []
  })

/** A checked pipeline file; `baseFolder` is where its relative paths start. */
export type LoadedPipeline = Located<PipelineFile> & { readonly baseFolder: string }

/**
 * Reads a pipeline file.
 * @throws ConfigurationError with every problem found, each with its place.
 */
export const loadPipelineFile = (file: string): LoadedPipeline => {
  const absolute = resolve(file)
  const located = loadYaml<PipelineFile>(absolute, pipelineSchema)
  const content = located.value
  const mistakes = [...sourceMistakes(content), ...scheduleMistakes(content), ...scopeMistakes(content), ...lockMistakes(content), ...notifyMistakes(content)]
  refuse(mistakes.map(([path, sentence]): Problem => located.problemAt(path, sentence)))
  return { ...located, baseFolder: dirname(absolute) }
}
