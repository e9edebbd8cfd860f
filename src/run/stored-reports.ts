/** Reports that lie in S3, for what reads them: a copy on this machine while the work lasts. */
import { createWriteStream } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { basename, join } from "node:path"
import { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"
import { chainFolder, statementFile } from "../attest/index.ts"
import { type Gate, type GateAnswer, gate, GateError, gateLogFile, type GateRequest, readNdjson } from "../gate/index.ts"
import { S3Folder, type S3Settings, StoreFailure } from "../sources/index.ts"
import { fetchChain, fetchReport } from "./publish.ts"

/** Where S3 is, by the environment alone, for verbs that read no pipeline file. */
export const s3FromEnvironment = (environment: Readonly<Record<string, string | undefined>>): S3Settings => {
  const stated = (name: string): string | undefined => environment[name] === "" ? undefined : environment[name]
  const [endpoint, region, pathStyle] = [stated("EARSHOT_S3_ENDPOINT"), stated("EARSHOT_S3_REGION"), stated("EARSHOT_S3_FORCE_PATH_STYLE")]
  return {
    ...(endpoint === undefined ? {} : { endpoint }), ...(region === undefined ? {} : { region }),
    ...(pathStyle === undefined ? {} : { forcePathStyle: /^(?:true|1|yes)$/i.test(pathStyle) })
  }
}

const withFolder = async <A>(uri: string, s3: S3Settings, work: (stored: S3Folder, copy: string) => Promise<A>): Promise<A> => {
  const copy = await mkdtemp(join(tmpdir(), "earshot-stored-"))
  const stored = new S3Folder(uri, s3)
  try {
    return await work(stored, copy)
  } finally {
    stored.close()
    await rm(copy, { recursive: true, force: true })
  }
}

const nameOf = (uri: string): string => basename(uri.replace(/\/+$/, ""))

/** Works on a copy of a report, removed afterwards. Fails with StoreFailure where there is none. */
export const withStoredReport = <A>(uri: string, s3: S3Settings, work: (folder: string) => Promise<A>): Promise<A> =>
  withFolder(uri, s3, async (stored, copy) => {
    const folder = join(copy, nameOf(uri))
    await fetchReport(stored, folder)
    return work(folder)
  })

/** Works on a copy of what the chain of a prefix is verified by, removed afterwards. */
export const withStoredChain = <A>(uri: string, s3: S3Settings, work: (folder: string) => Promise<A>): Promise<A> =>
  withFolder(uri.replace(/\/chain\/?$/, ""), s3, async (stored, copy) => {
    await fetchChain(stored, copy)
    return work(copy)
  })

/** The newest report under a prefix. */
export const newestStored = (out: string, s3: S3Settings): Promise<string> =>
  withFolder(out, s3, async (stored) => {
    const names = new Set((await stored.list()).map(({ name }) => name))
    // What a run that died had begun to put has no statement.
    const newest = [...names].findLast((name) => /^\d{4}-\d\d-\d\dT[^/]*\/findings\.ndjson$/.test(name) && names.has(name.replace("findings.ndjson", statementFile)))
    if (newest === undefined) throw new StoreFailure("missing", `There is no report under "${out}"; name the report.`)
    return `${stored.uri}${newest.slice(0, newest.indexOf("/"))}`
  })

async function* spooled(file: string): AsyncGenerator<GateAnswer> {
  for await (const { value } of readNdjson(file)) yield value as GateAnswer
}

const logged = async (stored: S3Folder, file: string, replaces: string | undefined): Promise<void> => {
  try {
    await stored.put(`${chainFolder}/${gateLogFile}`, { path: file }, replaces === undefined ? {} : { replaces })
  } catch (failure) {
    if (!(failure instanceof StoreFailure)) throw failure
    throw new GateError("log", failure.reason === "taken" ? "Another gate has written the log of answers meanwhile; nothing was answered: ask again." : `The log of answers cannot be written, so nothing was answered. ${failure.message}`)
  }
}

/** Decides, logs in S3, then answers: no answer is given that is not logged. */
async function* answeredFrom(uri: string, s3: S3Settings, request: Omit<GateRequest, "report" | "outDir">, opened: (trust: Omit<Gate, "answers">) => void): AsyncGenerator<GateAnswer> {
  const copy = await mkdtemp(join(tmpdir(), "earshot-stored-"))
  const report = new S3Folder(uri, s3)
  const chain = new S3Folder(uri.replace(/\/+$/, "").replace(/\/[^/]*$/, ""), s3)
  try {
    const folder = join(copy, nameOf(uri))
    await fetchReport(report, folder)
    const before = (await chain.list(`${chainFolder}/`)).find(({ name }) => name === `${chainFolder}/${gateLogFile}`)
    const log = join(copy, chainFolder, gateLogFile)
    if (before !== undefined) await chain.fetch(before, log)
    const { answers, ...trust } = await gate({ ...request, report: folder, outDir: join(copy, chainFolder) })
    opened(trust)
    const answersFile = join(copy, "answers.ndjson")
    await pipeline(Readable.from(lines(answers)), createWriteStream(answersFile, { mode: 0o600 }))
    await logged(chain, log, before?.etag)
    yield* spooled(answersFile)
  } finally {
    report.close()
    chain.close()
    await rm(copy, { recursive: true, force: true })
  }
}

async function* lines(answers: AsyncIterable<GateAnswer>): AsyncGenerator<string> {
  for await (const answer of answers) yield `${JSON.stringify(answer)}\n`
}

/** The gate on a report in S3; its log of answers lies in the chain folder of the same prefix. Read `answers` to the end, or end them. */
export const storedGate = async (uri: string, s3: S3Settings, request: Omit<GateRequest, "report" | "outDir">): Promise<Gate> => {
  const state: { trust?: Omit<Gate, "answers"> } = {}
  const answers = answeredFrom(uri, s3, request, (trust) => { state.trust = trust })
  const first = await answers.next()
  if (state.trust === undefined) throw new GateError("log", `"${uri}" could not be examined.`)
  return { ...state.trust, answers: continued(first, answers) }
}

async function* continued(first: IteratorResult<GateAnswer>, rest: AsyncGenerator<GateAnswer>): AsyncGenerator<GateAnswer> {
  try {
    if (first.done === true) return
    yield first.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
