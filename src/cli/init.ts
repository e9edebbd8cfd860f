import { existsSync } from "node:fs"
import { join } from "node:path"
import { exitCodes } from "../run/exit-codes.ts"
import { asCalled } from "./called.ts"
import { UsageError } from "./failure.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot init DIR`: a new pipeline folder with comments and a few sample records. */
export const initVerb: Verb = (program, { terminal, environment, work }) => {
  program.command("init [dir]").description("Begin a pipeline of your own: commented files and sample records.")
    .addHelpText("after", examples("earshot init my-audit", "earshot init pipelines/acme"))
    .action((dir: string | undefined) => work(async () => {
      const { initPipeline } = await import("../simulate/index.ts")
      const out = dir ?? "audit"
      if (existsSync(join(out, "pipeline.yaml"))) throw new UsageError(`${out} holds a pipeline already; name another folder.`)
      initPipeline(out)
      terminal.out(`${out} holds pipeline.yaml, policy.yaml, waivers.yaml and sample records. Next: ${asCalled(environment)} run ${out}/pipeline.yaml`)
      return exitCodes.success
    }))
}
