/**
 * Lists millions of synthetic keys that were all read before, as an unchanged night does, and prints seconds and peak memory:
 * node --disable-warning=ExperimentalWarning test/bench/listing.ts --keys 2000000
 * The keys are served by a process of its own that speaks S3's listing; only the listing side is measured.
 */
import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseArgs } from "node:util"
import { fingerprintOf, readingOf } from "../../src/sources/fingerprint.ts"
import { FingerprintSet, readSources } from "../../src/sources/index.ts"

const pageKeys = 1000
const folders = 100
const { values } = parseArgs({ options: { keys: { type: "string", default: "2000000" }, serve: { type: "boolean", default: false } } })
const perFolder = Math.ceil(Number(values.keys) / folders)

const folderName = (folder: number): string => `calls/day-${String(folder).padStart(3, "0")}/`
const etagOf = (folder: number, number: number): string => `"${(folder * 10_000_000 + number).toString(16).padStart(32, "0")}"`
const nameOf = (folder: number, number: number): string => `${folderName(folder)}${String(number).padStart(9, "0")}.json`

const content = (folder: number, number: number): string =>
  `<Contents><Key>${nameOf(folder, number)}</Key><LastModified>2026-06-01T00:00:00.000Z</LastModified><ETag>${etagOf(folder, number).replaceAll('"', "&quot;")}</ETag><Size>1000</Size><StorageClass>STANDARD</StorageClass></Contents>`

/** A page of ListObjectsV2: the folders, or a thousand keys of one, or the beginning of all. */
const page = (query: URLSearchParams): string => {
  const prefix = query.get("prefix") ?? ""
  const from = Number(query.get("continuation-token") ?? 0)
  const folder = /day-(\d+)/.exec(prefix)?.[1]
  const wrapped = (inside: string, next?: number): string =>
    `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name><Prefix>${prefix}</Prefix><EncodingType>url</EncodingType><IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? "" : `<NextContinuationToken>${next}</NextContinuationToken>`}${inside}</ListBucketResult>`
  if (query.get("delimiter") === "/" && folder === undefined) return wrapped(Array.from({ length: folders }, (_, index) => `<CommonPrefixes><Prefix>${folderName(index)}</Prefix></CommonPrefixes>`).join(""))
  const end = Math.min(perFolder, from + pageKeys)
  const last = folder !== undefined && end === perFolder
  return wrapped(Array.from({ length: end - from }, (_, index) => content(Number(folder ?? 0), from + index)).join(""), last ? undefined : end)
}

const serve = (): void => {
  const server = createServer((incoming, outgoing) => {
    outgoing.writeHead(200, { "content-type": "application/xml" })
    outgoing.end(page(new URL(incoming.url ?? "/", "http://listing").searchParams))
  }).listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port))
}

function* known(reading: string): Generator<string> {
  for (let folder = 0; folder < folders; folder++) {
    for (let number = 0; number < perFolder; number++) yield fingerprintOf(reading, { uri: `s3://b/${nameOf(folder, number)}`, etag: etagOf(folder, number), bytes: 1000 })
  }
}

const measure = async (): Promise<void> => {
  process.env["AWS_ACCESS_KEY_ID"] ??= "test"
  process.env["AWS_SECRET_ACCESS_KEY"] ??= "test"
  const server = fork(fileURLToPath(import.meta.url), ["--serve", "--keys", values.keys], { stdio: ["ignore", "inherit", "inherit", "ipc"] })
  const [port] = await once(server, "message") as [number]
  const stageDir = mkdtempSync(join(tmpdir(), "earshot-listing-"))
  const megabytes = (kilobytes: number): number => Math.round(kilobytes / 1024)
  try {
    const spec = { id: "s", uri: "s3://b/calls/" }
    const set = new FingerprintSet(known(readingOf(spec)), perFolder * folders)
    const before = megabytes(process.resourceUsage().maxRSS)
    const started = performance.now()
    const result = await readSources({
      sources: [spec], baseFolder: stageDir, stageDir, threads: 1, s3: { endpoint: `http://127.0.0.1:${port}`, region: "us-east-1", forcePathStyle: true },
      known: set, onListed: ({ fingerprint }) => set.note(fingerprint, false)
    })
    const seconds = (performance.now() - started) / 1000
    const listed = result.sources[0]?.objects ?? 0
    process.stdout.write(`${listed} keys listed and compared in ${seconds.toFixed(1)} s (${Math.round(listed / seconds)} a second), ${result.objects.length} to read; peak memory ${megabytes(process.resourceUsage().maxRSS)} MB, of which ${before} MB before the listing\n`)
  } finally {
    server.kill()
    rmSync(stageDir, { recursive: true, force: true })
  }
}

if (values.serve) serve()
else await measure()
