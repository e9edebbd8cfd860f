import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { onTestFinished } from "vitest"
import type { ListedObject, QuarantineEntry, ReadingOptions, ReadingResult } from "../../src/sources/index.ts"
import { readSources } from "../../src/sources/index.ts"

/** A pipeline folder with these files, removed when the test ends. */
export const folderWith = (files: Readonly<Record<string, string | Buffer>>): string => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-sources-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "in", name)), { recursive: true })
    writeFileSync(join(folder, "in", name), content)
  }
  return folder
}

export type StagedRow = Readonly<Record<string, unknown>> & { readonly _o: number; readonly _l: number }

export type Read = ReadingResult & {
  /** Every object that is there now, sorted by source (as in the pipeline), uri, version. */
  readonly listed: ReadonlyArray<ListedObject>
  /** Of these, the ones that were known and not read. */
  readonly known: ReadonlyArray<ListedObject>
  readonly quarantine: ReadonlyArray<QuarantineEntry>
  readonly rows: Readonly<Record<string, ReadonlyArray<StagedRow>>>
}

const lines = (path: string): ReadonlyArray<string> => readFileSync(path, "utf8").split("\n").slice(0, -1)

const place = (row: StagedRow): string => `${String(row._o).padStart(9, "0")} ${String(row._l).padStart(9, "0")} ${JSON.stringify(row)}`

/** Reads the sources and gives staged rows by kind, in the order of their places. */
export const readAll = async (folder: string, options: Partial<ReadingOptions> = {}): Promise<Read> => {
  const shown: Array<{ readonly object: ListedObject; readonly known: boolean }> = []
  const result = await readSources({ sources: [{ id: "s", uri: "in/" }], baseFolder: folder, stageDir: join(folder, "stage"), threads: 1, onListed: (object, known) => shown.push({ object, known }), ...options })
  const ids = result.sources.map(({ id }) => id)
  const placeOf = ({ source, uri, versionId = "" }: ListedObject): string => `${String(ids.indexOf(source)).padStart(4, "0")} ${uri}\0${versionId}`
  shown.sort((left, right) => placeOf(left.object) < placeOf(right.object) ? -1 : 1)
  const rows: Record<string, Array<StagedRow>> = {}
  for (const file of result.files) (rows[file.kind] ??= []).push(...lines(file.path).map((line) => JSON.parse(line) as StagedRow))
  for (const kind of Object.values(rows)) kind.sort((left, right) => place(left) < place(right) ? -1 : 1)
  return { ...result, listed: shown.map(({ object }) => object), known: shown.filter(({ known }) => known).map(({ object }) => object), rows, quarantine: lines(result.quarantineFile).map((line) => JSON.parse(line) as QuarantineEntry) }
}

/** read = produced by records that fit + ignored + rejected, for sources whose records are canonical. */
export const addsUp = (result: ReadingResult): boolean => result.objects.every((object) => {
  const sum = (counts: object): number => Object.values(counts).reduce((total: number, count: number) => total + count, 0)
  return object.read === sum(object.produced) + sum(object.ignored) + object.rejected
})

/** A hold: the shortest record. */
export const hold = (id: string, more: object = {}): string =>
  JSON.stringify({ kind: "hold", id, from: "2026-01-01T00:00:00Z", createdAt: "2026-01-01T00:00:00Z", ...more })
