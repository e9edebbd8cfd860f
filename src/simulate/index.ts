/** A synthetic estate with planted, labelled violations, and a new pipeline folder to start from. */
export { initPipeline } from "./init.ts"
export { isFree, simulate } from "./simulate.ts"
export type { Estate, SimulateOptions } from "./simulate.ts"
export type { Label } from "./world.ts"
