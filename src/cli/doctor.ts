import { exitCodes } from "../run/exit-codes.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot doctor PIPELINE`: configuration, clock, keys, disk, sources; 2 where something would fail the run. */
export const doctorVerb: Verb = (program, { terminal, environment, cwd, signal, work }) => {
  program.command("doctor <pipeline>").description("Check credentials, clock, disk, keys and permissions before a run, and say which nights never ran.").option("--iam-policy", "print the least-privilege IAM policy that this pipeline needs, and stop").option("--json", "as JSON")
    .addHelpText("after", examples("earshot doctor pipelines/nightly.yaml", "earshot doctor pipelines/nightly.yaml --iam-policy"))
    .action((pipeline: string, flags: { readonly iamPolicy?: boolean; readonly json?: boolean }) => work(async () => {
      const { resolveConfiguration } = await import("../pipeline/index.ts")
      const { examine, leastPrivilegePolicy, settingsFrom } = await import("../run/index.ts")
      const now = new Date()
      const { values } = resolveConfiguration({ file: pipeline, env: environment, cwd })
      const settings = settingsFrom(values, now)
      if (flags.iamPolicy === true) {
        terminal.out(JSON.stringify(leastPrivilegePolicy(settings), null, 2))
        return exitCodes.success
      }
      const found = await examine(settings, environment, now, signal, values.notify)
      if (flags.json === true) terminal.out(JSON.stringify(found, null, 2))
      else for (const { subject, state, sentence } of found) terminal.out(`${state.padEnd(8)} ${subject.padEnd(20)} ${sentence}`)
      return found.some((one) => one.state === "failure") ? exitCodes.untrustworthy : exitCodes.success
    }))
}
