import { readFile } from "node:fs/promises"
import { basename, join } from "node:path"
import { AttestError } from "./AttestError.ts"
import { disclosureType, recordsOf } from "./disclosure.ts"
import type { Disclosure } from "./disclosure.ts"
import { checkSignatures, envelopeJson, parseEnvelope } from "./dsse.ts"
import type { Envelope } from "./dsse.ts"
import type { VerifyingKey } from "./keys.ts"
import { headOf, leafOf, readTree, treeFile } from "./leaves.ts"
import type { Leaf } from "./leaves.ts"
import type { OpenedPseudonym } from "./pseudonym.ts"
import { openRecord } from "./recordDigest.ts"
import { coreFile } from "./reportFolder.ts"
import { headsOf, readStatement } from "./statement.ts"
import type { Statement } from "./statement.ts"

/** What to disclose of which report. */
export type DiscloseRequest = {
  readonly folder: string
  /** A finding by its id, or the outcomes of a recording by its id as the report writes it. */
  readonly of: { readonly finding: string } | { readonly recording: string }
  /** Whom pseudonyms of the document mean; those that the document does not hold are left out. */
  readonly identities?: ReadonlyArray<OpenedPseudonym> | undefined
  /** Keys of which one must have signed the core; without keys only that it is signed is asked for. */
  readonly keys?: ReadonlyArray<VerifyingKey> | undefined
  /** Opens the digests of the finding's evidence to the reader; the key itself is not given away. */
  readonly idKey?: Uint8Array | undefined
  /** Where outcomes.ndjson lies when it is not in the report folder. */
  readonly outcomes?: string | undefined
}

const openCore = async (folder: string, keys: ReadonlyArray<VerifyingKey> | undefined): Promise<{ readonly envelope: Envelope; readonly core: Statement }> => {
  const bytes = await readFile(join(folder, coreFile)).catch(() => {
    throw new AttestError("notFound", `${folder} holds no ${coreFile}: give the folder of a report.`)
  })
  const envelope = parseEnvelope(bytes, coreFile)
  if (envelope.signatures.length === 0) throw new AttestError("unsigned", "The report is UNSIGNED, so nothing of it can be proved.")
  if (keys !== undefined && !checkSignatures(envelope, keys).some(({ state }) => state === "verified")) throw new AttestError("proof", `${coreFile} was not signed by a given key.`)
  return { envelope, core: readStatement(envelope, coreFile) }
}

/** The tree's file and what singles the wanted line out. */
const target = async ({ folder, of, outcomes }: DiscloseRequest): Promise<{ readonly tree: "findings" | "outcomes"; readonly path: string; readonly member: string; readonly id: string }> => {
  if ("finding" in of) return { tree: "findings", path: join(folder, "findings.ndjson"), member: "id", id: of.finding }
  const file = await treeFile(folder, "outcomes")
  const path = outcomes ?? (file === undefined ? undefined : join(folder, file))
  if (path === undefined) throw new AttestError("notFound", "The report has no outcomes.ndjson, so the outcomes of a recording cannot be proved.")
  return { tree: "outcomes", path, member: "recordingId", id: of.recording }
}

/**
 * Makes a disclosure: one finding, or the outcomes of one recording, with its salted Merkle proof and the signed core.
 * Fails where the report is unsigned (`unsigned`), its lines do not lead to the signed root (`proof`), or the wanted
 * one is not there (`notFound`).
 */
export const disclose = async (request: DiscloseRequest): Promise<Disclosure> => {
  const { envelope, core } = await openCore(request.folder, request.keys)
  const { tree, path, member, id } = await target(request)
  let found: { readonly leaf: Leaf; readonly index: number } | undefined
  const read = await readTree(path, tree, path, (line, index) => {
    if (line[member] === id) found ??= { leaf: leafOf(tree, line, `${path} line ${index + 1}`), index }
  }).catch((error: unknown) => {
    throw error instanceof AttestError ? error : new AttestError("notFound", `${path} cannot be read.`)
  })
  if (found === undefined) throw new AttestError("notFound", `The report holds no ${tree === "findings" ? "finding" : "outcomes of a recording"} with this id: look it up in ${basename(path)}.`)
  const head = headOf(read.tree)
  const signed = headsOf(core)[tree]
  if (signed?.root !== head.root || signed.size !== head.size) throw new AttestError("proof", `${path} does not lead to the Merkle root that was signed: verify the report.`)
  const { leaf, index } = found
  const text = JSON.stringify(leaf.document)
  const identities = request.identities?.filter(({ pseudonym }) => text.includes(pseudonym))
  const { idKey } = request
  const opened = new Map(idKey === undefined ? [] : recordsOf(leaf.document).map(({ kind, id }) => [`${kind} ${id}`, openRecord(idKey, kind, id)]))
  return {
    disclosure: disclosureType,
    tree,
    document: leaf.document,
    salt: leaf.salt ?? "",
    index,
    path: read.tree.proof(index).map((hash) => hash.toString("hex")),
    ...(identities === undefined || identities.length === 0 ? {} : { identities }),
    ...(opened.size === 0 ? {} : { openings: [...opened.values()] }),
    core: envelopeJson(envelope),
  }
}
