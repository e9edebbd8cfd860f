/** Characters that people, keyboards and speech recognisers write for an apostrophe; phrase files know the plain one alone. */
export const apostrophes = "’‘´`ʼ"

const written = new RegExp(`[${apostrophes}]`, "g")

/** The text with every apostrophe plain, as long as before. */
export const withPlainApostrophes = (text: string): string => text.replace(written, "'")
