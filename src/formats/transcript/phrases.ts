/**
 * Phrase sets: what people say about recording, bots, card data and age, as reviewed data, one
 * file a language (phrases/<language>.json), compiled here into regular expressions.
 */
import de from "./phrases/de.json" with { type: "json" }
import en from "./phrases/en.json" with { type: "json" }
import es from "./phrases/es.json" with { type: "json" }
import { type Prefilter, prefilterOf } from "./prefilter.ts"

/** A set of phrases with what takes a match back; see `about` in the files. */
export type PhraseSource = {
  readonly say: ReadonlyArray<string>
  readonly unlessBefore?: ReadonlyArray<string>
  readonly unlessAfter?: ReadonlyArray<string>
  readonly unlessSentence?: ReadonlyArray<string>
}

/** How a language says numbers. */
export type NumberWords = {
  readonly values: Readonly<Record<string, number>>
  readonly ordinals: Readonly<Record<string, number>>
  /** Words that are digits only beside other digits ("oh"). */
  readonly weak: ReadonlyArray<string>
  readonly hundred: ReadonlyArray<string>
  readonly thousand: ReadonlyArray<string>
  /** Words inside a number after hundred or thousand. */
  readonly and: ReadonlyArray<string>
  /** Words between tens and units ("cuarenta y uno"). */
  readonly tensAnd: ReadonlyArray<string>
  /** Fuses unit and tens into one word ("einundvierzig"); empty where words are apart. */
  readonly fusedAnd: string
  readonly repeat: Readonly<Record<string, number>>
}

/** One phrase file. */
export type LanguageSource = {
  readonly language: string
  readonly lists: Readonly<Record<string, string>>
  readonly topic: ReadonlyArray<string>
  readonly recordingNotice: PhraseSource
  readonly recordingQuestion: {
    readonly say: ReadonlyArray<string>
    readonly negative: ReadonlyArray<string>
    readonly tag: ReadonlyArray<string>
    readonly negativeTag: ReadonlyArray<string>
  }
  readonly yes: ReadonlyArray<string>
  readonly no: ReadonlyArray<string>
  readonly noButFine: ReadonlyArray<string>
  readonly saysYes: PhraseSource
  readonly objection: PhraseSource
  readonly botDisclosure: PhraseSource
  readonly securityCode: { readonly hint: ReadonlyArray<string>; readonly cue: ReadonlyArray<string>; readonly unless: ReadonlyArray<string>; readonly digitsUnless: ReadonlyArray<string> }
  readonly birth: { readonly hint: ReadonlyArray<string>; readonly cue: ReadonlyArray<string>; readonly unless: ReadonlyArray<string>; readonly age: ReadonlyArray<string>; readonly ageUnless: ReadonlyArray<string> }
  readonly numbers: NumberWords
  readonly months: Readonly<Record<string, number>>
  /** How sentences about one's own age begin, for the prefilter. */
  readonly ageStart: ReadonlyArray<string>
  /** 5/3 is May the third. */
}

/** A compiled phrase set. */
export type PhraseSet = {
  readonly say: RegExp
  readonly before: RegExp | undefined
  readonly after: RegExp | undefined
  readonly sentence: RegExp | undefined
}

/** A compiled language. */
export type Language = {
  readonly name: string
  /** Turns that one of the phrase sets, codes, birthdays, ages or spoken numbers could need. */
  readonly prefilter: Prefilter
  /** Turns that may be about recording, consent or bots. */
  readonly topic: RegExp
  /** Two number words in a row. */
  readonly spokenDigits: RegExp
  /** A digit or a number word. */
  readonly anyNumber: RegExp
  readonly ownAge: RegExp
  readonly notice: PhraseSet
  readonly question: RegExp
  readonly negativeQuestion: RegExp
  readonly tag: RegExp
  readonly negativeTag: RegExp
  readonly yes: RegExp
  readonly no: RegExp
  readonly noButFine: RegExp
  readonly saysYes: PhraseSet
  readonly objection: PhraseSet
  readonly bot: PhraseSet
  /** Turns that may ask for a security code. */
  readonly codeHint: RegExp
  readonly codeCue: RegExp
  readonly codeUnless: RegExp
  readonly codeDigitsUnless: RegExp
  /** Turns that may speak of a birthday. */
  readonly birthHint: RegExp
  readonly birthCue: RegExp
  readonly birthUnless: RegExp
  readonly age: RegExp
  readonly ageUnless: RegExp
  readonly numbers: NumberWords
  readonly months: Readonly<Record<string, number>>
  readonly monthName: RegExp
}

/** Blanks outside of parentheses part the words of a pattern. */
const wordsOf = (pattern: string): Array<string> => {
  const words: Array<string> = []
  let depth = 0
  let word = ""
  for (const character of pattern) {
    if (character === "(") depth++
    if (character === ")") depth--
    if (character === " " && depth === 0) {
      if (word !== "") words.push(word)
      word = ""
    } else word += character
  }
  if (word !== "") words.push(word)
  return words
}

