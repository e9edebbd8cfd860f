import { readFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import type { Audited } from "./audit.ts"
import { auditRecords } from "./audit.ts"
import { ndjson } from "./records.ts"
import type { TauTrajectory } from "./tau-airline.ts"
import { policyClock, recordsOfTau } from "./tau-airline.ts"

/** A trajectory with what the benchmark says of it: the reward, and the actions that its authors hold to be right. */
type Judged = TauTrajectory & {
  readonly reward: number
  readonly info: { readonly task: { readonly actions: ReadonlyArray<{ readonly name: string; readonly kwargs: Readonly<Record<string, unknown>> }> } }
}

const trajectories = ndjson(readFileSync(join(import.meta.dirname, "fixtures/tau-airline/trajectories.ndjson"), "utf8")) as ReadonlyArray<Judged>
const tasks = [...new Set(trajectories.map(({ task_id }) => task_id))]
const trialsOf = (task: number): ReadonlyArray<Judged> => trajectories.filter(({ task_id }) => task_id === task)

/** Tools that only look something up or reckon. */
const looking = /^(get_|search_|list_|calculate$|think$)/

/** The tools of a trajectory that did something, read from the answers of tools rather than from the calls. */
const doneIn = ({ traj }: TauTrajectory): string =>
  [...new Set(traj.flatMap(({ role, name = "", content }) => role === "tool" && !looking.test(name) && !(content ?? "").startsWith("Error") ? [name] : []))].sort().join(" ")

/** Trajectories by what they did, the most usual first. */
const handlings = (task: number): ReadonlyArray<ReadonlyArray<Judged>> =>
  [...Map.groupBy(trialsOf(task), doneIn).values()].sort((a, b) => b.length - a.length)

/** The chance that two handlings of a task taken at random differ: 1 - Σ p². */
const disagreementOf = (task: number): number => 1 - handlings(task).reduce((total, same) => total + (same.length / trialsOf(task).length) ** 2, 0)

/** Copies under other numbers of the most usual handling of each task alone. */
const shift = 1000
const alike = tasks.flatMap((task) => handlings(task)[0] ?? []).map((trajectory) => ({ ...trajectory, task_id: trajectory.task_id + shift }))

/** Reservations cancelled in a trajectory, with what the agent had looked up of each. */
const cancelledIn = (trajectory: Judged): ReadonlyArray<{ readonly trajectory: Judged; readonly id: string; readonly seen: Readonly<Record<string, string>> }> => {
  const seen = trajectory.traj.flatMap(({ name, content }) => name === "get_reservation_details" ? [JSON.parse(content ?? "{}") as Readonly<Record<string, string>>] : [])
  const calls = trajectory.traj.flatMap((message) => message.tool_calls ?? []).filter((call) => call.function.name === "cancel_reservation")
  return calls.map((call) => (JSON.parse(call.function.arguments) as { reservation_id: string }).reservation_id)
    .map((id) => ({ trajectory, id, seen: seen.find(({ reservation_id }) => reservation_id === id) ?? {} }))
}

/** The policy's "Cancel flight", written once more: booked over a day ago, not business, no insurance. */
const forbidden = trajectories.flatMap(cancelledIn).filter(({ seen }) =>
  seen["cabin"] !== "business" && seen["insurance"] === "no" && policyClock - Date.parse(`${seen["created_at"]}-05:00`) > 86_400_000)

describe("the trajectories of tau-bench's airline, judged by its written policy", () => {
  let audited: Audited
  beforeAll(async () => {
    audited = await auditRecords("tau-airline", ["contact", "decision", "staff"], recordsOfTau([...trajectories, ...alike]), "2024-05-16T00:00:00Z")
  }, 120_000)

  const leads = (): ReadonlyArray<Readonly<Record<string, unknown>>> => audited.findings.filter(({ control }) => control === "policy/like-cases-differ").map(({ details }) => details)
  const leadsOf = (task: number): ReadonlyArray<Readonly<Record<string, unknown>>> =>
    leads().filter(({ alike: like }) => (like as Readonly<Record<string, string>>)["facts.request"] === `request-${task}`)

  it("are all read, each request handled equally often, and the audit can be trusted", () => {
    expect(new Set(tasks.map((task) => trialsOf(task).length)).size).toBe(1)
    expect(audited.summary.trust.problems).toEqual([])
    expect(audited.summary.totals).toMatchObject({ rejected: 0, conflicting: 0, duplicate: 0 })
    expect(audited.summary.totals.produced["contact"]).toBe(trajectories.length + alike.length)
  })

  it("show each request that was handled in more than one way as a lead, with how often and how far apart", () => {
    const differing = tasks.filter((task) => handlings(task).length > 1)
    expect(differing.length).toBeGreaterThan(0)
    expect(leads()).toHaveLength(differing.length)
    for (const task of differing) {
      expect(leadsOf(task)).toHaveLength(1)
      const [lead] = leadsOf(task)
      expect(lead?.["cases"]).toBe(trialsOf(task).length)
      expect(lead?.["disagreement"]).toBeCloseTo(disagreementOf(task), 6)
      expect(lead?.["outcomes"]).toMatchObject(handlings(task).map((same) => ({ cases: same.length })))
    }
    expect(audited.findings.filter(({ control }) => control === "policy/like-cases-differ").map(({ kind }) => kind)).not.toContain("finding")
  })

  it("include every request that the benchmark rewards once and not another time", () => {
    const mixed = tasks.filter((task) => new Set(trialsOf(task).map(({ reward }) => reward)).size > 1)
    expect(mixed.length).toBeGreaterThan(0)
    expect(mixed.filter((task) => leadsOf(task).length === 0)).toEqual([])
  })

  it("raise no lead for the same requests where only the most usual handling is left", () => {
    expect(tasks.flatMap((task) => leadsOf(task + shift))).toEqual([])
    expect(audited.population("policy/like-cases-differ")?.pass).toBe(tasks.filter((task) => (handlings(task)[0] ?? []).length > 1).length)
  })

  it("cancel beyond the rule exactly where the written policy forbids it, which the benchmark does not reward either", () => {
    const found = audited.findings.filter(({ control, contactId = "" }) => control === "policy/outcome-contradicts-rule" && Number(contactId.split(/[-/]/)[1]) < shift)
    expect(forbidden.length).toBeGreaterThan(0)
    expect(found.map(({ contactId = "" }) => contactId).sort()).toEqual(forbidden.map(({ trajectory }) => `request-${trajectory.task_id}/${trajectory.trial}`).sort())
    expect(forbidden.map(({ trajectory }) => trajectory.reward).filter((reward) => reward > 0)).toEqual([])
    const right = forbidden.filter(({ trajectory, id }) => trajectory.info.task.actions.some(({ name, kwargs }) => name === "cancel_reservation" && kwargs["reservation_id"] === id))
    expect(right).toEqual([])
  })
})

describe("records of trajectories", () => {
  it("hold nothing that was said", () => {
    const said = trajectories.map((trajectory) => ({ ...trajectory, traj: trajectory.traj.map((message) => message.role === "tool" ? message : { ...message, content: "spoken-words" }) }))
    expect(JSON.stringify(recordsOfTau(said))).not.toContain("spoken-words")
    expect(recordsOfTau(said)).toEqual(recordsOfTau(trajectories))
  })
})
