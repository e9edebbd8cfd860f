import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { Audited } from "./audit.ts"
import { auditRecords } from "./audit.ts"
import { ndjson } from "./records.ts"
import type { StarDialogue } from "./star-bank.ts"
import { recordsOfStar } from "./star-bank.ts"

const folder = join(import.meta.dirname, "fixtures/star-bank")
const dialogues = ndjson(readFileSync(join(folder, "dialogues.ndjson"), "utf8")) as ReadonlyArray<StarDialogue>

type Label = Readonly<Record<string, string>>

const [header = "", ...lines] = readFileSync(join(folder, "labels.csv"), "utf8").trim().split(/\r?\n/)
const labels = lines.map((line): Label => Object.fromEntries(line.split(",").map((value, column) => [header.split(",")[column], value] as const)))
const numberOf = (label: Label, column: string): number => Number(label[column])
const sum = (column: string): number => labels.reduce((total, label) => total + numberOf(label, column), 0)
const dialogueOf = (label: Label): string => (label["dialogue"] ?? "").replace(".json", "")

/** What labels.csv counts in a column for each dialogue that it counts any for. */
const counted = (column: string, where: (label: Label) => boolean = () => true): Readonly<Record<string, number>> =>
  Object.fromEntries(labels.filter((label) => numberOf(label, column) > 0 && where(label)).map((label) => [dialogueOf(label), numberOf(label, column)]))

/** Copies under other numbers in which every query carries all credentials, while the answers stay. */
const shift = 1_000_000
const complete = ["FullName", "AccountNumber", "PIN"].map((name) => ({ [name]: "given" }))
const withCredentials = dialogues.map((dialogue) => ({
  ...dialogue, DialogueID: dialogue.DialogueID + shift,
  Events: dialogue.Events.map((event) => event.Action === "query" ? { ...event, Constraints: complete } : event)
}))

const required = ["policy/required-step-missing", "policy/step-out-of-order"]

describe("the dialogues of STAR's bank, judged by its written policy", () => {
  let audited: Audited
  beforeAll(async () => {
    audited = await auditRecords("star-bank", ["contact", "event", "decision", "staff"], recordsOfStar([...dialogues, ...withCredentials]), "2020-07-01T00:00:00Z")
  }, 120_000)

  /** Findings of some controls by dialogue; the copies apart, or they alone. */
  const found = (controls: ReadonlyArray<string>, copies = false): Readonly<Record<string, number>> => {
    const counts: Record<string, number> = {}
    for (const { control, contactId = "" } of audited.findings) {
      const dialogue = contactId.split("/")[0] ?? ""
      if (controls.includes(control) && Number(dialogue) >= shift === copies) counts[dialogue] = (counts[dialogue] ?? 0) + 1
    }
    return counts
  }

  it("are all read, and the audit can be trusted", () => {
    expect(dialogues.map(({ DialogueID }) => String(DialogueID)).sort()).toEqual(labels.map(dialogueOf).sort())
    expect(audited.summary.trust.problems).toEqual([])
    expect(audited.summary.totals).toMatchObject({ rejected: 0, conflicting: 0, duplicate: 0 })
    expect(audited.summary.totals.produced["decision"]).toBe(2 * sum("queries"))
    expect(audited.summary.controls.map(({ unverifiable }) => unverifiable).filter((units) => units > 0)).toEqual([])
  })

  it("violate a required step as often as labels.csv counts queries refused for weak authentication, each in its dialogue", () => {
    expect(sum("denied_insufficient_auth")).toBeGreaterThan(0)
    expect(found(required)).toEqual(counted("denied_insufficient_auth"))
  })

  it("lack the step where no query of the dialogue succeeded, and have it too late where one did", () => {
    expect(found(["policy/required-step-missing"])).toEqual(counted("denied_insufficient_auth", (label) => numberOf(label, "succeeded") === 0))
    expect(found(["policy/step-out-of-order"])).toEqual(counted("denied_insufficient_auth", (label) => numberOf(label, "succeeded") > 0))
  })

  it("have each answer that the rule expects, and disclose nothing before it", () => {
    expect(found(["policy/outcome-contradicts-rule"])).toEqual({})
    expect(audited.population("policy/disclosed-before-verified")?.pass).toBeGreaterThan(0)
    expect(found(["policy/disclosed-before-verified", "policy/step-constraint-violated"])).toEqual(counted("claimed_success_without_any_success"))
  })

  it("violate no step where every query carries all credentials, and then it is the refusals that contradict the rule", () => {
    expect(found(required, true)).toEqual({})
    const refused = Object.entries(counted("denied_insufficient_auth")).map(([dialogue, count]) => [String(Number(dialogue) + shift), count])
    expect(found(["policy/outcome-contradicts-rule"], true)).toEqual(Object.fromEntries(refused))
  })
})

describe("records of dialogues", () => {
  it("hold nothing that was said or typed", () => {
    const said = dialogues.map((dialogue) => ({
      ...dialogue,
      Events: dialogue.Events.map((event) => ({ ...event, Text: "spoken-words", Constraints: event.Constraints?.map((one) => Object.fromEntries(Object.keys(one).map((name) => [name, "spoken-words"]))) ?? [] }))
    }))
    expect(JSON.stringify(recordsOfStar(said))).not.toContain("spoken-words")
    expect(recordsOfStar(said)).toEqual(recordsOfStar(dialogues))
  })
})
