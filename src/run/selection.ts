import type { Control } from "../controls/index.ts"
import { refuse, suggestion } from "../yaml/index.ts"
import type { RunSettings } from "./settings.ts"

/** `consent/*` and the like: `*` stands for anything, `?` for one character. */
const matcher = (glob: string): RegExp =>
  new RegExp(`^(?:${glob.split(",").map((part) => part.trim().replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`).replaceAll("*", ".*").replaceAll("?", ".")).join("|")})$`)

const refuseFlag = (file: string, sentence: string): void => refuse([{ file, line: 1, column: 1, pointer: "", sentence }])

/**
 * The controls that a run judges. Controls out of scope are judged and counted all the same, so that page one shows what was left out.
 * @throws ConfigurationError where a pattern matches nothing or outOfScope names no control.
 */
export const selectControls = (catalogue: ReadonlyArray<Control>, settings: Pick<RunSettings, "only" | "skip" | "outOfScope" | "file">): ReadonlyArray<Control> => {
  const ids = catalogue.map((control) => control.id)
  for (const { control } of settings.outOfScope) {
    if (!ids.includes(control)) refuseFlag(settings.file, `outOfScope names the control ${control}, which does not exist; ${suggestion(control, ids)}`)
  }
  for (const [flag, glob] of [["--only", settings.only], ["--skip", settings.skip]] as const) {
    if (glob !== undefined && !ids.some((id) => matcher(glob).test(id))) refuseFlag(settings.file, `${flag} ${glob} matches no control; ${suggestion(glob, ids)}`)
  }
  const only = settings.only === undefined ? undefined : matcher(settings.only)
  const skip = settings.skip === undefined ? undefined : matcher(settings.skip)
  return catalogue.filter(({ id }) => (only === undefined || only.test(id)) && (skip === undefined || !skip.test(id)))
}
