import { createRequire } from "node:module"

const { resolve } = createRequire(import.meta.url)

/** Files of the typeface, of which the signs used are embedded: Latin, Greek, Cyrillic, Armenian, Georgian, Hebrew, Arabic and more. */
export const typefaces = { plain: resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed.ttf"), bold: resolve("dejavu-fonts-ttf/ttf/DejaVuSansCondensed-Bold.ttf") } as const

/** What pdfkit's reader of typefaces tells of one. */
export type Typeface = { readonly hasGlyphForCodePoint: (point: number) => boolean }

/** Signs that are never shown: controls, format characters (which could turn text around), private use and half surrogates. */
const unshown = /^[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}]$/u

/** True where a typeface cannot show a sign, or it must not be shown. */
export const lacking = (typeface: Typeface, sign: string): boolean => unshown.test(sign) || !typeface.hasGlyphForCodePoint(sign.codePointAt(0) ?? 0)
