import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** An X.509 certificate and the key that it certifies, made for one test. */
export type Certified = { readonly pem: string; readonly der: Buffer; readonly key: KeyObject; readonly name: string }

const der = (tag: number, ...parts: ReadonlyArray<Buffer>): Buffer => {
  const content = Buffer.concat(parts)
  const { length } = content
  const head = length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from(head), content])
}
const sequence = (...parts: ReadonlyArray<Buffer>): Buffer => der(0x30, ...parts)
const sha256WithRsa = sequence(Buffer.from("06092a864886f70d01010b0500", "hex"))
const name = (common: string): Buffer => sequence(der(0x31, sequence(Buffer.from("0603550403", "hex"), der(0x0c, Buffer.from(common)))))
const time = (iso: string): Buffer => der(0x18, Buffer.from(iso.replace(/[-:T]/g, "").slice(0, 14) + "Z"))

/** Basic constraints that say no: it is nobody's issuer. */
const noIssuer = der(0xa3, sequence(sequence(Buffer.from("0603551d13", "hex"), der(0x04, sequence()))))

/** A certificate of RFC 5280, version 3, RSA with SHA-256, without extensions unless it must not issue others; without an issuer it signs itself. Times are RFC 3339 in UTC. */
export const certified = (subject: string, issuer: Certified | undefined, from = "2025-01-01T00:00:00", until = "2045-01-01T00:00:00", mayIssue = true): Certified => {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 })
  const key = issuer?.key ?? pair.privateKey
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))), der(0x02, Buffer.from([1])), sha256WithRsa, name(issuer?.name ?? subject), sequence(time(from), time(until)), name(subject),
    pair.publicKey.export({ type: "spki", format: "der" }), ...(mayIssue ? [] : [noIssuer])
  )
  const bytes = sequence(body, sha256WithRsa, der(0x03, Buffer.from([0]), sign("sha256", body, key)))
  return { pem: `-----BEGIN CERTIFICATE-----\n${(bytes.toString("base64").match(/.{1,64}/g) ?? []).join("\n")}\n-----END CERTIFICATE-----\n`, der: bytes, key: pair.privateKey, name: subject }
}
