// Compares what the page carries with the signed core statement, and its signature with a key that the reader brings.
import { table } from "./table.js"
import { base64Bytes, element, make, unpack, unpackText } from "./unpack.js"

const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("")

const digestOf = async (bytes) => hex(await crypto.subtle.digest("SHA-256", bytes))

const report = (good, sentence) => element("verified").append(make("li", { class: good ? "good" : "bad" }, `${good ? "Right: " : "Wrong: "}${sentence}`))

const readCore = async () => {
  const envelope = JSON.parse(await unpackText("core"))
  const payload = base64Bytes(envelope.payload)
  return { envelope, payload, statement: JSON.parse(new TextDecoder().decode(payload)) }
}

const joined = async () => {
  const all = []
  for (let piece = 0; piece < table.index.pieces; piece++) all.push(await unpack(`findings-${piece}`))
  return new Uint8Array(await new Blob(all).arrayBuffer())
}

const compareDigests = async () => {
  const { statement } = await readCore()
  const stated = new Map(statement.subject.map(({ name, digest }) => [name, digest.sha256]))
  const compare = async (name, bytes) => {
    const digest = await digestOf(bytes)
    report(stated.get(name) === digest, stated.get(name) === digest ? `${name} in this page has the digest that the core statement names (${digest.slice(0, 16)}…).` : `${name} in this page is not what the core statement names.`)
  }
  await compare("findings.ndjson", await joined())
  await compare("summary.json", await unpack("summary-json"))
}

/** DSSE's pre-authentication encoding: what is signed. */
export const signedBytes = (type, payload) => {
  const head = new TextEncoder().encode(`DSSEv1 ${new TextEncoder().encode(type).length} ${type} ${payload.length} `)
  const all = new Uint8Array(head.length + payload.length)
  all.set(head)
  all.set(payload, head.length)
  return all
}

/** WebCrypto wants r and s as 32 bytes each; the envelope has them as DER. */
export const rawSignature = (der) => {
  const raw = new Uint8Array(64)
  let at = 2
  for (const half of [0, 32]) {
    const length = der[at + 1]
    const value = der.slice(at + 2, at + 2 + length)
    const digits = value.length > 32 ? value.slice(value.length - 32) : value
    raw.set(digits, half + 32 - digits.length)
    at += 2 + length
  }
  return raw
}

const importKey = async (spki) => {
  try {
    return { key: await crypto.subtle.importKey("spki", spki, { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]), how: { name: "ECDSA", hash: "SHA-256" }, form: rawSignature }
  } catch {
    return { key: await crypto.subtle.importKey("spki", spki, { name: "Ed25519" }, false, ["verify"]), how: { name: "Ed25519" }, form: (signature) => signature }
  }
}

const checkSignature = async () => {
  const found = /-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----/.exec(element("key").value)
  if (found === null) return report(false, "that is not a public key in PEM; paste the text of pipeline.pub.")
  const { envelope, payload } = await readCore()
  const spki = base64Bytes(found[1].replace(/\s+/g, ""))
  let imported
  try {
    imported = await importKey(spki)
  } catch {
    return report(false, "this browser cannot use that key.")
  }
  const keyid = await digestOf(spki)
  const bytes = signedBytes(envelope.payloadType, payload)
  for (const signature of envelope.signatures) {
    if (await crypto.subtle.verify(imported.how, imported.key, imported.form(base64Bytes(signature.sig)), bytes)) return report(true, `the core statement was signed with this key (${keyid.slice(0, 16)}…).`)
  }
  return report(false, `no signature of the core statement is by this key (${keyid.slice(0, 16)}…).`)
}

export const startVerify = () => {
  const afresh = (work) => async () => {
    element("verified").replaceChildren()
    if (globalThis.crypto?.subtle === undefined) return report(false, "this browser offers no cryptography for files opened like this.")
    await compareDigests()
    await work()
  }
  element("check-digests").addEventListener("click", afresh(async () => {}))
  element("check-signature").addEventListener("click", afresh(checkSignature))
}
