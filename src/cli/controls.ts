import { exitCodes } from "../run/exit-codes.ts"
import { examples, type Verb } from "./verb.ts"

/** `earshot controls`: the catalogue, one line a control. */
export const controlsVerb: Verb = (program, { terminal, work }) => {
  program.command("controls").description("List the catalogue of controls.").option("--json", "as JSON")
    .addHelpText("after", examples("earshot controls", "earshot controls --json"))
    .action((flags: { readonly json?: boolean }) => work(async () => {
      const { readCatalogue } = await import("../controls/index.ts")
      const controls = await readCatalogue()
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
