import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { examples, type Verb } from "./verb.ts"

type Flags = { readonly contacts: string; readonly seed: string; readonly out: string; readonly asOf?: string; readonly days?: string; readonly plants: string }

/** Ids of the controls to plant for; undefined: all of them. */
const plantsOf = (text: string): ReadonlyArray<string> | undefined => (text === "all" ? undefined : text === "none" ? [] : text.split(",").map((id) => id.trim()))

/** `earshot simulate`: a synthetic estate with planted, labelled violations. */
export const simulateVerb: Verb = (program, { terminal, work }) => {
  program.command("simulate").description("Write a synthetic estate with planted, labelled violations.")
    .option("--contacts <n>", "how many contacts", "2000").option("--seed <s>", "the same seed gives the same estate", "1").requiredOption("--out <dir>", "folder")
    .option("--as-of <time>", "the end of the estate; default 2026-07-01T00:00:00Z").option("--days <n>", "whole days before it, at least 21; default 30")
    .option("--plants <which>", "all, none, or ids of controls with commas between", "all")
    .addHelpText("after", examples("earshot simulate --contacts 2000 --seed 7 --out estate", "earshot simulate --contacts 500000 --as-of 2026-11-01T00:00:00Z --days 90 --plants none --out clean"))
    .action((flags: Flags) => work(async () => {
      if (!/^[1-9]\d{0,7}$/.test(flags.contacts)) throw new UsageError("--contacts must be a whole number from 1 to 99999999.")
      if (!/^\d{1,9}$/.test(flags.seed)) throw new UsageError("--seed must be a whole number of at most nine digits.")
      if (flags.days !== undefined && !/^\d{1,4}$/.test(flags.days)) throw new UsageError("--days must be a whole number from 21 to 3660.")
      const { isFree, simulate } = await import("../simulate/index.ts")
      if (!isFree(flags.out)) throw new UsageError(`${flags.out} holds something else than a simulated estate, which would be overwritten; name a folder that is empty or does not exist.`)
      const plants = plantsOf(flags.plants)
      try {
        simulate({
          contacts: Number(flags.contacts), seed: Number(flags.seed), out: flags.out, ...(flags.asOf === undefined ? {} : { asOf: flags.asOf }),
          ...(flags.days === undefined ? {} : { days: Number(flags.days) }), ...(plants === undefined ? {} : { plants })
        })
      } catch (error) {
        if (error instanceof RangeError) throw new UsageError(error.message)
        throw error
      }
      terminal.out(`${flags.out} holds a synthetic estate of ${flags.contacts} contacts; labels.ndjson says what is planted. Next: earshot run ${flags.out}/pipeline.yaml`)
      return exitCodes.success
    }))
}
