import { createHash } from "node:crypto"
import type { Finding } from "../findings/finding.ts"
import { TextFile } from "./file-writer.ts"
import { Gravest } from "./gravest.ts"
import { markdownText } from "./markdown.ts"
import type { Output, Report } from "./output.ts"
import type { Cause, Population, Summary } from "./summary.ts"
import { count } from "./words.ts"

/** Observations and risks beyond this are left to findings.ndjson; the remarks say so. */
const observationsMax = 25_000
const risksMax = 5000

const oscalVersion = "1.1.2"

/** A UUID (version 5 in form) that the same name always gives again. */
const uuidOf = (...names: ReadonlyArray<string>): string => {
  const hex = createHash("sha256").update(names.join("\0")).digest("hex")
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** A control id as an NCName token: `consent/use-not-covered` as `consent.use-not-covered`. */
const token = (control: string): string => control.replace(/[^\p{L}\p{N}.\-_]/gu, ".").replace(/^(?![\p{L}_])/u, "_")

/** OSCAL wants a line that is not empty and has no white space at its ends. */
const line = (text: string): string => markdownText(text) || "none"

const property = (name: string, value: string): object => ({ name, ns: "urn:earshot:oscal", value: value.replace(/\s+/g, " ").trim() || "none" })

const tool = (summary: Summary): object => ({ actors: [{ type: "tool", "actor-uuid": uuidOf("program", summary.earshot.digest) }] })

const observation = (finding: Finding, summary: Summary): object => ({
  uuid: uuidOf("finding", finding.id), title: line(finding.control), description: line(finding.sentence),
  props: [property("finding", finding.id), property("severity", finding.severity), property("status", finding.status), property("kind", finding.kind), ...(finding.owner === undefined ? [] : [property("owner", finding.owner)])],
  methods: ["TEST"], types: [finding.kind === "lead" ? "discovery" : "control-objective"], origins: [tool(summary)],
  ...(finding.evidence.length === 0 ? {} : { "relevant-evidence": finding.evidence.slice(0, 20).map((one) => ({ description: line(`${one.kind} ${one.id} of ${one.object}${one.line === undefined ? "" : `, line ${one.line}`}, SHA-256 of the object ${one.objectSha256}`) })) }),
  collected: summary.run.asOf
})

const risk = (cause: Cause, summary: Summary): object => ({
  uuid: uuidOf("cause", cause.cause), title: line(`${cause.control}: ${cause.reason}`), description: line(`${count(cause.findings, "finding")} of one cause, for example: ${cause.sentence}`), statement: line(cause.sentence),
  status: cause.open === 0 ? "deviation-approved" : "open", origins: [tool(summary)],
  characterizations: [{ origin: tool(summary), facets: [{ name: "severity", system: "urn:earshot:severity", value: cause.severity }] }],
  ...(cause.due === undefined ? {} : { deadline: cause.due })
})

/** A control as an OSCAL finding: satisfied only where something was judged and nothing failed or stayed open. */
const controlFinding = (control: Population, related: ReadonlyArray<string>): object => {
  const satisfied = control.fail === 0 && control.unverifiable === 0 && control.pass > 0
  const reason = control.fail > 0 ? "fail" : satisfied ? "pass" : "other"
  return {
    uuid: uuidOf("control", control.control), title: line(control.title),
    description: line(`${control.question} ${control.population} units: ${control.pass} passed, ${control.fail} failed, ${control.unverifiable} could not be verified, ${control.notApplicable} not applicable.`),
    target: { type: "objective-id", "target-id": token(control.control), title: line(control.title), status: { state: satisfied ? "satisfied" : "not-satisfied", reason } },
    ...(related.length === 0 ? {} : { "related-observations": related.map((id) => ({ "observation-uuid": uuidOf("finding", id) })) })
  }
}

const head = (summary: Summary): string => JSON.stringify({
  uuid: uuidOf("results", summary.run.id, summary.merkle.findings),
  metadata: {
    title: `Privacy audit of ${line(summary.run.pipeline)}`, "last-modified": summary.run.finishedAt, version: summary.run.id, "oscal-version": oscalVersion,
    parties: [{ uuid: uuidOf("program", summary.earshot.digest), type: "organization", name: `Earshot ${summary.earshot.version}` }]
  },
  "import-ap": { href: `#${uuidOf("plan", summary.run.pipeline)}` },
  "back-matter": { resources: [{ uuid: uuidOf("plan", summary.run.pipeline), title: `Pipeline ${line(summary.run.pipeline)}`, description: "The assessment plan is the pipeline file; its digest stands in core.dsse.json." }] }
}).slice(0, -1)

/** assessment-results.oscal.json: OSCAL assessment results; a finding a control, an observation a finding, a risk a cause. */
export const oscalOutput = (report: Report): Output => {
  const { summary } = report
  const observations = new Gravest<readonly [string, string, string]>(observationsMax)
  return {
    take: (finding) => observations.add(finding.severity, () => [finding.control, finding.id, JSON.stringify(observation(finding, summary))]),
    finish: () => {
      const kept = observations.values()
      const byControl = Map.groupBy(kept, ([control]) => control)
      const left = observations.seen - kept.length + Math.max(0, summary.causes.length - risksMax)
      const result = JSON.stringify({
        uuid: uuidOf("result", summary.run.id, summary.merkle.findings), title: `Run ${summary.run.id}`, description: summary.trust.trustworthy ? "The audit can be trusted." : `The audit cannot be trusted: ${summary.trust.problems.map(line).join(" ")}`,
        start: summary.run.startedAt, end: summary.run.finishedAt, props: [property("as-of", summary.run.asOf), property("signed", String(summary.trust.signed)), property("findings-root", summary.merkle.findings)],
        "reviewed-controls": { "control-selections": [summary.controls.length === 0 ? { description: "No control was run.", "include-all": {} } : { "include-controls": summary.controls.map((control) => ({ "control-id": token(control.control) })) }] },
        ...(summary.causes.length === 0 ? {} : { risks: summary.causes.slice(0, risksMax).map((cause) => risk(cause, summary)) }),
        ...(summary.controls.length === 0 ? {} : { findings: summary.controls.map((control) => controlFinding(control, (byControl.get(control.control) ?? []).map(([, id]) => id))) }),
        ...(left === 0 ? {} : { remarks: `The gravest ${kept.length} of ${observations.seen} findings and ${Math.min(risksMax, summary.causes.length)} of ${summary.causes.length} causes; findings.ndjson and summary.json hold all.` })
      })
      const file = new TextFile(report.out, "assessment-results.oscal.json")
      file.write(`{"assessment-results":${head(summary)},"results":[${result.slice(0, -1)}`)
      if (kept.length > 0) {
        file.write(',"observations":[')
        kept.forEach(([, , text], index) => file.write(`${index === 0 ? "\n" : ",\n"}${text}`))
        file.write("\n]")
      }
      file.write("}]}}\n")
      file.close()
    }
  }
}
