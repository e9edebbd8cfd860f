import { exitCodes } from "../run/exit-codes.ts"
import { UsageError } from "./failure.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot simulate`: a synthetic estate with planted, labelled violations. */
export const simulateVerb: Verb = (program, { terminal, work }) => {
  program.command("simulate").description("Write a synthetic estate with planted, labelled violations.")
    .option("--contacts <n>", "how many contacts", "2000").option("--seed <s>", "the same seed gives the same estate", "1").requiredOption("--out <dir>", "folder")
    .addHelpText("after", examples("earshot simulate --contacts 2000 --seed 7 --out estate", "earshot simulate --contacts 500000 --seed 1 --out big"))
    .action((flags: { readonly contacts: string; readonly seed: string; readonly out: string }) => work(async () => {
      if (!/^[1-9]\d{0,7}$/.test(flags.contacts)) throw new UsageError("--contacts must be a whole number from 1 to 99999999.")
      if (!/^\d{1,9}$/.test(flags.seed)) throw new UsageError("--seed must be a whole number of at most nine digits.")
      const { simulate } = await import("../simulate/index.ts")
      simulate({ contacts: Number(flags.contacts), seed: Number(flags.seed), out: flags.out })
      terminal.out(`${flags.out} holds a synthetic estate of ${flags.contacts} contacts; labels.ndjson says what is planted. Next: earshot run ${flags.out}/pipeline.yaml`)
      return exitCodes.success
    }))
}
