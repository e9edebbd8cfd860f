import { AttestError } from "./AttestError.ts"

/** One DER element: its tag, its contents, and all its bytes. */
export type DerElement = { readonly tag: number; readonly content: Buffer; readonly whole: Buffer }

const ill = (): AttestError => new AttestError("format", "A DER structure is broken.")

/** Reads the element that begins at an offset. Only what DER allows: one-byte tags, definite lengths in their shortest form. */
const readAt = (bytes: Buffer, at: number): DerElement => {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80 || first > 0x84) throw ill()
  const extra = first < 0x80 ? 0 : first & 0x7f
  const start = at + 2 + extra
  if (start > bytes.length) throw ill()
  const length = extra === 0 ? first : bytes.readUIntBE(at + 2, extra)
  const shortest = extra === 0 || (length >= 0x80 && length >= 2 ** (8 * (extra - 1)))
  if (!shortest || start + length > bytes.length) throw ill()
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(at, start + length) }
}

/** Reads bytes that are one element and nothing more. Throws AttestError (`format`). */
export const readDer = (bytes: Buffer): DerElement => {
  const element = readAt(bytes, 0)
  if (element.whole.length !== bytes.length) throw ill()
  return element
}

/** The elements inside a constructed one. */
export const childrenOf = ({ content }: DerElement): ReadonlyArray<DerElement> => {
  const children: Array<DerElement> = []
  for (let at = 0; at < content.length; ) {
    const child = readAt(content, at)
    children.push(child)
    at += child.whole.length
  }
  return children
}

/** The element, where it is there and has the tag that the structure asks for. */
export const expectTag = (element: DerElement | undefined, tag: number): DerElement => {
  if (element?.tag !== tag) throw ill()
  return element
}

/** Dotted form of an object identifier. */
export const readOid = (element: DerElement | undefined): string => {
  const { content } = expectTag(element, 0x06)
  const parts: Array<number> = []
  let value = 0
  for (const byte of content) {
    value = value * 128 + (byte & 0x7f)
    if ((byte & 0x80) !== 0) continue
    if (parts.length === 0) parts.push(Math.min(Math.floor(value / 40), 2), value - 40 * Math.min(Math.floor(value / 40), 2))
    else parts.push(value)
    value = 0
  }
  return parts.join(".")
}
