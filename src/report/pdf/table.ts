import { ink, soft } from "./tagged-document.ts"
import type { TaggedDocument } from "./tagged-document.ts"

/** A column: title, share of the width, and whether it holds numbers. */
export type Column = { readonly title: string; readonly share: number; readonly numbers?: boolean }

const size = 9
const gap = 8

/** A tagged table; its head is repeated on every page, once for readers of the structure. */
export const table = (document: TaggedDocument, columns: ReadonlyArray<Column>, rows: ReadonlyArray<ReadonlyArray<string>>): void => {
  const { pdf } = document
  const total = columns.reduce((sum, { share }) => sum + share, 0)
  const widths = columns.map(({ share }) => (share / total) * document.width)
  const element = document.element("Table")
  const heightOf = (cells: ReadonlyArray<string>, bold: boolean): number => Math.max(...cells.map((cell, index) => document.height(cell, { size, bold }, (widths[index] ?? 0) - gap)))
  const rule = (y: number): void => document.artifact(() => pdf.moveTo(document.left, y).lineTo(document.left + document.width, y).lineWidth(0.5).strokeColor("#d5d2ca").stroke())
  const draw = (cells: ReadonlyArray<string>, bold: boolean, put: (index: number, text: () => void) => void): void => {
    const top = pdf.y
    const tall = heightOf(cells, bold)
    let x = document.left
    cells.forEach((cell, index) => {
      const width = (widths[index] ?? 0) - gap
      document.font({ size, bold, colour: bold ? soft : ink })
      const at = x
      put(index, () => pdf.text(document.showable(cell, { bold }), at, top, { width, align: columns[index]?.numbers === true ? "right" : "left", lineGap: 2 }))
      x += widths[index] ?? 0
    })
    pdf.y = top + tall + 3
    rule(pdf.y)
    pdf.y += 4
  }
  const titles = columns.map(({ title }) => title)
  const head = (): void => draw(titles, true, (_index, text) => document.artifact(text))
  document.ensure(heightOf(titles, true) + 40)
  const headRow = document.element("TR", element)
  draw(titles, true, (_index, text) => document.marked("TH", headRow, text, { A: { O: "Table", Scope: "Column" } }))
  for (const cells of rows) {
    const page = pdf.page
    document.ensure(heightOf(cells, false) + 8)
    if (pdf.page !== page) head()
    const row = document.element("TR", element)
    draw(cells, false, (_index, text) => document.marked("TD", row, text))
  }
  pdf.x = document.left
  pdf.y += 6
}