const compileWord = (word: string, lists: Readonly<Record<string, string>>, number: string): string => {
  if (word === "*") return "(?:[^ ]+ ){0,3}"
  if (word === "^") return "(?<=^ )"
  if (word === "$") return "$"
  if (word === "#") return `(${number}) `
  const listed = word.replace(/<(\w+)>/g, (_, name: string) => {
    const list = lists[name]
    if (list === undefined) throw new Error(`phrase list <${name}> is not defined`)
    return `(?:${list})`
  })
  const plain = listed.replace(/\((?!\?)/g, "(?:").replace(/#/g, `(${number})`)
  if (word.startsWith("(") && plain.endsWith(")?")) return `(?:${plain.slice(0, -1)} )?`
  // `$` as one of several: the sentence may end here.
  if (/[(|]\$[|)]/.test(plain)) return `(?:${plain.replace(/([(|])\$([|)])/, "$1(?!)$2")} |$)`
  return `(?:${plain}) `
}

/** The inside of a regular expression for the patterns. */
const compile = (patterns: ReadonlyArray<string>, lists: Readonly<Record<string, string>>, number = "\\d+"): string =>
  patterns.map((pattern) => wordsOf(pattern).map((word) => compileWord(word, lists, number)).join("")).join("|")

/** Anywhere in a sentence; a set without patterns never matches. */
const anywhere = (patterns: ReadonlyArray<string>, lists: Readonly<Record<string, string>>, number?: string): RegExp =>
  patterns.length === 0 ? /(?!)/ : new RegExp(`(?<= )(?:${compile(patterns, lists, number)})`)

const phraseSet = (source: PhraseSource, lists: Readonly<Record<string, string>>): PhraseSet => ({
  say: new RegExp(anywhere(source.say, lists).source, "g"),
  before: source.unlessBefore?.length ? new RegExp(`(?:^| )(?:${compile(source.unlessBefore, lists)})$`) : undefined,
  after: source.unlessAfter?.length ? new RegExp(`^(?:[^ ]+ ){0,2}(?:${compile(source.unlessAfter, lists)})`) : undefined,
  sentence: source.unlessSentence?.length ? anywhere(source.unlessSentence, lists) : undefined
})

const longestFirst = (words: ReadonlyArray<string>): string => [...words].sort((a, b) => b.length - a.length).join("|")

/** Number words as one alternative, fused compounds included. */
const numberPattern = (numbers: NumberWords): string => {
  const words = longestFirst(Object.keys(numbers.values))
  return numbers.fusedAnd === "" ? words : `[a-zäöüß]*(?:${words})`
}

const compileLanguage = (source: LanguageSource): Language => {
  const { lists, numbers } = source
  const spoken = numberPattern(numbers)
  const number = `\\d{1,2}|${spoken}`
  const repeated = longestFirst(Object.keys(numbers.repeat))
  return {
    name: source.language,
    prefilter: prefilterOf({
      hints: [...source.topic, ...source.securityCode.hint, ...source.birth.hint],
      ageStarts: source.ageStart,
      numberWords: [...Object.keys(numbers.values), ...Object.keys(numbers.repeat), ...numbers.hundred, ...numbers.thousand],
      fused: numbers.fusedAnd !== ""
    }),
    topic: new RegExp(source.topic.join("|")),
    spokenDigits: new RegExp(`\\b(?:${repeated}|${spoken})[ .,-]+(?:${repeated}|${[...numbers.hundred, ...numbers.thousand].join("|")}|${spoken})\\b`),
    anyNumber: new RegExp(`[0-9]|\\b(?:${spoken})\\b`),
    ownAge: new RegExp(`(?:${source.ageStart.join("|")})(?:[^ ]+ ){0,2}(?:[0-9]|${spoken}|a minor|under)`),
    notice: phraseSet(source.recordingNotice, lists),
    question: anywhere(source.recordingQuestion.say, lists),
    negativeQuestion: anywhere(source.recordingQuestion.negative, lists),
    tag: anywhere(source.recordingQuestion.tag, lists),
    negativeTag: anywhere(source.recordingQuestion.negativeTag, lists),
    yes: anywhere(source.yes, lists),
    no: anywhere(source.no, lists),
    noButFine: anywhere(source.noButFine, lists),
    saysYes: phraseSet(source.saysYes, lists),
    objection: phraseSet(source.objection, lists),
    bot: phraseSet(source.botDisclosure, lists),
    codeHint: new RegExp(source.securityCode.hint.join("|")),
    codeCue: anywhere(source.securityCode.cue, lists),
    codeUnless: anywhere(source.securityCode.unless, lists),
    codeDigitsUnless: anywhere(source.securityCode.digitsUnless, lists),
    birthHint: new RegExp(source.birth.hint.join("|")),
    birthCue: anywhere(source.birth.cue, lists),
    birthUnless: anywhere(source.birth.unless, lists),
    age: anywhere(source.birth.age, lists, number),
    ageUnless: anywhere(source.birth.ageUnless, lists),
    numbers,
    months: source.months,
    monthName: new RegExp(`\\b(?:${longestFirst(Object.keys(source.months))})\\b`),
  }
}

const sources: ReadonlyArray<LanguageSource> = [en, es, de]
const compiled = new Map<string, Language>()

/** Languages that have a phrase file, by primary subtag. */
export const phraseLanguages: ReadonlyArray<string> = sources.map((source) => source.language)

/** The phrases of a primary language subtag, compiled at first use; undefined without a file. */
export const languageNamed = (name: string): Language | undefined => {
  const known = compiled.get(name)
  if (known !== undefined) return known
  const source = sources.find((each) => each.language === name)
  if (source === undefined) return undefined
  const language = compileLanguage(source)
  compiled.set(name, language)
  return language
}
