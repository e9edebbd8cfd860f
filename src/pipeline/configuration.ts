import { resolve } from "node:path"
import { ConfigurationError, nearest, refuse, suggestion } from "../yaml/index.ts"
import type { Problem } from "../yaml/index.ts"
import { loadPipelineFile } from "./pipeline-file.ts"
import type { LoadedPipeline } from "./pipeline-file.ts"
import { otherVariables, resolvePath, settings, understand } from "./settings.ts"
import type { Setting } from "./settings.ts"
import type { PipelineFile, Source } from "./types.ts"

type Report = NonNullable<PipelineFile["report"]>
type EvidenceSettings = NonNullable<PipelineFile["evidence"]>

/**
 * What a run is told, from flags, environment, pipeline file and defaults. Paths are absolute, except those of
 * sources and their options, which start at `baseFolder`; `s3://` and `env:NAME` stay as written.
 */
export type Configuration = {
  readonly pipeline: string
  /** Absolute path of the pipeline file. */
  readonly file: string
  /** SHA-256 of the pipeline file's bytes, hex. */
  readonly sha256: string
  readonly baseFolder: string
  readonly policy: ReadonlyArray<string>
  readonly controls: ReadonlyArray<string>
  readonly sources: ReadonlyArray<Source>
  readonly schedule?: string
  readonly waivers?: string
  readonly outOfScope: NonNullable<PipelineFile["outOfScope"]>
  readonly s3: NonNullable<PipelineFile["s3"]>
  readonly evidence: Required<EvidenceSettings>
  readonly report: Required<Omit<Report, "pseudonymKey" | "idKey" | "objectLock">> & Pick<Report, "pseudonymKey" | "idKey" | "objectLock">
  readonly signing: NonNullable<PipelineFile["signing"]> & { readonly keys: ReadonlyArray<string> }
  readonly notify: NonNullable<PipelineFile["notify"]>
  /** RFC 3339; absent: the run's clock. */
  readonly asOf?: string
  readonly only?: string
  readonly skip?: string
  /** The summary as JSON on stdout. */
  readonly json: boolean
  /** Log lines on stderr. */
  readonly verbose: boolean
  /** Absolute path of the log file. */
  readonly log?: string
}

/** The configuration, and where each value came from, by dotted key. */
export type Resolved = {
  readonly values: Configuration
  readonly origins: Readonly<Record<string, string>>
  /** A problem at a place of the pipeline file, for checks that other rooms make (unknown controls, say). */
  readonly problemAt: LoadedPipeline["problemAt"]
}

type Stated = { readonly value: unknown; readonly origin: string }

/** What the caller knows: the flags given (camel case), the environment, and the folder that flags and environment start at. */
export type Invocation = {
  readonly file: string
  readonly flags?: Readonly<Record<string, string | boolean | number | undefined>>
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly cwd: string
}

const flagName = (flag: string): string => `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`

const problem = (where: string, sentence: string): Problem => ({ file: where, line: 0, column: 0, pointer: "", sentence })

const at = (value: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined), value)

/** Text from a flag or the environment, understood or refused. */
const fromText = (setting: Setting, text: string, where: string, origin: string, cwd: string): Stated => {
  const understood = understand(setting, text, cwd)
  if ("sentence" in understood) throw new ConfigurationError([problem(where, understood.sentence)])
  return { value: understood.value, origin }
}

const placeIn = (pipeline: LoadedPipeline, path: ReadonlyArray<string | number>): string => {
  const { file, line, column } = pipeline.problemAt(path, "")
  return `file ${file}:${line}:${column}`
}

/** Flags beat environment beat the file beat defaults; an empty variable is as good as none. */
const stated = (setting: Setting, pipeline: LoadedPipeline, { flags = {}, env = {}, cwd }: Invocation): Stated | undefined => {
  const flag = setting.flag === undefined ? undefined : flags[setting.flag]
  if (setting.flag !== undefined && flag !== undefined) {
    const name = flagName(setting.flag)
    return fromText(setting, String(flag), name, `flag ${name}`, cwd)
  }
  const variable = env[setting.env]
  if (variable !== undefined && variable !== "") return fromText(setting, variable, setting.env, `environment ${setting.env}`, cwd)
  const path = setting.key.split(".")
  const inFile = at(pipeline.value, path)
  const located = (value: unknown): unknown => (setting.kind === "path" ? resolvePath(pipeline.baseFolder, String(value)) : value)
  if (inFile !== undefined) return { value: located(inFile), origin: placeIn(pipeline, path) }
  return setting.standard === undefined ? undefined : { value: located(setting.standard), origin: "default" }
}

/** A variable of ours that is nearly a known one was meant to be it; others may serve `env:NAME`. */
const refuseMisspelt = (env: Invocation["env"] = {}): void => {
  const known = [...settings.map((setting) => setting.env), ...otherVariables]
  const problems = Object.keys(env).filter((name) => name.startsWith("EARSHOT_") && !known.includes(name)).flatMap((name) => {
    const meant = nearest(name.slice("EARSHOT_".length), known.map((one) => one.slice("EARSHOT_".length)))
    return meant === undefined ? [] : [problem(name, `is not a known environment variable; did you mean EARSHOT_${meant}?`)]
  })
  refuse(problems)
}

