/** A proxy in front of a real S3 server that does to requests what networks and servers do. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import type { AddressInfo, Socket } from "node:net"

/** What happens to a request; `pass`: nothing. */
export type Fault = "pass" | "throttle" | "reset" | "cut" | "slow" | "short" | "expired" | "kms" | "error"

export type FaultProxy = {
  readonly endpoint: string
  /** Decides for each request; `count` is how often this method and path came before, from 1. */
  decide: (method: string, path: string, count: number) => Fault
  /** Faults that were done, by name. */
  readonly done: Map<Fault, number>
  /** Connections that are open now. */
  readonly open: () => number
  readonly mostRequests: () => number
  readonly close: () => Promise<void>
}

const xml = (outgoing: ServerResponse, status: number, code: string): void => {
  outgoing.writeHead(status, { "content-type": "application/xml" })
  outgoing.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>said by the proxy</Message></Error>`)
}

/** Hands the body on as the fault wants it. */
const body = (fault: Fault, answer: IncomingMessage, outgoing: ServerResponse): void => {
  if (fault === "slow") {
    answer.on("data", (piece: Buffer) => {
      answer.pause()
      outgoing.write(piece.subarray(0, 1))
      setTimeout(() => { outgoing.write(piece.subarray(1)); answer.resume() }, 30)
    })
    answer.on("end", () => setTimeout(() => outgoing.end(), 60))
    return
  }
  if (fault !== "cut") return void answer.pipe(outgoing)
  answer.once("data", (piece: Buffer) => {
    outgoing.write(piece.subarray(0, Math.floor(piece.length / 2)), () => outgoing.destroy())
    answer.destroy()
  })
}

export const startFaultProxy = (target: string): Promise<FaultProxy> => new Promise((resolve) => {
  const { hostname, port } = new URL(target)
  const counts = new Map<string, number>()
  const done = new Map<Fault, number>()
  const sockets = new Set<Socket>()
  let [now, most] = [0, 0]
  const server: Server = createServer((incoming, outgoing) => {
    const [method, url] = [incoming.method ?? "", incoming.url ?? ""]
    const path = url.split("?")[0] ?? ""
    const count = (counts.get(`${method} ${path}`) ?? 0) + 1
    counts.set(`${method} ${path}`, count)
    most = Math.max(most, ++now)
    outgoing.once("close", () => { now-- })
    const fault = proxy.decide(method, url, count)
    if (fault !== "pass") done.set(fault, (done.get(fault) ?? 0) + 1)
    switch (fault) {
      case "reset": return void incoming.socket.destroy()
      case "throttle": return xml(outgoing, 503, "SlowDown")
      case "error": return xml(outgoing, 500, "InternalError")
      case "expired": return xml(outgoing, 403, "ExpiredToken")
      case "kms": return xml(outgoing, 403, "AccessDenied")
      default:
    }
    const onward = request({ host: hostname, port, method, path: url, headers: incoming.headers, agent: false }, (answer) => {
      const { "content-length": length, ...headers } = answer.headers
      // A length that is too small hides the end of the body.
      const stated = fault === "short" && Number(length) > 1 ? `${Math.floor(Number(length) / 2)}` : length
      outgoing.writeHead(answer.statusCode ?? 500, { ...headers, ...(stated === undefined ? {} : { "content-length": stated }) })
      if (fault === "short") {
        answer.once("data", (piece: Buffer) => outgoing.end(piece.subarray(0, Math.floor(Number(length) / 2))))
        answer.resume()
      } else body(fault, answer, outgoing)
    })
    onward.on("error", () => outgoing.destroy())
    incoming.pipe(onward)
  })
  server.on("connection", (socket) => {
    sockets.add(socket)
    socket.once("close", () => sockets.delete(socket))
  })
  const proxy: FaultProxy = {
    get endpoint() { return `http://127.0.0.1:${(server.address() as AddressInfo).port}` },
    decide: () => "pass", done, open: () => sockets.size, mostRequests: () => most,
    close: () => new Promise((closed) => {
      server.closeAllConnections()
      server.close(() => closed())
    })
  }
  server.listen(0, "127.0.0.1", () => resolve(proxy))
})
