/** Patterns of paths and keys: `*` and `?` inside a segment, `**` over segments, `[abc]`, `{a,b}`. */

const special = /[*?[{]/

/** Is there a wildcard in it? */
export const isPattern = (path: string): boolean => special.test(path)

/** The leading segments without a wildcard, with their last slash; the listing starts there. */
export const fixedPart = (pattern: string): string => {
  const first = pattern.search(special)
  return first === -1 ? pattern : pattern.slice(0, pattern.lastIndexOf("/", first) + 1)
}

const escaped = (text: string): string => text.replaceAll(/[\\^$.|+()[\]{}*?]/g, String.raw`\$&`)

type Piece = { readonly source: string; readonly next: number }

const bracket = (pattern: string, at: number): Piece => {
  const end = pattern.indexOf("]", at + 2)
  if (end === -1) return { source: String.raw`\[`, next: at + 1 }
  const inside = pattern.slice(at + 1, end).replaceAll("\\", String.raw`\\`).replaceAll("[", String.raw`\[`)
  return { source: `[${inside.startsWith("!") ? `^${inside.slice(1)}` : inside}]`, next: end + 1 }
}

const braces = (pattern: string, at: number): Piece => {
  const end = pattern.indexOf("}", at)
  if (end === -1) return { source: String.raw`\{`, next: at + 1 }
  return { source: `(?:${pattern.slice(at + 1, end).split(",").map(sourceOf).join("|")})`, next: end + 1 }
}

const stars = (pattern: string, at: number): Piece => {
  if (pattern[at + 1] !== "*") return { source: "[^/]*", next: at + 1 }
  return pattern[at + 2] === "/" ? { source: "(?:[^/]*/)*", next: at + 3 } : { source: ".*", next: at + 2 }
}

const pieceAt = (pattern: string, at: number): Piece => {
  switch (pattern[at]) {
    case "*": return stars(pattern, at)
    case "?": return { source: "[^/]", next: at + 1 }
    case "[": return bracket(pattern, at)
    case "{": return braces(pattern, at)
    default: return { source: escaped(pattern[at] ?? ""), next: at + 1 }
  }
}

const sourceOf = (pattern: string): string => {
  let source = ""
  for (let at = 0; at < pattern.length;) {
    const piece = pieceAt(pattern, at)
    source += piece.source
    at = piece.next
  }
  return source
}

/** Matches whole paths. */
export const patternOf = (pattern: string): RegExp => new RegExp(`^${sourceOf(pattern)}$`, "s")
