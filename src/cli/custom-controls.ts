import type { Control } from "../controls/index.ts"
import type { Context } from "./verb.ts"

/** The shipped controls and, where a pipeline is named, those of its own folders. Fails with ConfigurationError. */
export const catalogueOf = async (pipeline: string | undefined, { environment, cwd }: Pick<Context, "environment" | "cwd">): Promise<ReadonlyArray<Control>> => {
  const { readCatalogue } = await import("../controls/index.ts")
  if (pipeline === undefined) return readCatalogue()
  const { resolveConfiguration } = await import("../pipeline/index.ts")
  return readCatalogue(resolveConfiguration({ file: pipeline, env: environment, cwd }).values.controls)
}
