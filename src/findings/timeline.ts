import { readFileSync } from "node:fs"
import type { Judgement } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import { instantText } from "./assemble.ts"
import type { Pseudonymiser } from "./pseudonyms.ts"

/** One interval or moment of a finding's picture. Times are RFC 3339, UTC. */
export type TimelineItem = { readonly lane: string; readonly label: string; readonly who?: string; readonly recordingId?: string; readonly from: string; readonly until?: string }

const sql = readFileSync(new URL("./timeline.sql", import.meta.url), "utf8")

/** Reads what happened on the contacts of the rows in `failed`; needs the facts party and presence. */
export const timelines = async (store: EvidenceStore, names: Pseudonymiser): Promise<(row: Judgement) => ReadonlyArray<TimelineItem>> => {
  const byContact = new Map<string, Array<TimelineItem>>()
  for await (const rows of store.batches(sql)) {
    for (const row of rows) {
      const contactId = String(row["contactId"])
      const item: TimelineItem = {
        lane: String(row["lane"]), label: String(row["label"]),
        ...(row["person"] === null ? {} : { who: names.person(row["person"] as string) }), ...(row["recordingId"] === null ? {} : { recordingId: names.scrub(row["recordingId"] as string) }),
        from: instantText(String(row["from"])), ...(row["until"] === null ? {} : { until: instantText(row["until"] as string) })
      }
      const known = byContact.get(contactId)
      if (known === undefined) byContact.set(contactId, [item])
      else known.push(item)
    }
  }
  const contactOf = new Map((await store.all(`SELECT DISTINCT j.recordingId, r.contactId FROM failed j JOIN recording r ON r.id = j.recordingId`)).map((row) => [String(row["recordingId"]), String(row["contactId"])]))
  return (row) => {
    const contactId = row.contactId ?? contactOf.get(row.recordingId ?? "") ?? ""
    const recordingId = row.recordingId === null ? undefined : names.scrub(row.recordingId)
    return (byContact.get(contactId) ?? []).filter((item) => item.recordingId === undefined || recordingId === undefined || item.recordingId === recordingId)
  }
}
