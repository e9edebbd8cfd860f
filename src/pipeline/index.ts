/** The pipeline file and what else a run is told: flags, environment, defaults, waivers. */
export { resolveConfiguration } from "./configuration.ts"
export type { Configuration, Invocation, Resolved } from "./configuration.ts"
export { loadPipelineFile } from "./pipeline-file.ts"
export type { LoadedPipeline } from "./pipeline-file.ts"
export { configurationLines } from "./print.ts"
export { loadWaivers } from "./waivers.ts"
export type { Waiver, Waivers } from "./waivers.ts"
export type { PipelineFile, Source } from "./types.ts"
