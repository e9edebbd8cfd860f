/** The little of DER (ITU-T X.690) that a PDF's signature needs. */

/** One element: tag, definite length in its shortest form, contents. */
export const element = (tag: number, ...contents: ReadonlyArray<Uint8Array>): Buffer => {
  const body = Buffer.concat(contents)
  const length = body.length < 0x80 ? [body.length] : body.length < 0x100 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.of(tag, ...length), body])
}

export const sequence = (...contents: ReadonlyArray<Uint8Array>): Buffer => element(0x30, ...contents)
export const set = (...contents: ReadonlyArray<Uint8Array>): Buffer => element(0x31, ...contents)
export const octets = (bytes: Uint8Array): Buffer => element(0x04, bytes)

const base128 = (value: number): ReadonlyArray<number> => {
  const digits = [value % 128]
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) digits.unshift(128 + (rest % 128))
  return digits
}

/** An object identifier from its dotted form. */
export const identifier = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number)
  return element(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]))
}

/** A time, UTC: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5). */
export const time = (at: Date): Buffer => {
  const digits = at.toISOString().replaceAll(/[-:T]/g, "").slice(0, 14)
  return at.getUTCFullYear() < 2050 ? element(0x17, Buffer.from(`${digits.slice(2)}Z`)) : element(0x18, Buffer.from(`${digits}Z`))
}

/** The elements inside an element of our own or of a certificate that has been parsed already. */
export const members = (whole: Buffer): ReadonlyArray<Buffer> => {
  const end = (at: number): { readonly start: number; readonly end: number } => {
    const first = whole[at + 1] ?? 0
    const extra = first < 0x80 ? 0 : first & 0x7f
    const start = at + 2 + extra
    return { start, end: start + (extra === 0 ? first : whole.readUIntBE(at + 2, extra)) }
  }
  const outer = end(0)
  const found: Array<Buffer> = []
  for (let at = outer.start; at < outer.end; at = end(at).end) found.push(whole.subarray(at, end(at).end))
  return found
}
