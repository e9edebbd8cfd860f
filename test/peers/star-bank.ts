import type { CanonicalRecord } from "./records.ts"
import { instant } from "./records.ts"

/** What is read of an event of a STAR dialogue (format version 7); `UnixTime` in seconds. What was said stays unread. */
export type StarEvent = {
  readonly Action: string
  readonly Agent: string
  readonly UnixTime?: number
  readonly APIName?: string
  readonly Constraints?: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly Item?: { readonly Message?: string }
  readonly ActionLabel?: string
}

/** What is read of a STAR dialogue. */
export type StarDialogue = {
  readonly DialogueID: number
  readonly AnonymizedWizardWorkerID: string
  readonly Scenario: { readonly WizardCapabilities: ReadonlyArray<{ readonly Domain: string; readonly Task: string }> }
  readonly Events: ReadonlyArray<StarEvent>
}

const sets = {
  "account-and-pin": ["FullName", "AccountNumber", "PIN"],
  "security-questions": ["FullName", "DateOfBirth", "SecurityAnswer1", "SecurityAnswer2"]
}

/** Which complete set of credentials a query carries, by the names of its fields alone. */
export const credentialsOf = (query: StarEvent): "account-and-pin" | "security-questions" | "incomplete" => {
  const given = new Set((query.Constraints ?? []).flatMap((constraint) => Object.entries(constraint)).filter(([, value]) => value !== "" && value !== "\"\"").map(([name]) => name))
  const has = (names: ReadonlyArray<string>): boolean => names.every((name) => given.has(name))
  return has(sets["account-and-pin"]) ? "account-and-pin" : has(sets["security-questions"]) ? "security-questions" : "incomplete"
}

/** Whether the query interface answered by refusing to authenticate. */
export const isRefusal = (answer: StarEvent | undefined): boolean => answer?.Item?.Message?.includes("cannot authenticate") ?? false

const timesOf = (dialogue: StarDialogue): ReadonlyArray<number> => dialogue.Events.flatMap((event) => event.UnixTime === undefined ? [] : [event.UnixTime * 1000])

/** One flow chart of one dialogue: a matter by itself, since neither chart takes over what the other asked for. */
const matterOf = (dialogue: StarDialogue, task: string): ReadonlyArray<CanonicalRecord> => {
  const contactId = `${dialogue.DialogueID}/${task}`
  const customer = `customer-${dialogue.DialogueID}`
  const times = timesOf(dialogue)
  const contact = {
    kind: "contact", id: contactId, channel: "chat", direction: "inbound", startedAt: instant(Math.min(...times)), endedAt: instant(Math.max(...times)), queue: task,
    parties: [{ id: customer, role: "customer" }, { id: dialogue.AnonymizedWizardWorkerID, role: "agent" }]
  }
  const steps = dialogue.Events.flatMap((event, index): ReadonlyArray<CanonicalRecord> => {
    const at = instant((event.UnixTime ?? 0) * 1000)
    const step = (type: string): CanonicalRecord => ({ kind: "event", id: `${contactId}/${index}/${type}`, contactId, at, type, partyId: customer })
    if (event.ActionLabel === "bank_inform_balance" && task === "bank_balance") return [step("account-disclosed")]
    if (event.Action !== "query" || event.APIName !== task) return []
    const answer = dialogue.Events.slice(index + 1).find(({ Agent }) => Agent === "KnowledgeBase")
    const credentials = credentialsOf(event)
    const decision = {
      kind: "decision", id: `${contactId}/${index}`, contactId, at, staff: dialogue.AnonymizedWizardWorkerID, subject: customer,
      policy: task.replaceAll("_", "-"), policyVersion: "2020", outcome: isRefusal(answer) ? "refused" : "answered", facts: { credentials }
    }
    return credentials === "incomplete" ? [decision] : [step("identity-verified"), decision]
  })
  return [contact, ...steps]
}

/** Contacts, steps, decisions and staff of STAR's bank dialogues. */
export const recordsOfStar = (dialogues: ReadonlyArray<StarDialogue>): ReadonlyArray<CanonicalRecord> => {
  const from = instant(Math.min(...dialogues.flatMap(timesOf)))
  const staff = [...new Set(dialogues.map((dialogue) => dialogue.AnonymizedWizardWorkerID))]
    .map((id) => ({ kind: "staff", id, employedFrom: from, roles: [{ role: "agent", from }] }))
  const matters = dialogues.flatMap((dialogue) =>
    dialogue.Scenario.WizardCapabilities.filter(({ Domain }) => Domain === "bank").flatMap(({ Task }) => matterOf(dialogue, Task)))
  return [...staff, ...matters]
}
