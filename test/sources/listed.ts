/** A server that speaks S3's listing over keys given to it: in the order of their bytes, a few a page, after a while. */
import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"

const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right))

const content = (key: string): string => `<Contents><Key>${encodeURIComponent(key)}</Key><ETag>&quot;1&quot;</ETag><Size>1</Size></Contents>`

/** How the server behaves. */
export type Manners = { readonly pageKeys: number; readonly delayMs?: number; readonly knowsStartAfter?: boolean }

/** Serves keys; what it was asked and how many listings waited at once can be read. */
export class ListedKeys {
  readonly #keys: ReadonlyArray<string>
  readonly #manners: Manners
  readonly #server: Server
  requests = 0
  atOnce = 0
  #open = 0

  constructor(keys: Iterable<string>, manners: Manners) {
    this.#keys = [...new Set(keys)].sort(byBytes)
    this.#manners = manners
    this.#server = createServer((incoming, outgoing) => {
      this.requests++
      this.atOnce = Math.max(this.atOnce, ++this.#open)
      setTimeout(() => {
        this.#open--
        outgoing.writeHead(200, { "content-type": "application/xml" })
        outgoing.end(this.#page(new URL(incoming.url ?? "/", "http://listing").searchParams))
      }, manners.delayMs ?? 0)
    })
  }

  get keys(): ReadonlyArray<string> {
    return this.#keys
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => { this.#server.listen(0, "127.0.0.1", resolve) })
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }

  #firstAfter(after: string): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (byBytes(this.#keys[middle] ?? "", after) > 0) high = middle
      else low = middle + 1
    }
    return low
  }

  #page(query: URLSearchParams): string {
    const prefix = query.get("prefix") ?? ""
    const token = query.get("continuation-token")
    const startAfter = this.#manners.knowsStartAfter === false ? null : query.get("start-after")
    const most = Math.min(Number(query.get("max-keys") ?? 1000), this.#manners.pageKeys)
    const folders = new Set<string>()
    const keys: Array<string> = []
    let at = token === null ? this.#firstAfter(startAfter ?? "") : Number(token)
    for (; at < this.#keys.length && keys.length + folders.size < most; at++) {
      const key = this.#keys[at] ?? ""
      if (!key.startsWith(prefix)) continue
      const slash = query.get("delimiter") === "/" ? key.indexOf("/", prefix.length) : -1
      if (slash === -1) keys.push(key)
      else folders.add(key.slice(0, slash + 1))
    }
    const more = this.#keys.slice(at).some((key) => key.startsWith(prefix))
    return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${more ? `<NextContinuationToken>${at}</NextContinuationToken>` : ""}${keys.map(content).join("")}${[...folders].map((folder) => `<CommonPrefixes><Prefix>${encodeURIComponent(folder)}</Prefix></CommonPrefixes>`).join("")}</ListBucketResult>`
  }
}
