/** Controls, line ends, direction overrides and signs without width: what would hide, break or reorder a line. */
const deceptive = new RegExp(String.raw`[\u0000-\u001F\u007F-\u009F\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+`, "g")

/** Text from records as Markdown text: nothing in it becomes markup, a link, a picture or a cell's end. */
export const markdownText = (text: string): string =>
  text.replace(deceptive, " ").replace(/[\\`*[\]|<>~]/g, String.raw`\$&`).replace(/(?:^|(?<=\W))_|_(?=\W|$)/g, String.raw`\_`).replace(/^(\s*)([#+\-=])/, String.raw`$1\$2`).replace(/^(\s*\d+)([.)])(?=\s)/, String.raw`$1\$2`).replaceAll("://", String.raw`:\//`).trim()

/** A column: its title, and whether it holds numbers. */
export type Column = string | { readonly number: string }

/** A table of cells that are Markdown already. */
export const markdownTable = (columns: ReadonlyArray<Column>, rows: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => [
  `| ${columns.map((column) => (typeof column === "string" ? column : column.number)).join(" | ")} |`,
  `|${columns.map((column) => (typeof column === "string" ? "---" : "---:")).join("|")}|`,
  ...rows.map((row) => `| ${row.join(" | ")} |`)
]
