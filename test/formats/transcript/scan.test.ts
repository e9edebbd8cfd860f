import { readFileSync } from "node:fs"
import { join } from "node:path"
import { array, assert, constantFrom, property } from "fast-check"
import { describe, expect, it } from "vitest"
import { isCardNumber, luhn } from "../../../src/formats/transcript/card.ts"
import { languageNamed, phraseLanguages } from "../../../src/formats/transcript/phrases.ts"
import { numbersOf } from "../../../src/formats/transcript/numbers.ts"
import { scanTranscript } from "../../../src/formats/transcript/scan.ts"
import { anySigns } from "../../records/arbitrary.ts"
import { fixtures } from "../reading.ts"
import { heard, labelled, scores } from "./labelled.ts"

describe("labelled dialogues", () => {
  it.each(["en", "es", "de"])("in %s are heard as labelled", (language) => {
    const wrong = labelled(language).filter(({ turns, expect: signals }) => heard(language, turns).toSorted().join() !== [...signals].sort().join())
    expect(wrong).toEqual([])
  })

  it.each([["en", 60], ["es", 30], ["de", 30]])("in %s are at least %i, with all signal types among them", (language, least) => {
    expect(labelled(language).length).toBeGreaterThanOrEqual(least)
    expect([...scores(language).keys()].sort()).toEqual(["bot-disclosure", "card-number", "minor-age", "objection", "recording-notice", "security-code", "spoken-yes"])
  })
})

describe("real dialogues", () => {
  it.each(["star-bank", "abcd"])("of %s, which nobody announced or objected to, give no such signal", (set) => {
    const dialogues = JSON.parse(readFileSync(join(fixtures, set, "dialogues.json"), "utf8")) as ReadonlyArray<{ dialogue: string; turns: ReadonlyArray<readonly [string, string]> }>
    const signals = dialogues.flatMap(({ dialogue, turns }) => scanTranscript({ language: "en", turns: turns.map(([partyId, text]) => ({ partyId, at: "2020-05-25T20:00:00Z", text })) }).signals.map((signal) => `${dialogue} ${signal.turn} ${signal.type}`))
    // In 4393 the agent calls itself the bank's AI.
    expect(signals).toEqual(set === "star-bank" ? ["4393.json 7 bot-disclosure"] : [])
  })
})

describe("signals", () => {
  const turns = [{ partyId: "c1", at: "2026-01-01T00:00:00Z", until: "2026-01-01T00:00:04Z", text: "4111 1111" }, { partyId: "agent-1", at: "2026-01-01T00:00:05Z", text: "ok" }, { partyId: "c1", at: "2026-01-01T00:00:06Z", until: "2026-01-01T00:00:09Z", text: "1111 1111" }]

  it("of a number spread over turns reach from the first turn to the last and hold nothing of it", () => {
    expect(scanTranscript({ language: "en-US", turns }).signals).toEqual([{ partyId: "c1", at: "2026-01-01T00:00:00Z", until: "2026-01-01T00:00:09Z", type: "card-number", turn: 0 }])
  })

  it("are looked for in all languages where the transcript does not name one, and in digits where no phrase file knows it", () => {
    const objection = [{ partyId: "c1", at: "2026-01-01T00:00:00Z", text: "No quiero que me graben." }]
    expect(scanTranscript({ turns: objection })).toMatchObject({ languages: phraseLanguages, signals: [{ type: "objection" }] })
    expect(scanTranscript({ language: "en", turns: objection }).signals).toEqual([])
    expect(scanTranscript({ language: "fr-FR", turns })).toMatchObject({ languages: [], signals: [{ type: "card-number" }] })
  })

  it("never hold a word or digit of the text, and no text makes the scanner fail", () => {
    assert(property(array(anySigns({ maxLength: 60 }), { maxLength: 6 }), constantFrom(undefined, "en", "es", "de"), (texts, language) => {
      const { signals } = scanTranscript({ language, turns: texts.map((text, index) => ({ partyId: `p${index % 2}`, at: "2026-01-01T00:00:00Z", text: `please don't record me ${text} 4111111111111111` })) })
      for (const signal of signals) expect(Object.keys(signal).toSorted()).toEqual(["at", "partyId", "turn", "type"])
    }), { numRuns: 200, seed: 20261122 })
  })
})

describe("numbers", () => {
  const english = languageNamed("en")?.numbers
  const german = languageNamed("de")?.numbers
  const spanish = languageNamed("es")?.numbers
  it.each([
    ["one two three", english, ["123"]], ["one hundred and twenty three", english, ["123"]], ["forty five hundred", english, ["4500"]], ["double four triple one", english, ["44111"]],
    ["two thousand and twelve", english, ["2012"]], ["oh five oh oh", english, ["0500"]], ["twelve and then 34", english, ["12", "34"]], ["at 12:30 on 1/2/2020 for $45", english, []],
    ["zweitausendzwölf", german, ["2012"]], ["einundvierzig elf", german, ["4111"]], ["einhundertdreiundzwanzig", german, ["123"]],
    ["cuarenta y uno once", spanish, ["4111"]], ["dos mil doce", spanish, ["2012"]], ["ciento veintitrés", spanish, ["123"]], ["mil novecientos ochenta", spanish, ["1980"]]
  ])("%s", (text, numbers, digits) => {
    if (numbers === undefined) throw new Error("no numbers")
    expect(numbersOf(text, numbers).segments.map((segment) => segment.digits)).toEqual(digits)
  })

  it("are card numbers by prefix, length and check digit", () => {
    expect(["4111111111111111", "378282246310005", "5500005555555559", "6011000990139424", "3530111333300000", "30569309025904", "2223000048400011"].every(isCardNumber)).toBe(true)
    expect(["4111111111111112", "0000000000000000", "1234567890123452", "411111111111111"].some(isCardNumber)).toBe(false)
    expect(luhn("79927398713")).toBe(true)
  })
})
