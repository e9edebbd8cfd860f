import type { CanonicalRecord } from "./records.ts"
import { instant } from "./records.ts"

/** What is read of a message of a trajectory: calls and the answers of tools. What was said stays unread. */
export type TauMessage = {
  readonly role: string
  readonly content?: string | null
  readonly name?: string
  readonly tool_calls?: ReadonlyArray<{ readonly function: { readonly name: string; readonly arguments: string } }> | null
}

/** What is read of a trajectory of tau-bench: one handling of one task by an agent. */
export type TauTrajectory = { readonly task_id: number; readonly trial: number; readonly traj: ReadonlyArray<TauMessage> }

type Reservation = { readonly reservation_id: string; readonly cabin: string; readonly insurance: string; readonly created_at: string }

/** A call that was made and did not fail, at its place among the messages. */
type Call = { readonly index: number; readonly name: string; readonly reservationId: string | undefined; readonly answer: string }

/** Tools that change the airline's books, or give away money, by the name of what they do. */
const acts: Readonly<Record<string, string>> = {
  book_reservation: "booked", cancel_reservation: "cancelled", send_certificate: "compensated", transfer_to_human_agents: "transferred",
  update_reservation_baggages: "baggage-changed", update_reservation_flights: "flights-changed", update_reservation_passengers: "passengers-changed"
}

/** "The current time is 2024-05-15 15:00:00 EST", says the policy; every case begins then, and a message takes a second. */
export const policyClock = Date.parse("2024-05-15T15:00:00-05:00")

const callsOf = ({ traj }: TauTrajectory): ReadonlyArray<Call> =>
  traj.flatMap((message, index) => (message.tool_calls ?? []).slice(0, 1).flatMap((call): ReadonlyArray<Call> => {
    const answer = traj[index + 1]?.content ?? ""
    if (answer.startsWith("Error")) return []
    const { reservation_id: reservationId } = JSON.parse(call.function.arguments) as { readonly reservation_id?: string }
    return [{ index, name: call.function.name, reservationId, answer }]
  }))

/** How a request was handled: everything that was done, in a fixed order; nothing-done where nothing was. */
const handlingOf = (calls: ReadonlyArray<Call>): string =>
  [...new Set(calls.flatMap(({ name }) => acts[name] ?? []))].sort().join("+") || "nothing-done"

/** What the agent saw of a reservation before it cancelled it; nothing where it did not look. */
const factsOf = (calls: ReadonlyArray<Call>, cancelled: Call): Readonly<Record<string, string | number | boolean>> => {
  const seen = calls.findLast(({ index, name, reservationId }) => index < cancelled.index && name === "get_reservation_details" && reservationId === cancelled.reservationId)
  if (seen === undefined) return {}
  const { cabin, insurance, created_at: createdAt } = JSON.parse(seen.answer) as Reservation
  return { cabin, insured: insurance === "yes", hoursSinceBooking: (policyClock - Date.parse(`${createdAt}-05:00`)) / 3_600_000 }
}

const agent = "airline-agent"

const handled = (trajectory: TauTrajectory): ReadonlyArray<CanonicalRecord> => {
  const id = `request-${trajectory.task_id}/${trajectory.trial}`
  const subject = `customer-${trajectory.task_id}`
  const calls = callsOf(trajectory)
  const timeOf = (index: number): string => instant(policyClock + index * 1000)
  const endedAt = timeOf(trajectory.traj.length)
  const decision = { kind: "decision", contactId: id, staff: agent, subject, policyVersion: "2024-05-15" }
  return [
    { kind: "contact", id, channel: "chat", direction: "inbound", startedAt: timeOf(0), endedAt, queue: "reservations", parties: [{ id: subject, role: "customer" }, { id: agent, role: "bot" }] },
    { ...decision, id, at: endedAt, policy: "requests", outcome: handlingOf(calls), facts: { request: `request-${trajectory.task_id}` } },
    ...calls.filter(({ name }) => name === "cancel_reservation")
      .map((call) => ({ ...decision, id: `${id}/${call.index}`, at: timeOf(call.index), policy: "cancellations", outcome: "cancelled", facts: factsOf(calls, call) }))
  ]
}

/** Contacts, decisions and the agent of trajectories. */
export const recordsOfTau = (trajectories: ReadonlyArray<TauTrajectory>): ReadonlyArray<CanonicalRecord> => {
  const from = instant(policyClock)
  return [{ kind: "staff", id: agent, employedFrom: from, roles: [{ role: "agent", from }] }, ...trajectories.flatMap(handled)]
}
