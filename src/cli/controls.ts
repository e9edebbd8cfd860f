import { exitCodes } from "../run/exit-codes.ts"
import { catalogueOf } from "./custom-controls.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot controls`: the catalogue, one line a control. */
export const controlsVerb: Verb = (program, { terminal, environment, cwd, work }) => {
  program.command("controls").description("List the catalogue of controls.").option("--pipeline <file>", "with the custom controls of this pipeline").option("--json", "as JSON")
    .addHelpText("after", examples("earshot controls", "earshot controls --pipeline pipelines/nightly.yaml --json"))
    .action((flags: { readonly pipeline?: string; readonly json?: boolean }) => work(async () => {
      const controls = await catalogueOf(flags.pipeline, { environment, cwd })
      if (flags.json === true) {
        terminal.out(JSON.stringify(controls.map(({ folder: _folder, sql: _sql, reads: _reads, ...meaning }) => meaning), null, 2))
        return exitCodes.success
      }
      const { default: Table } = await import("cli-table3")
      const table = new Table({ head: ["control", "severity", "unit", "what it asks"], wordWrap: true, colWidths: [42, 10, 24, 60], style: { head: [], border: [] } })
      for (const control of controls) table.push([control.id, `${control.severity}${control.kind === "lead" ? " lead" : ""}`, control.unit, control.question])
      terminal.out(table.toString())
      return exitCodes.success
    }))
}
