import { writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Control } from "../controls/index.ts"
import { summaryMarkdown } from "./summary-markdown.ts"
import type { Summary } from "./summary.ts"

export type { Summary } from "./summary.ts"

/** What the renderers get beside the signed files of the folder. */
export type Rendering = { readonly folder: string; readonly summary: Summary; readonly controls: ReadonlyArray<Control>; readonly coreEnvelope: string; readonly formats: ReadonlyArray<string>; readonly signed: boolean }

/** Writes every unsigned output into the report folder. */
export const renderReport = async ({ folder, summary }: Rendering): Promise<void> => {
  writeFileSync(join(folder, "summary.md"), summaryMarkdown(summary))
  await Promise.resolve()
}
