import { createReadStream, existsSync, readFileSync } from "node:fs"
import { basename, dirname, join } from "node:path"
import type { Readable } from "node:stream"
import { createGunzip } from "node:zlib"
import type { GateObject } from "./decide.ts"
import { GateError } from "./GateError.ts"
import { readNdjson } from "./ndjson.ts"

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined)

/** Storage quotes entity tags; the quotes are no part of them. */
const bareTag = (etag: string): string => etag.replace(/^(?:W\/)?"(.*)"$/, "$1")

/** An object as NDJSON states it; undefined where it names no object. */
export const gateObjectOf = (value: unknown): GateObject | undefined => {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined
  const fields = value as Readonly<Record<string, unknown>>
  const uri = textOf(fields["uri"])
  // A version that is written in another way than as text must not pass for an object without one.
  if (uri === undefined || ["versionId", "sha256", "etag"].some((name) => !["string", "undefined"].includes(typeof (fields[name] ?? undefined)))) return undefined
  const [versionId, sha256, etag] = [textOf(fields["versionId"]), textOf(fields["sha256"]), textOf(fields["etag"])]
  return { uri, ...(versionId === undefined ? {} : { versionId }), ...(sha256 === undefined ? {} : { sha256 }), ...(etag === undefined ? {} : { etag: bareTag(etag) }) }
}

/**
 * Objects of an NDJSON file or stream: `{uri, versionId, sha256 or etag}` a line.
 * @throws GateError at the first line that names no object, so that a broken list gets no answer at all.
 */
export async function* readObjects(from: string | Readable): AsyncGenerator<GateObject> {
  if (typeof from === "string" && !existsSync(from)) throw new GateError("usage", `${from} does not exist; give the file of objects, or - for stdin.`)
  for await (const { number, value } of readNdjson(from)) {
    const object = gateObjectOf(value)
    if (object === undefined) throw new GateError("usage", `Line ${number} of the objects does not name an object; give {"uri", "versionId", "sha256" or "etag"} a line.`)
    yield object
  }
}

/** Fields of one CSV row; quotes are doubled inside quotes. */
const csvFields = (row: string): ReadonlyArray<string> => [...row.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => match[1]?.replaceAll('""', '"') ?? match[2] ?? "")

type Manifest = { readonly sourceBucket?: string; readonly fileFormat?: string; readonly fileSchema?: string; readonly files?: ReadonlyArray<{ readonly key?: string }> }

/**
 * Objects of an S3 inventory in CSV, from its manifest.json; the data files lie beside it or in `data/`. Delete markers
 * are passed over. Keys are URL-encoded in an inventory.
 * @throws GateError where the manifest is not one of a CSV inventory.
 */
export async function* readInventory(manifestFile: string): AsyncGenerator<GateObject> {
  let manifest: Manifest
  try {
    manifest = JSON.parse(readFileSync(manifestFile, "utf8")) as Manifest
  } catch {
    throw new GateError("usage", `${manifestFile} is not the manifest of an S3 inventory; give its manifest.json.`)
  }
  const columns = (manifest.fileSchema ?? "").split(",").map((name) => name.trim())
  const [key, version, etag, marker] = ["Key", "VersionId", "ETag", "IsDeleteMarker"].map((name) => columns.indexOf(name)) as [number, number, number, number]
  if (manifest.fileFormat !== "CSV" || key < 0 || manifest.sourceBucket === undefined) throw new GateError("usage", `${manifestFile} is not the manifest of a CSV inventory with keys; set the inventory's format to CSV.`)
  for (const file of manifest.files ?? []) {
    for await (const row of inventoryRows(manifestFile, basename(file.key ?? ""))) {
      const fields = csvFields(row)
      if (marker >= 0 && fields[marker] === "true") continue
      const [versionId, tag] = [textOf(fields[version]), textOf(fields[etag])]
      yield { uri: `s3://${manifest.sourceBucket}/${decodeURIComponent((fields[key] ?? "").replaceAll("+", " "))}`, ...(versionId === undefined ? {} : { versionId }), ...(tag === undefined ? {} : { etag: bareTag(tag) }) }
    }
  }
}

async function* inventoryRows(manifestFile: string, name: string): AsyncGenerator<string> {
  const { createInterface } = await import("node:readline")
  const beside = [join(dirname(manifestFile), name), join(dirname(manifestFile), "data", name), join(dirname(manifestFile), "..", "data", name)].find((path) => existsSync(path))
  if (beside === undefined) throw new GateError("usage", `The inventory names ${name}, which does not lie beside ${manifestFile}; fetch its data files too.`)
  const file = createReadStream(beside)
  const body = name.endsWith(".gz") ? file.pipe(createGunzip()) : file
  if (body !== file) file.once("error", (error) => body.destroy(error))
  for await (const row of createInterface({ input: body, crlfDelay: Infinity })) if (row !== "") yield row
}
