import { createHash } from "node:crypto"
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { tablesRead } from "../evidence/index.ts"
import type { Severity } from "../findings/finding.ts"
import { type JsonSchema, loadShipped, loadYaml, refuse } from "../yaml/index.ts"
import { factDigests } from "./facts.ts"

/** What a unit can come out as. */
export type Outcome = "pass" | "fail" | "unverifiable" | "notApplicable"

/** A reason code of a control and the sentence it turns into. */
export type Reason = { readonly outcome: Exclude<Outcome, "pass">; readonly sentence: string; readonly remedy?: string }

/** What a control means: control.yaml, checked against schemas/control.schema.json. */
export type ControlMeaning = {
  readonly title: string
  readonly question: string
  readonly unit: string
  readonly severity: Severity
  readonly kind?: "finding" | "lead"
  readonly reasons: Readonly<Record<string, Reason>>
  readonly remedy: string
  readonly citations: ReadonlyArray<string>
  readonly needs: ReadonlyArray<string>
  readonly searched?: ReadonlyArray<string>
  readonly persons?: ReadonlyArray<string>
  readonly due?: string
  readonly preserves?: boolean
  readonly untrustworthy?: boolean
}

/** One control: its folder read whole. */
export type Control = ControlMeaning & {
  /** `<family>/<name>`, the folder's place. */
  readonly id: string
  readonly family: string
  readonly folder: string
  readonly sql: string
  /** Tables that the query reads. */
  readonly reads: ReadonlyArray<string>
  /** SHA-256 over control.yaml, control.sql and the queries of the facts that it rests on, hex. */
  readonly sha256: string
  /** True for a control of the pipeline's own folders; its SQL runs with external access locked. */
  readonly custom: boolean
}

/** The shipped folders, beside src/ in a checkout and beside dist/ in the package. */
export const builtIn = fileURLToPath(new URL("../../pipelines/", import.meta.url))

const schema = JSON.parse(readFileSync(new URL("../../schemas/control.schema.json", import.meta.url), "utf8")) as JsonSchema

const refuseFolder = (file: string, sentence: string): void => refuse([{ file, line: 1, column: 1, pointer: "", sentence }])

const readControl = (root: string, family: string, name: string, custom: boolean): Omit<Control, "reads"> => {
  const folder = join(root, family, name)
  const meaningFile = join(folder, "control.yaml")
  const queryFile = join(folder, "control.sql")
  for (const file of [meaningFile, queryFile]) {
    if (!existsSync(file)) refuseFolder(file, `does not exist, so the control ${family}/${name} is not whole; add it or remove the folder`)
  }
  const meaning = (custom ? loadYaml : loadShipped)<ControlMeaning>(meaningFile, schema).value
  const sql = readFileSync(queryFile, "utf8").trim().replace(/;$/, "")
  const sha256 = createHash("sha256").update(readFileSync(meaningFile)).update("\0").update(sql).digest("hex")
  return { ...meaning, id: `${family}/${name}`, family, folder, sql, sha256, custom }
}

const foldersOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory()).sort()

/**
 * All controls below a folder of `<family>/<name>/`, in order of id.
 * @throws ConfigurationError where a folder is not whole or control.yaml is wrong.
 */
const readControls = (root: string, custom: boolean, wanted: Wanted): ReadonlyArray<Omit<Control, "reads">> =>
  existsSync(root)
    ? foldersOf(root).flatMap((family) => foldersOf(join(root, family)).filter((name) => wanted(`${family}/${name}`)).map((name) => readControl(root, family, name, custom)))
    : []

/** Which ids are read at all. */
type Wanted = (id: string) => boolean

/** The shipped controls and those of the pipeline's folders that are wanted; a custom control may not take a shipped id. */
export const readCatalogue = async (customFolders: ReadonlyArray<string> = [], wanted: Wanted = () => true): Promise<ReadonlyArray<Control>> => {
  const controls = new Map(readControls(join(builtIn, "controls"), false, wanted).map((control) => [control.id, control]))
  for (const folder of customFolders) {
    if (!existsSync(folder)) refuseFolder(folder, "does not exist; correct controls in the pipeline file, or make the folder")
    for (const control of readControls(folder, true, wanted)) {
      if (controls.has(control.id)) refuseFolder(control.folder, `the control ${control.id} exists already; give the custom control another folder name`)
      controls.set(control.id, control)
    }
  }
  const sorted = [...controls.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  const reads = await tablesRead(sorted.map((control) => control.sql))
  const factsOf = await factDigests(join(builtIn, "facts"))
  return sorted.map((control, index) => {
    const facts = factsOf(reads[index] ?? [])
    return { ...control, reads: reads[index] ?? [], sha256: facts === undefined ? control.sha256 : createHash("sha256").update(`${control.sha256}\0${facts}`).digest("hex") }
  })
}
