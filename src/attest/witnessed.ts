import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { chainFolder, chainRoot, isCosignatureFile, readCheckpoint } from "./checkpoint.ts"
import { checkCosignatures } from "./cosignature.ts"
import type { Cosigned, Witness } from "./cosignature.ts"
import type { VerifyingKey } from "./keys.ts"
import { checkNote, parseNote } from "./note.ts"
import type { Note } from "./note.ts"
import type { Problem } from "./verification.ts"

/** A cosignature and how many statements it speaks of. */
export type WitnessedSize = Cosigned & { readonly size: number }

/** What the cosigned checkpoints of a chain show. */
export type WitnessCheck = { readonly problems: ReadonlyArray<Problem>; readonly notes: ReadonlyArray<string>; readonly witnessed: ReadonlyArray<WitnessedSize> }

/** What cosigned checkpoints are compared with, and whose signatures count. */
export type WitnessRequest = {
  /** The folder of report folders. */
  readonly out: string
  /** Digests of the statements, in the order of their numbers. */
  readonly digests: ReadonlyArray<string>
  readonly keys: ReadonlyArray<VerifyingKey>
  readonly witnesses: ReadonlyArray<Witness>
}

const isKept = (name: string): boolean => name.startsWith("checkpoint.") && !name.endsWith(".part")

const filesOf = (out: string): Promise<ReadonlyArray<string>> => readdir(join(out, chainFolder)).then((names) => names.sort(), () => [])

/**
 * The notes to check: `checkpoint` with the lines of every `*.cosignature` beside it (as witnesses answer, lines only),
 * and every `checkpoint.*`, which is a whole cosigned note, of today or of an earlier night.
 */
export const readNotes = async (out: string): Promise<{ readonly notes: ReadonlyArray<{ readonly file: string; readonly note: Note }>; readonly problems: ReadonlyArray<Problem> }> => {
  const names = await filesOf(out)
  const notes: Array<{ readonly file: string; readonly note: Note }> = []
  const problems: Array<Problem> = []
  const read = async (file: string, text: () => Promise<string>): Promise<void> => {
    try {
      notes.push({ file, note: parseNote(await text(), file) })
    } catch (error) {
      problems.push({ file, sentence: error instanceof AttestError ? error.message : `${file} cannot be read.` })
    }
  }
  const textOf = (name: string): Promise<string> => readFile(join(out, chainFolder, name), "utf8")
  if (names.includes("checkpoint")) {
    const standing = await textOf("checkpoint")
    await read(`${chainFolder}/checkpoint`, () => Promise.resolve(standing))
    // A standing checkpoint that is broken is named by whoever checks it alone.
    problems.length = 0
    const text = standing.slice(0, standing.lastIndexOf("\n\n") + 2)
    for (const name of names.filter(isCosignatureFile)) await read(`${chainFolder}/${name}`, async () => `${text}${await textOf(name)}`)
  }
  for (const name of names.filter(isKept)) await read(`${chainFolder}/${name}`, () => textOf(name))
  return { notes, problems }
}

const historyProblem = (size: number, root: string, digests: ReadonlyArray<string>, who: string): string | undefined => {
  if (size > digests.length) return `speaks of ${size} statements and was signed by ${who}, but only ${digests.length} are here: reports were removed.`
  return chainRoot(digests.slice(0, size)) === root ? undefined : `states another history of the first ${size} statements than the reports do, and was signed by ${who}: the chain forks or was rewritten.`
}

const unknownNote = (file: string): string => `${file} was not checked: neither a given key nor a given witness signed it.`

const checkOne = (file: string, note: Note, origin: string | undefined, { digests, keys, witnesses }: WitnessRequest): WitnessCheck => {
  const problem = (sentence: string): WitnessCheck => ({ problems: [{ file, sentence: `${file} ${sentence}` }], notes: [], witnessed: [] })
  const standing = file === `${chainFolder}/checkpoint`
  const checkpoint = readCheckpoint(note, file)
  const { cosigned, broken } = checkCosignatures(note, witnesses)
  if (broken.length > 0) return problem(`holds a cosignature of ${broken.join(", ")} that does not verify.`)
  const { signedBy } = checkNote(note, keys)
  if (signedBy.length === 0 && cosigned.length === 0) return { problems: [], notes: standing ? [] : [unknownNote(file)], witnessed: [] }
  if (origin !== undefined && checkpoint.origin !== origin) return problem(`is a checkpoint of another log (${checkpoint.origin}).`)
  const who = [...new Set([...cosigned.map(({ name }) => name), ...(signedBy.length === 0 ? [] : ["the pipeline"])])].join(" and ")
  const wrong = standing && cosigned.length === 0 ? undefined : historyProblem(checkpoint.size, checkpoint.root, digests, who)
  return wrong === undefined ? { problems: [], notes: [], witnessed: cosigned.map((one) => ({ ...one, size: checkpoint.size })) } : problem(wrong)
}

/** Checks every cosigned checkpoint in `<out>/chain/` against the reports: a witness that saw another history shows a fork. */
export const checkWitnesses = async (request: WitnessRequest): Promise<WitnessCheck> => {
  const { notes, problems } = await readNotes(request.out)
  const standing = notes.find(({ file }) => file === `${chainFolder}/checkpoint`)
  const origin = standing?.note.text.split("\n")[0]
  const checks = notes.map(({ file, note }): WitnessCheck => {
    try {
      return checkOne(file, note, origin, request)
    } catch (error) {
      return { problems: [{ file, sentence: error instanceof AttestError ? error.message : `${file} cannot be read.` }], notes: [], witnessed: [] }
    }
  })
  const witnessed = checks.flatMap((one) => one.witnessed).sort((left, right) => right.size - left.size || (left.at < right.at ? -1 : 1))
  const silent = request.witnesses.filter(({ key }) => !witnessed.some(({ keyid }) => keyid === key.keyid))
  return {
    problems: [...problems, ...checks.flatMap((one) => one.problems)],
    notes: [...checks.flatMap((one) => one.notes), ...silent.flatMap(({ name }) => (name === undefined ? [] : [`The witness ${name} has not cosigned this chain.`]))],
    witnessed,
  }
}
