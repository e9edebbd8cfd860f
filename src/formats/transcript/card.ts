/**
 * Payment card numbers in digit runs: issuer range, length and check digit (ISO/IEC 7812-1 Annex B,
 * the Luhn formula). Ranges are those that the card brands publish.
 */
import type { Segment, TurnNumbers } from "./numbers.ts"

/** Words that may stand between two pieces of one card number. */
const wordsBetweenMax = 4
/** Turns of other people that may stand between two pieces of one card number. */
const turnsBetweenMax = 2

/** From and to of a prefix, and the lengths that its issuer uses; the first length is the usual one. */
const issuers: ReadonlyArray<readonly [from: number, to: number, lengths: ReadonlyArray<number>]> = [
  [4, 4, [16, 13, 19]],
  [51, 55, [16]],
  [2221, 2720, [16]],
  [34, 34, [15]],
  [37, 37, [15]],
  [6011, 6011, [16, 17, 18, 19]],
  [644, 649, [16, 17, 18, 19]],
  [65, 65, [16, 17, 18, 19]],
  [3528, 3589, [16, 17, 18, 19]],
  [300, 305, [14, 16, 19]],
  [3095, 3095, [14, 16, 19]],
  [36, 36, [14, 16, 19]],
  [38, 39, [14, 16, 19]],
  [62, 62, [16, 17, 18, 19]],
  [2200, 2204, [16, 17, 18, 19]],
  [60, 60, [16]],
  [81, 82, [16]],
  [508, 508, [16]],
  [5018, 5018, [16, 13, 14, 15, 17, 18, 19]],
  [5020, 5020, [16, 13, 14, 15, 17, 18, 19]],
  [5038, 5038, [16, 13, 14, 15, 17, 18, 19]],
  [5893, 5893, [16, 13, 14, 15, 17, 18, 19]],
  [6304, 6304, [16, 13, 14, 15, 17, 18, 19]],
  [6759, 6763, [16, 13, 14, 15, 17, 18, 19]]
]

/** Does the check digit fit? */
export const luhn = (digits: string): boolean => {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 0 ? digit : digit * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

const noLengths: ReadonlyArray<number> = []

/** Lengths that the issuer of this prefix uses, the usual one first; none for a prefix of no issuer. */
const lengthsOf = (digits: string): ReadonlyArray<number> => {
  for (const [from, to, lengths] of issuers) {
    const prefix = Number(digits.slice(0, from < 10 ? 1 : from < 100 ? 2 : from < 1000 ? 3 : 4))
    if (prefix >= from && prefix <= to) return lengths
  }
  return noLengths
}

/** Is this a card number: an issuer's prefix and length, the check digit, not one digit throughout? */
export const isCardNumber = (digits: string): boolean =>
  lengthsOf(digits).includes(digits.length) && !/^(\d)\1+$/.test(digits) && luhn(digits)

type Piece = { readonly digits: string; readonly turn: number; readonly opens: boolean; readonly closes: boolean }

/** Where a card number was said: first and last turn. */
export type CardPlace = { readonly from: number; readonly to: number }

const piecesOf = (segment: Segment, turn: number): ReadonlyArray<Piece> =>
  segment.groups.map((digits, index) => ({
    digits,
    turn,
    opens: index === 0 || digits.length > 1,
    closes: index === segment.groups.length - 1 || digits.length > 1
  }))

/** Card numbers in one run of pieces; a number begins and ends where a piece does. */
const cardsIn = (pieces: ReadonlyArray<Piece>): ReadonlyArray<CardPlace> => {
  const cards: Array<CardPlace> = []
  if (pieces.reduce((sum, piece) => sum + piece.digits.length, 0) < 13) return cards
  for (let from = 0; from < pieces.length; from++) {
    const first = pieces[from]
    if (first === undefined || !first.opens) continue
    let digits = ""
    for (let to = from; to < pieces.length && digits.length < 19; to++) {
      const last = pieces[to]
      if (last === undefined) break
      digits += last.digits
      if (digits.length < 13 || digits.length > 19) continue
      // Expiry or code may follow the number without a pause, digit by digit.
      if (!(last.closes || lengthsOf(digits)[0] === digits.length) || !isCardNumber(digits)) continue
      cards.push({ from: first.turn, to: last.turn })
      from = to
      break
    }
  }
  return cards
}

/** Numbers of a turn and who speaks; undefined numbers: the turn has none. */
export type SpokenNumbers = { readonly partyId: string; readonly turn: number; readonly numbers: TurnNumbers }

/** Card numbers said by one person, in one turn or spread over several. `spoken` is in order of turns. */
export const cardPlaces = (spoken: ReadonlyArray<SpokenNumbers>): ReadonlyArray<CardPlace> => {
  const places: Array<CardPlace> = []
  let run: Array<Piece> = []
  let last: SpokenNumbers | undefined
  const finish = (): void => {
    places.push(...cardsIn(run))
    run = []
  }
  for (const each of spoken) {
    const far = last === undefined || each.turn - last.turn > turnsBetweenMax + 1 || last.numbers.barrierAfter || last.numbers.wordsAfter > wordsBetweenMax
    each.numbers.segments.forEach((segment, index) => {
      if (segment.barrierBefore || segment.wordsBefore > wordsBetweenMax || (index === 0 && far)) finish()
      run.push(...piecesOf(segment, each.turn))
    })
    last = each
  }
  finish()
  return places
}
