import { AttestError } from "./AttestError.ts"
import { canonicalBytes, canonicalJson } from "./canonical.ts"
import { isSha256Hex } from "./digest.ts"
import { checkSignatures, envelopeJson, readEnvelope } from "./dsse.ts"
import type { Envelope, EnvelopeJson } from "./dsse.ts"
import { hashOf, runMembers } from "./leaves.ts"
import type { TreeName } from "./leaves.ts"
import { rootFromProof } from "./merkle.ts"
import type { OpenedRecord } from "./recordDigest.ts"
import { opensPseudonym } from "./pseudonym.ts"
import type { OpenedPseudonym } from "./pseudonym.ts"
import { headsOf, kindOf, readStatement, statementDigest } from "./statement.ts"
import type { Statement } from "./statement.ts"
import { signatureProblems } from "./verification.ts"
import type { Trust, Verification } from "./verification.ts"

export const disclosureType = "urn:earshot:disclosure:v1"

/** One leaf of a signed report with the proof that it belongs there. It holds nothing of the other leaves but salted hashes. */
export type Disclosure = {
  readonly disclosure: typeof disclosureType
  /** `findings`: the document is a canonical finding; `outcomes`: what was judged about one recording, and how it came out. */
  readonly tree: "findings" | "outcomes"
  readonly document: Readonly<Record<string, unknown>>
  /** Hex; hashed with the document. */
  readonly salt: string
  /** 0-based place of the leaf. */
  readonly index: number
  /** Audit path, hex, from the leaf upwards (RFC 6962 §2.1.1). */
  readonly path: ReadonlyArray<string>
  /** Whom pseudonyms of the document mean; only with `--identify`. */
  readonly identities?: ReadonlyArray<OpenedPseudonym>
  /** Openings of the digests of the evidence, so that the reader can compare them with the records themselves. */
  readonly openings?: ReadonlyArray<OpenedRecord>
  /** The report's signed core. */
  readonly core: EnvelopeJson
}

/** The only bytes in which a disclosure is written. */
export const disclosureBytes = (disclosure: Disclosure): Buffer => Buffer.concat([canonicalBytes(disclosure), Buffer.from("\n")])

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

const isOpened = (value: unknown): value is OpenedPseudonym =>
  isRecord(value) && ["pseudonym", "subject", "opening"].every((name) => typeof value[name] === "string")

const isOpenedRecord = (value: unknown): value is OpenedRecord =>
  isRecord(value) && typeof value["kind"] === "string" && typeof value["id"] === "string" && isSha256Hex(value["opening"])

/** What was read from a disclosure file. */
type Read = { readonly disclosure: Disclosure; readonly envelope: Envelope; readonly core: Statement }

const readDisclosure = (bytes: Uint8Array, where: string): Read => {
  const broken = (what: string): AttestError => new AttestError("format", `${where} ${what}.`)
  let value: unknown
  try {
    value = JSON.parse(Buffer.from(bytes).toString("utf8"))
  } catch {
    throw broken("is not JSON, so it is no disclosure")
  }
  if (!isRecord(value) || value["disclosure"] !== disclosureType) throw broken("is not a disclosure of this version")
  const { tree, document, salt, index, path, identities, openings } = value
  const shaped = (tree === "findings" || tree === "outcomes") && isRecord(document) && isSha256Hex(salt) && typeof index === "number" && Array.isArray(path) && path.every(isSha256Hex)
  const known = new Set(["disclosure", "tree", "document", "salt", "index", "path", "identities", "openings", "core"])
  if (!shaped || Object.keys(value).some((name) => !known.has(name))) throw broken("is not a disclosure: its members are not those that a disclosure has")
  if (identities !== undefined && !(Array.isArray(identities) && identities.every(isOpened))) throw broken("names people without the proof of their pseudonyms")
  if (openings !== undefined && !(Array.isArray(openings) && openings.every(isOpenedRecord))) throw broken("opens digests of records in a form that is not ours")
  const envelope = readEnvelope(value["core"], where)
  const disclosure = value as unknown as Disclosure
  // Unknown members of the envelope, odd base64 and white space would be bytes that nobody signed.
  if (!disclosureBytes({ ...disclosure, core: envelopeJson(envelope) }).equals(bytes)) throw broken("is not written as Earshot writes it: bytes beside the proof were changed")
  return { disclosure, envelope, core: readStatement(envelope, where) }
}

/** Kind and id of every record that a finding rests on or that speaks against it. */
export const recordsOf = (document: Readonly<Record<string, unknown>>): ReadonlyArray<{ readonly kind: string; readonly id: string }> =>
  [document["evidence"], document["contrary"]].flatMap((list) => (Array.isArray(list) ? (list as ReadonlyArray<unknown>) : [])).flatMap((item) => {
    const { kind, id } = isRecord(item) ? item : {}
    return typeof kind === "string" && typeof id === "string" ? [{ kind, id }] : []
  })

const proofProblems = ({ disclosure, core }: Read, where: string): ReadonlyArray<string> => {
  const problems: Array<string> = []
  const head = headsOf(core)[disclosure.tree as TreeName]
  if (kindOf(core) !== "core" || head === undefined) return [`${where} does not hold the core of a report with a tree of ${disclosure.tree}.`]
  const leaf = hashOf({ document: disclosure.document, salt: disclosure.salt })
  const root = rootFromProof(leaf, disclosure.index, head.size, disclosure.path.map((one) => Buffer.from(one, "hex")))
  if (root?.toString("hex") !== head.root) problems.push(`${where} does not prove that its document belongs to the signed report.`)
  if (disclosure.tree === "findings" && runMembers.some((name) => name in disclosure.document)) problems.push(`${where} gives members to its finding that are never part of a signed finding.`)
  const text = canonicalJson(disclosure.document)
  for (const opened of disclosure.identities ?? []) {
    if (!text.includes(opened.pseudonym)) problems.push(`${where} names a person whose pseudonym is not in its document.`)
    else if (!opensPseudonym(opened)) problems.push(`${where} names a person whom its pseudonym does not mean.`)
  }
  const records = recordsOf(disclosure.document)
  if (disclosure.openings?.some((opened) => !records.some(({ kind, id }) => kind === opened.kind && id === opened.id)) === true) problems.push(`${where} opens the digest of a record that is no evidence of its finding.`)
  return problems
}

/** Verifies a disclosure alone, without the report. Throws AttestError (`format`) for what is no disclosure. */
export const verifyDisclosure = (bytes: Uint8Array, where: string, trust: Trust): Verification => {
  const read = readDisclosure(bytes, where)
  const signers = checkSignatures(read.envelope, trust.keys)
  const sentences = [...signatureProblems(read.envelope, signers, trust).map((sentence) => `${where}: ${sentence}`), ...proofProblems(read, where)]
  return {
    ok: sentences.length === 0,
    kind: "disclosure",
    signed: read.envelope.signatures.length > 0,
    problems: sentences.map((sentence) => ({ file: where, sentence })),
    notes: trust.integrityOnly === true ? ["Only the proof was checked, not who signed the report."] : [],
    signers,
    statement: read.core,
    core: read.core,
    statementDigest: statementDigest(read.envelope),
  }
}
