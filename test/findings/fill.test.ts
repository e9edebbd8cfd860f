/** Sentences count as people do. */
import { expect, it } from "vitest"
import type { Control, Judgement } from "../../src/controls/index.ts"
import { assemble, fill, packOf } from "../../src/findings/assemble.ts"
import { clearNames } from "../../src/findings/pseudonyms.ts"

it.each([
  [1, 2, "1 code, 2 card numbers; 1 was seen"],
  [3, 1, "3 codes, 1 card number; 3 were seen"],
  [0, 0, "0 codes, 0 card numbers; 0 were seen"]
])("gives %d and %d their words", (codes, numbers, sentence) => {
  expect(fill("{codes|code|codes}, {numbers|card number|card numbers}; {codes} {codes?was|were} seen", { codes, numbers })).toBe(sentence)
})

it("leaves what it does not know, and fills what has no count", () => {
  expect(fill("{nobody|one|many} {at} {party}", { at: "2026-03-01T10:00:00Z", party: "c1" })).toBe("{nobody|one|many} 2026-03-01 10:00:00 UTC c1")
})

it.each([
  ["01:00:00", "1 h"], ["00:05:00", "5 min"], ["01:30:20", "1 h 30 min 20 s"], ["1 day 02:00:00", "1 day 2 h"], ["30 days", "30 days"], ["00:00:00", "0 s"], ["22:00", "22:00"], ["", ""],
  [1.777778, "1.778"], [0.35897, "0.359"], [1.15937e-14, "under 0.0001"], [1234.567, "1234.57"], [700, "700"], [-0.5, "-0.5"]
])("writes %s as %s", (value, text) => {
  expect(fill("{value}", { value })).toBe(text)
})

it("leaves texts inside lists and objects as they are: they may be times of a day", () => {
  expect(fill("{alike}", { alike: { "facts.slot": "08:30:00" } })).toBe("facts.slot 08:30:00")
})

it("parts policy and version at the last @", () => {
  expect(packOf("house@corp@2026.11")).toEqual({ pack: "house@corp", version: "2026.11" })
  expect(packOf(null)).toEqual({})
})

it("says none of what a query left NULL, and leaves no hole in the sentence", () => {
  const control: Control = {
    id: "house/no-video", family: "house", folder: "", sql: "", reads: [], sha256: "", custom: true, title: "", question: "", unit: "recording", severity: "medium",
    reasons: { video: { outcome: "fail", sentence: "{recordingId}, from queue {queue}, by {party}; {other}." } }, remedy: "", citations: [], needs: []
  }
  const row: Judgement = {
    unit: "r1", at: null, contactId: null, recordingId: "r1", party: null, staff: null, outcome: "fail", reason: "video", severity: null, cause: null, packKey: null, ruleRef: null,
    law: null, evidence: null, contrary: null, searched: null, details: { queue: null }
  }
  const found = assemble(control, row, { idKey: new Uint8Array(32), names: clearNames, locate: () => [], search: (kind) => ({ kind, sources: [], records: 0 }), timeline: () => [] })
  expect(found.sentence).toBe("r1, from queue none, by none; {other}.")
})
