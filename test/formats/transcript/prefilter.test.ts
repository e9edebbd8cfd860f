import { describe, expect, it } from "vitest"
import { withPlainApostrophes } from "../../../src/formats/transcript/apostrophes.ts"
import { languageNamed, phraseLanguages } from "../../../src/formats/transcript/phrases.ts"
import { generator } from "../../policy-controls/world.ts"

const separators = [" ", " ", " ", ", ", ". ", "-", "? ", "\n", "'", "’"]

/** Random talk full of words that the language watches for, pieces of them, numbers and capitals. */
const talk = (words: ReadonlyArray<string>, random: () => number): string =>
  Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
    const word = words[Math.floor(random() * words.length)] ?? ""
    const part = random() < 0.2 ? word.slice(Math.floor(random() * word.length)) : word
    return (random() < 0.2 ? part.toUpperCase() : part) + (separators[Math.floor(random() * separators.length)] ?? " ")
  }).join("")

describe("the pass over the characters misses no turn that an expression would find", () => {
  for (const name of phraseLanguages) {
    it(`in ${name}`, () => {
      const language = languageNamed(name)
      if (language === undefined) throw new Error("every phrase file compiles")
      const patterns = [language.topic, language.codeHint, language.birthHint, language.ownAge].flatMap((pattern) => pattern.source.match(/[a-zà-öø-ÿß']+/g) ?? [])
      const words = [...patterns, ...patterns, ...Object.keys(language.numbers.values), ...Object.keys(language.numbers.repeat), "4", "1111", "cv2", "d o b", "c v c", "and", "call", "i'm 16", "i’m 16", "tengo 16", "ich bin 16", "ich bin elf"]
      const random = generator(11)
      const found = { hint: 0, age: 0, numbers: 0, nothing: 0 }
      for (let round = 0; round < 4000; round++) {
        const text = talk(words, random)
        const marks = language.prefilter(text)
        const lower = ` ${withPlainApostrophes(text.toLowerCase())} `
        const hint = [language.topic, language.codeHint, language.birthHint].some((expression) => expression.test(lower))
        const age = language.ownAge.test(lower)
        const numbers = language.spokenDigits.test(lower)
        expect({ text, missed: (hint && !marks.hint) || (age && !marks.age) || (numbers && marks.numberWords < 2) }).toEqual({ text, missed: false })
        expect({ text, digits: marks.digits }).toEqual({ text, digits: text.replaceAll(/[^0-9]/g, "").length })
        found.hint += Number(hint)
        found.age += Number(age)
        found.numbers += Number(numbers)
        found.nothing += Number(!marks.hint && !marks.age && marks.numberWords === 0 && marks.digits === 0)
      }
      expect(Math.min(...Object.values(found))).toBeGreaterThan(10)
    })
  }
})
