/** Text that is HTML already. Everything else that is put into a page is escaped. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What may stand in a template's holes. */
export type Shown = Markup | string | number | undefined | ReadonlyArray<Markup | string>

const replacements: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;" }

/** Characters that would hide or reorder what a reader sees: controls, direction overrides, zero-width signs. */
const deceptive = new RegExp(String.raw`[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]`, "g")

/** Text with its deceptive characters made visible. */
export const plain = (text: string): string => text.replace(deceptive, "\uFFFD")

/** Text as HTML, in an element or a quoted attribute. */
export const escaped = (text: string): string => plain(text).replace(/[&<>"'`]/g, (sign) => replacements[sign] ?? sign)

const written = (value: Shown): string => {
  if (value === undefined) return ""
  if (value instanceof Markup) return value.text
  if (typeof value === "object") return value.map(written).join("")
  return escaped(String(value))
}

/** An HTML template: strings and numbers in it are escaped, so that nothing from a record can become markup. */
export const html = (parts: TemplateStringsArray, ...values: ReadonlyArray<Shown>): Markup =>
  new Markup(parts.reduce((text, part, index) => text + written(values[index - 1]) + part))

/** JSON for a script element that is data: `<` written so that no tag can begin in it. */
export const jsonData = (value: unknown): Markup => new Markup(JSON.stringify(value).replaceAll("<", String.raw`\u003c`).replaceAll("\u2028", String.raw`\u2028`).replaceAll("\u2029", String.raw`\u2029`))

/** A word for class names, from a code. */
export const className = (code: string): string => code.replace(/[^a-zA-Z0-9]+/g, "-").toLowerCase()
