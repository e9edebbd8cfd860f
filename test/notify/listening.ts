/** Real servers on this machine, for what is sent when a run ends. */
import { createServer, type IncomingHttpHeaders } from "node:http"
import type { AddressInfo } from "node:net"

/** A request as it arrived. */
export type Heard = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string }

/** An HTTP server that answers with the given codes in turn, then with the last for ever; 0: it never answers. */
export const listening = async (...codes: ReadonlyArray<number>): Promise<{ readonly url: string; readonly heard: ReadonlyArray<Heard>; readonly close: () => Promise<void> }> => {
  const heard: Array<Heard> = []
  const server = createServer((request, response) => {
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => { pieces.push(piece) })
    request.on("end", () => {
      heard.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: Buffer.concat(pieces).toString("utf8") })
      const code = codes[Math.min(heard.length, codes.length) - 1] ?? 200
      if (code !== 0) response.writeHead(code, { "content-type": "application/json" }).end("{}")
    })
  })
  await new Promise<void>((resolve) => { server.listen(0, "127.0.0.1", resolve) })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, heard,
    close: () => new Promise((resolve) => { server.closeAllConnections(); server.close(() => { resolve() }) })
  }
}