/** A flag that no setting has would be ignored in silence; commander refuses it on the command line, this for the library. */
const refuseUnknownFlags = (flags: Invocation["flags"] = {}): void => {
  const known = settings.flatMap(({ flag }) => flag ?? [])
  refuse(Object.keys(flags).filter((flag) => !known.includes(flag)).map((flag) => problem(`flags.${flag}`, `is not a known flag; ${suggestion(flag, known)}`)))
}

const put = (target: Record<string, unknown>, path: ReadonlyArray<string>, value: unknown): void => {
  const [first, ...rest] = path
  if (first === undefined) return
  if (rest.length === 0) target[first] = value
  else put((target[first] ??= {}) as Record<string, unknown>, rest, value)
}

/** Origins of what only the file states, one entry a leaf. */
const leaves = (value: unknown, path: ReadonlyArray<string | number>, visit: (path: ReadonlyArray<string | number>) => void): void => {
  if (typeof value !== "object" || value === null) return visit(path)
  for (const [key, inner] of Object.entries(value)) leaves(inner, [...path, Array.isArray(value) ? Number(key) : key], visit)
}

/** Certificates of the time-stamping authority are files beside the pipeline's. */
const timestampIn = (timestamp: NonNullable<PipelineFile["signing"]>["timestamp"], path: (one: string) => string): Record<string, unknown> =>
  timestamp === undefined ? {} : { timestamp: { ...timestamp, certificates: [timestamp.certificates ?? []].flat().map(path) } }

/** Parts that neither flags nor environment touch, with paths resolved. */
const fileParts = ({ value, file, sha256, baseFolder }: LoadedPipeline): Record<string, unknown> => {
  const path = (one: string): string => resolvePath(baseFolder, one)
  const { pseudonymKey, idKey, objectLock } = value.report ?? {}
  return {
    pipeline: value.pipeline,
    file,
    sha256,
    baseFolder,
    policy: [value.policy].flat().map(path),
    controls: (value.controls ?? []).map(path),
    sources: value.sources,
    ...(value.schedule === undefined ? {} : { schedule: value.schedule }),
    ...(value.waivers === undefined ? {} : { waivers: path(value.waivers) }),
    outOfScope: value.outOfScope ?? [],
    s3: {},
    report: { ...(objectLock === undefined ? {} : { objectLock }), ...(pseudonymKey === undefined ? {} : { pseudonymKey: path(pseudonymKey) }), ...(idKey === undefined ? {} : { idKey: path(idKey) }) },
    signing: { ...value.signing, keys: (value.signing?.keys ?? []).map(path), ...timestampIn(value.signing?.timestamp, path), pkcs11: (value.signing?.pkcs11 ?? []).map((one) => ({ ...one, module: one.module.startsWith(".") ? path(one.module) : one.module })) },
    notify: (value.notify ?? []).map((channel) => ({
      ...channel, ...Object.fromEntries((["secret", "password", "ca", "prometheus"] as const).flatMap((key) => channel[key] === undefined ? [] : [[key, path(channel[key])]]))
    }))
  }
}

/**
 * Resolves what a run is told.
 * @throws ConfigurationError for the pipeline file, a flag or a variable that cannot be used.
 */
export const resolveConfiguration = (invocation: Invocation): Resolved => {
  refuseMisspelt(invocation.env)
  refuseUnknownFlags(invocation.flags)
  const pipeline = loadPipelineFile(resolve(invocation.cwd, invocation.file))
  const values = fileParts(pipeline)
  const origins: Record<string, string> = {}
  leaves(pipeline.value, [], (path) => (origins[path.join(".")] = placeIn(pipeline, path)))
  for (const setting of settings) {
    const one = stated(setting, pipeline, invocation)
    if (one === undefined) continue
    put(values, setting.key.split("."), one.value)
    for (const key of Object.keys(origins)) if (key.startsWith(`${setting.key}.`)) delete origins[key]
    origins[setting.key] = one.origin
  }
  const configuration = values as unknown as Configuration
  if (configuration.report.identities === "pseudonymous" && configuration.report.pseudonymKey === undefined) {
    refuse([pipeline.problemAt(["report"], "pseudonymous identities need report.pseudonymKey (earshot keygen makes one); or say identities: clear")])
  }
  const { out } = configuration.report
  if (/(?:^|[\\/])s3:/i.test(out) && !/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[^*?[{]*)?$/.test(out)) {
    refuse([problem(origins["report.out"] ?? "report.out", `${JSON.stringify(out)} is not written as s3://bucket/prefix, without *, ?, [ and {`)])
  }
  return { values: configuration, origins, problemAt: pipeline.problemAt }
}
