import { readFileSync } from "node:fs"
import { join } from "node:path"
import { scanTranscript } from "../../../src/formats/transcript/scan.ts"

/** One labelled dialogue: its turns, spoken in alternation, and the signals in it as "turn type". */
export type Labelled = { readonly turns: ReadonlyArray<string>; readonly expect: ReadonlyArray<string> }

/** The labelled dialogues of a language. */
export const labelled = (language: string): ReadonlyArray<Labelled> =>
  readFileSync(join(import.meta.dirname, `labelled.${language}.jsonl`), "utf8").trim().split("\n").map((line) => JSON.parse(line) as Labelled)

/** What the scanner hears in a dialogue, as "turn type". */
export const heard = (language: string | undefined, turns: ReadonlyArray<string>): ReadonlyArray<string> =>
  scanTranscript({ language, turns: turns.map((text, index) => ({ partyId: index % 2 === 0 ? "agent-1" : "c1", at: `2026-06-01T10:00:${String(index).padStart(2, "0")}Z`, text })) }).signals.map((signal) => `${signal.turn} ${signal.type}`)

/** Right, missed and wrong signals by type. */
export type Score = { readonly right: number; readonly missed: number; readonly wrong: number }

/** The scanner's score on a language's dialogues, by signal type. */
export const scores = (language: string): ReadonlyMap<string, Score> => {
  const byType = new Map<string, { right: number; missed: number; wrong: number }>()
  const at = (signal: string) => {
    const type = signal.split(" ")[1] ?? ""
    const score = byType.get(type) ?? { right: 0, missed: 0, wrong: 0 }
    byType.set(type, score)
    return score
  }
  for (const { turns, expect } of labelled(language)) {
    const found = heard(language, turns)
    for (const signal of expect) if (found.includes(signal)) at(signal).right += 1
      else at(signal).missed += 1
    for (const signal of found) if (!expect.includes(signal)) at(signal).wrong += 1
  }
  return byType
}
