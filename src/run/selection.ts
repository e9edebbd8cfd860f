import type { Control } from "../controls/index.ts"
import { loadPipelineFile } from "../pipeline/index.ts"
import { nearest, refuse, suggestion } from "../yaml/index.ts"
import type { RunSettings } from "./settings.ts"

/** `consent/*` and the like: `*` stands for anything, `?` for one character, a comma between several. */
const matcher = (glob: string): RegExp =>
  new RegExp(`^(?:${glob.split(",").map((part) => part.trim().replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*").replaceAll("?", ".")).join("|")})$`)

const refuseFlag = (flag: string, sentence: string): void => refuse([{ file: flag, line: 0, column: 0, pointer: "", sentence }])

/** Each pattern of a flag must match something: a word that was mistyped would leave controls out in silence, or in. */
const checkFlag = (flag: string, glob: string | undefined, catalogue: ReadonlyArray<Control>): void => {
  const ids = catalogue.map(({ id }) => id)
  const families = [...new Set(catalogue.map(({ family }) => `${family}/*`))]
  for (const part of glob?.split(",").map((one) => one.trim()) ?? []) {
    if (!ids.some((id) => matcher(part).test(id))) refuseFlag(flag, `${JSON.stringify(part)} matches no control; ${suggestion(part, nearest(part, ids) === undefined ? families : ids)}`)
  }
}

/** Where outOfScope names a control that does not exist, at its place in the pipeline file. */
const checkScope = ({ outOfScope, file }: Pick<RunSettings, "outOfScope" | "file">, ids: ReadonlyArray<string>): void => {
  const unknown = outOfScope.map(({ control }, index) => ({ control, index })).filter(({ control }) => !ids.includes(control))
  if (unknown.length === 0) return
  const { problemAt } = loadPipelineFile(file)
  refuse(unknown.map(({ control, index }) => problemAt(["outOfScope", index, "control"], `the control ${JSON.stringify(control)} does not exist; ${suggestion(control, ids)}`)))
}

/**
 * The controls that a run judges. Controls out of scope are judged and counted all the same, so that page one shows what was left out.
 * @throws ConfigurationError where a pattern matches nothing, nothing is left to judge, or outOfScope names no control.
 */
export const selectControls = (catalogue: ReadonlyArray<Control>, settings: Pick<RunSettings, "only" | "skip" | "outOfScope" | "file">): ReadonlyArray<Control> => {
  checkScope(settings, catalogue.map(({ id }) => id))
  checkFlag("--only", settings.only, catalogue)
  checkFlag("--skip", settings.skip, catalogue)
  const only = settings.only === undefined ? undefined : matcher(settings.only)
  const skip = settings.skip === undefined ? undefined : matcher(settings.skip)
  const selected = catalogue.filter(({ id }) => (only === undefined || only.test(id)) && (skip === undefined || !skip.test(id)))
  if (selected.length === 0) refuseFlag("--skip", "leaves no control to judge; leave fewer out")
  return selected
}
