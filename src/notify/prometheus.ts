import { mkdirSync, renameSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import type { Summary } from "../report/summary.ts"
import type { Notice } from "./notice.ts"

/** One measure of a run; `labels` are codes of Earshot's own, never of records. */
export type Measure = { readonly name: string; readonly help: string; readonly values: ReadonlyArray<{ readonly labels?: Readonly<Record<string, string>>; readonly value: number }> }

const by = (label: string, counts: Readonly<Record<string, number>>): Measure["values"] => Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }))

/** What a run is measured by; a failed one has no counts, so that a dashboard shows the gap. Seconds since 1970 and seconds. */
export const measuresOf = (notice: Notice, stages: Readonly<Record<string, number>>, summary: Summary | undefined): ReadonlyArray<Measure> => [
  { name: "earshot_last_run_timestamp_seconds", help: "When the last run ended.", values: [{ value: Date.parse(notice.finishedAt) / 1000 }] },
  { name: "earshot_last_run_exit_code", help: "Exit code of the last run.", values: [{ value: notice.exitCode }] },
  { name: "earshot_last_run_trustworthy", help: "1 where the last run can be trusted.", values: [{ value: notice.trustworthy ? 1 : 0 }] },
  { name: "earshot_stage_duration_seconds", help: "Duration of the last run by stage.", values: by("stage", stages) },
  ...(summary === undefined ? [] : [
    { name: "earshot_findings", help: "Findings by severity.", values: by("severity", summary.counts.bySeverity) },
    { name: "earshot_findings_by_status", help: "Findings and leads by status.", values: by("status", summary.counts.byStatus) },
    { name: "earshot_leads", help: "Leads.", values: [{ value: summary.counts.leads }] },
    { name: "earshot_records_read", help: "Source records read.", values: [{ value: summary.totals.read }] },
    { name: "earshot_records_rejected", help: "Source records in quarantine.", values: [{ value: summary.totals.rejected }] },
    { name: "earshot_objects_unreadable", help: "Objects that could not be read.", values: [{ value: summary.totals.unreadable }] },
    { name: "earshot_units", help: "Units judged.", values: [{ value: notice.units?.judged ?? 0 }] },
    { name: "earshot_units_unverifiable", help: "Units that could not be verified.", values: [{ value: notice.units?.unverifiable ?? 0 }] }
  ])
]

const escaped = (text: string): string => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")

/** The measures in the Prometheus text format (version 0.0.4), each labelled with the pipeline. */
export const prometheusText = (pipeline: string, measures: ReadonlyArray<Measure>): string =>
  measures.map(({ name, help, values }) => {
    const lines = values.map(({ labels = {}, value }) => `${name}{${Object.entries({ pipeline, ...labels }).map(([key, text]) => `${key}="${escaped(text)}"`).join(",")}} ${value}\n`)
    return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join("")}`
  }).join("")

/** Writes a file for node_exporter's textfile collector, which may read at any moment: beside, then renamed. */
export const writePrometheus = (file: string, text: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  // The collector reads names that end in .prom only, so this one is never half-read.
  writeFileSync(`${file}.writing`, text, { mode: 0o644 })
  renameSync(`${file}.writing`, file)
}
