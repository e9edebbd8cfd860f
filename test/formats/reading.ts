import { readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import type { Format, FormatInput, Produced } from "../../src/formats/format.ts"
import { validateRecord } from "../../src/records/index.ts"

/** Folder of the fixtures of all formats. */
export const fixtures = join(import.meta.dirname, "fixtures")

/** An input over bytes, as the border hands it to an adapter. */
export const inputOf = (bytes: Uint8Array, uri: string, options: Readonly<Record<string, unknown>> = {}, baseFolder = fixtures): FormatInput => ({
  sourceId: "source-1",
  uri,
  versionId: undefined,
  options,
  baseFolder,
  async *bytes() {
    yield bytes
  },
  async *lines() {
    let line = 0
    for (const text of new TextDecoder().decode(bytes).split(/\r?\n/)) {
      line += 1
      if (text.trim() !== "") yield { line, text }
    }
  },
  whole: async () => bytes
})

/** What an adapter makes of an object, sorted out. */
export type Made = {
  readonly all: ReadonlyArray<Produced>
  readonly records: ReadonlyArray<Readonly<Record<string, unknown>>>
  readonly notes: ReadonlyArray<string>
  readonly ignored: ReadonlyArray<string>
  readonly rejected: ReadonlyArray<string>
  /** Records that the border would refuse. */
  readonly unfit: ReadonlyArray<unknown>
}

export const made = async (format: Format, input: FormatInput): Promise<Made> => {
  const all: Array<Produced> = []
  for await (const each of format.read(input)) all.push(each)
  const records = all.flatMap((each) => (each.type === "records" ? each.records : [])) as ReadonlyArray<Readonly<Record<string, unknown>>>
  return {
    all,
    records,
    notes: all.flatMap((each) => (each.type === "note" ? [each.sentence] : [])),
    ignored: all.flatMap((each) => (each.type === "ignored" ? [each.reason] : [])),
    rejected: all.flatMap((each) => (each.type === "rejected" ? [`${each.pointer ?? ""} ${each.sentence}`] : [])),
    unfit: records.flatMap((record) => {
      const checked = validateRecord(record)
      return "rejection" in checked ? [checked.rejection] : []
    })
  }
}

/** What an adapter makes of a fixture file. */
export const madeOf = (format: Format, fixture: string, options: Readonly<Record<string, unknown>> = {}): Promise<Made> => {
  const path = join(fixtures, fixture)
  return made(format, inputOf(readFileSync(path), `file://${path}`, options, dirname(path)))
}

/** What an adapter makes of a text. */
export const madeOfText = (format: Format, text: string, options: Readonly<Record<string, unknown>> = {}, uri = "file:///object"): Promise<Made> =>
  made(format, inputOf(new TextEncoder().encode(text), uri, options))

/** Records of one kind. */
export const ofKind = (result: Made, kind: string): ReadonlyArray<Readonly<Record<string, unknown>>> => result.records.filter((record) => record["kind"] === kind)
