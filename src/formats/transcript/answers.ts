/** Yes and no as answers to a question about recording. */
import type { Language } from "./phrases.ts"
import type { Sentence } from "./sentences.ts"

/** Turns after the question in which somebody else must answer. */
const answerTurnsMax = 3

type Question = { readonly negative: boolean }

/** The question about recording that a turn ends with; another question after it makes the answer mean something else. */
const questionIn = (sentences: ReadonlyArray<Sentence>, language: Language): Question | undefined => {
  let question: Question | undefined
  let announced = false
  for (const { text, question: asked } of sentences) {
    if (language.negativeQuestion.test(text)) question = { negative: true }
    else if (language.question.test(text)) question = { negative: false }
    else if (announced && language.negativeTag.test(text)) question = { negative: true }
    else if (announced && language.tag.test(text)) question = { negative: false }
    else if (asked && !language.tag.test(text)) question = undefined
    language.notice.say.lastIndex = 0
    announced ||= language.notice.say.test(text)
  }
  return question
}

/** What the first sentence of an answer says. */
const answerOf = (answer: ReadonlyArray<Sentence>, negative: boolean, language: Language): "spoken-yes" | "objection" | undefined => {
  const first = answer[0]?.text ?? ""
  if (negative) return language.noButFine.test(first) ? "spoken-yes" : undefined
  // "Absolutely not" begins like a yes, "no problem" like a no: the longer reading counts.
  const yes = language.yes.exec(first)?.[0].length ?? 0
  const no = language.no.exec(first)?.[0].length ?? 0
  return yes === 0 && no === 0 ? undefined : yes >= no ? "spoken-yes" : "objection"
}

/**
 * Answers to the questions about recording in the turns of `asked`: the first turn of somebody else
 * after the question.
 */
export const answersIn = (
  asked: ReadonlyArray<number>,
  sentences: (turn: number) => ReadonlyArray<Sentence>,
  turns: ReadonlyArray<{ readonly partyId: string }>,
  language: Language
): ReadonlyArray<{ readonly type: "spoken-yes" | "objection"; readonly turn: number }> =>
  asked.flatMap((turn) => {
    const question = questionIn(sentences(turn), language)
    if (question === undefined) return []
    for (let index = turn + 1; index <= turn + answerTurnsMax && index < turns.length; index++) {
      if (turns[index]?.partyId === turns[turn]?.partyId) continue
      const type = answerOf(sentences(index), question.negative, language)
      return type === undefined ? [] : [{ type, turn: index }]
    }
    return []
  })
