import type { Control } from "../controls/index.ts"
import { exitCodes } from "../run/exit-codes.ts"
import { counted } from "./counted.ts"
import { examples, type Verb } from "./verb.ts"

/** What is wrong with the pipeline's own controls, by their own cases: whoever writes one wants to know what came instead. */
const caseProblems = async (own: ReadonlyArray<Control>): Promise<ReadonlyArray<string>> => {
  const { ControlError, estatesOf, readCases, runEstates } = await import("../controls/index.ts")
  try {
    const results = await runEstates(estatesOf(own.flatMap(readCases)))
    const found = results.flatMap(({ control, name, problems }) => problems.map((problem) => ({ control, name, problem: problem.replace(/\.$/, "") })))
    // A query that fails does so in each case: it is said once.
    return [...Map.groupBy(found, ({ control, problem }) => JSON.stringify([control, problem])).values()].flatMap(([first, ...more]) =>
      first === undefined ? [] : [`${first.control}, case ${[first, ...more].map(({ name }) => name).join(", ")}: ${first.problem}.`])
  } catch (error) {
    if (error instanceof ControlError) return [error.message]
    throw error
  }
}

/** `earshot validate PIPELINE`: pipeline, policies, waivers and custom controls; no data is read. */
export const validateVerb: Verb = (program, { terminal, environment, cwd, work }) => {
  program.command("validate <pipeline>").description("Check pipeline, policies, waivers and custom controls; no data is read.")
    .addHelpText("after", examples("earshot validate pipelines/nightly.yaml", "earshot validate pipelines/quickstart/pipeline.yaml"))
    .action((pipeline: string) => work(async () => {
      const { resolveConfiguration } = await import("../pipeline/index.ts")
      const { packIssueSentences, settingsFrom } = await import("../run/index.ts")
      const { readCases, readCatalogue } = await import("../controls/index.ts")
      const { selectControls } = await import("../run/selection.ts")
      const { values } = resolveConfiguration({ file: pipeline, env: environment, cwd })
      const settings = settingsFrom(values, new Date())
      const controls = selectControls(await readCatalogue(settings.controlFolders), settings)
      const cases = controls.flatMap(readCases)
      for (const sentence of packIssueSentences(settings.packs)) terminal.say(`note: ${sentence}`)
      const own = controls.filter(({ custom }) => custom)
      for (const { id } of own.filter((control) => readCases(control).length === 0)) terminal.say(`note: ${id} has no cases.yaml, so nothing shows that it judges as it is meant to; add cases.`)
      const wrong = await caseProblems(own)
      for (const sentence of wrong) terminal.say(sentence)
      if (wrong.length > 0) return exitCodes.usage
      terminal.out(`${values.file} is valid: ${counted(settings.sources.length, "source")}, ${settings.packs.map((pack) => `policy ${pack.policy} ${pack.version}`).join(", ")}, ${counted(controls.length, "control")} with ${counted(cases.length, "case")}, ${counted(settings.waivers.length, "waiver")}.`)
      return exitCodes.success
    }))
}
