import type { Statement } from "../attest/index.ts"
import { counted } from "./counted.ts"

type Members = Readonly<Record<string, unknown>>

const isRecord = (value: unknown): value is Members => typeof value === "object" && value !== null && !Array.isArray(value)
const membersOf = (value: unknown): Members => (isRecord(value) ? value : {})
const textOf = (value: unknown): string => (typeof value === "string" ? value : "")

const outcomeNames: ReadonlyArray<readonly [string, string]> = [["fail", "failed"], ["unverifiable", "could not be verified"], ["pass", "passed"], ["notApplicable", "not applicable"]]

/** `2 controls failed: a, b`; one line an outcome that occurs. */
const outcomeLines = (outcomes: Members): ReadonlyArray<string> => outcomeNames.flatMap(([outcome, name]) => {
  const controls = Object.keys(outcomes).filter((control) => outcomes[control] === outcome)
  return controls.length === 0 ? [] : [`  ${counted(controls.length, "control")} ${name}: ${controls.join(", ")}`]
})

const runLines = (run: Members): ReadonlyArray<string> => [
  `It belongs to run ${textOf(run["id"])} of pipeline ${textOf(run["pipeline"])}, judged as of ${textOf(run["asOf"])}${typeof run["sequence"] === "number" ? `, number ${run["sequence"]} of its chain` : ""}.`,
  ...(run["trustworthy"] === false ? ["That run says of itself that it cannot be trusted."] : []),
  ...(run["full"] === false ? ["That run asked only some controls."] : [])
]

/** What a disclosure that verifies proves, in sentences: `document` is its leaf, `core` the statement that it belongs to. */
export const disclosedLines = (document: Members, core: Statement, identities: ReadonlyArray<{ readonly pseudonym: string; readonly subject: string }>): ReadonlyArray<string> => [
  ...(isRecord(document["outcomes"])
    ? [`It discloses what was judged of ${document["recordingId"] === undefined ? "one unit" : `recording ${textOf(document["recordingId"])}`}:`, ...outcomeLines(document["outcomes"])]
    : [`It discloses ${textOf(document["kind"])} ${textOf(document["id"])} of ${textOf(document["control"])} (${textOf(document["severity"])}): ${textOf(document["sentence"])}`]),
  ...runLines(membersOf(core.predicate["run"])),
  ...identities.map(({ pseudonym, subject }) => `It proves that ${pseudonym} is ${subject}.`)
]
