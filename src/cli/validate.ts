import { exitCodes } from "../run/exit-codes.ts"
import { counted } from "./counted.ts"
import { examples, type Verb } from "./verb.ts"

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
      terminal.out(`${values.file} is valid: ${counted(settings.sources.length, "source")}, ${settings.packs.map((pack) => `policy ${pack.policy} ${pack.version}`).join(", ")}, ${counted(controls.length, "control")} with ${counted(cases.length, "case")}, ${counted(settings.waivers.length, "waiver")}.`)
      return exitCodes.success
    }))
}
