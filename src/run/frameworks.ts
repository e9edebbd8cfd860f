import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { builtIn } from "../controls/index.ts"
import type { Framework } from "../report/summary.ts"
import { type JsonSchema, loadShipped } from "../yaml/index.ts"

const schema = JSON.parse(readFileSync(new URL("../../schemas/framework.schema.json", import.meta.url), "utf8")) as JsonSchema

/** The laws and standards of pipelines/frameworks/: requirement, controls, and what these records cannot show; in order of name. */
export const readFrameworks = (): ReadonlyArray<Framework> => {
  const folder = join(builtIn, "frameworks")
  return readdirSync(folder).filter((name) => name.endsWith(".yaml")).sort().map((name) => loadShipped<Framework>(join(folder, name), schema).value)
}
