/**
 * Is what was parsed what stands in the bytes? A parser keeps the last of two equal keys where
 * another keeps the first or fails; so duplicate keys are found here, before anybody disagrees.
 */

/** The bytes have a `\u` escape: half a character or a NUL may hide behind it. */
export const hasUnicodeEscape = 1
/** A line break or carriage return stands between tokens: the bytes are not one line. */
export const hasLineBreak = 2

/** Members of all objects in valid JSON, times 4, plus the flags above. One pass over the bytes. */
export const scanMembers = (bytes: Buffer, start: number, end: number): number => {
  let members = 0
  let flags = 0
  let at = start
  while (at < end) {
    const byte = bytes[at++]
    if (byte === 34) {
      for (;;) {
        const inside = bytes[at++]
        if (inside === 34 || inside === undefined) break
        if (inside === 92) {
          if (bytes[at] === 117) flags |= hasUnicodeEscape
          at++
        }
      }
      while (at < end && (bytes[at] ?? 0) <= 32) {
        if (bytes[at] !== 32 && bytes[at] !== 9) flags |= hasLineBreak
        at++
      }
      if (bytes[at] === 58) members++
    } else if (byte === 10 || byte === 13) flags |= hasLineBreak
  }
  return members * 4 + flags
}

/** Keys of all objects inside a parsed value. Call it for values that fit a schema only: it recurses. */
export const countKeys = (value: object): number => {
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value as ReadonlyArray<unknown>) if (typeof item === "object" && item !== null) count += countKeys(item)
    return count
  }
  for (const key in value) {
    const item = (value as Record<string, unknown>)[key]
    count++
    if (typeof item === "object" && item !== null) count += countKeys(item)
  }
  return count
}

const badEscape = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/

/** Does JSON text, as `JSON.stringify` writes it, hold a NUL or half of a surrogate pair? Stores refuse both. */
export const holdsBrokenCharacter = (json: string): boolean => json.includes("\\u") && badEscape.test(json)
