/** Sentences of a turn in the form that phrase patterns expect, and matching with what takes a match back. */
import type { PhraseSet } from "./phrases.ts"

/** How much of a sentence before and after a match is looked at for what takes it back, in characters. */
const contextCharactersMax = 90

/** One sentence: lower case, words parted by single blanks, a blank at both ends. */
export type Sentence = { readonly text: string; readonly question: boolean }

/** Sentences of a lower-case text with plain apostrophes. */
export const sentencesOf = (text: string): ReadonlyArray<Sentence> => {
  const sentences: Array<Sentence> = []
  for (const match of text.replace(/[¿¡]/g, ".").matchAll(/([^.!?;\n]+)([.!?;\n]*)/g)) {
    const words = (match[1] ?? "").replace(/[",:()[\]{}…¿¡«»„“”*_/—–-]+/g, " ").replace(/\s+/g, " ").trim()
    if (words !== "") sentences.push({ text: ` ${words} `, question: (match[2] ?? "").includes("?") })
  }
  return sentences
}

/** Does the sentence say one of the set's phrases, and nothing takes it back? */
export const says = (sentence: Sentence, set: PhraseSet): boolean => {
  const { text } = sentence
  set.say.lastIndex = 0
  let match = set.say.exec(text)
  if (match === null) return false
  if (set.sentence?.test(text) === true) return false
  while (match !== null) {
    const start = match.index
    const end = start + match[0].length
    const before = text.slice(Math.max(0, start - contextCharactersMax), start)
    const after = text.slice(end, end + contextCharactersMax)
    if (set.before?.test(before) !== true && set.after?.test(after) !== true) return true
    set.say.lastIndex = start + 1
    match = set.say.exec(text)
  }
  return false
}
