import PDFDocument from "pdfkit"
import { lacking, typefaces } from "./typeface.ts"
import type { Typeface } from "./typeface.ts"

/** An indirect object of the file. */
type Reference = { readonly data: Record<string, unknown>; readonly end: () => void }
type Page = { readonly dictionary: Reference & { readonly data: Record<string, unknown> }; readonly margins: { bottom: number; readonly left: number; readonly right: number; readonly top: number }; readonly height: number; readonly width: number }
type Outline = { readonly addItem: (title: string, options?: { readonly expanded: boolean }) => Outline; readonly endOutline: () => void }

/** What pdfkit 0.10 has beyond its published types. */
type Pdf = Omit<InstanceType<typeof PDFDocument>, "ref" | "page" | "outline" | "addContent"> & {
  readonly ref: (data: object) => Reference
  readonly addContent: (text: string) => void
  readonly page: Page
  readonly outline: Outline
  readonly _root: Reference
  readonly _font: { readonly font: Typeface }
}

/** An element of the structure tree, whose kids are marked content numbers or further elements. */
export type Element = { readonly reference: Reference; readonly kids: Array<number | Reference> }

/** A text object of PDF; pdfkit writes plain strings as names. */
export const pdfText = (text: string): object => Object(text) as object

export const ink = "#1c2430"
export const soft = "#566073"

export type Style = { readonly size: number; readonly bold?: boolean; readonly colour?: string; readonly indent?: number; readonly after?: number; readonly before?: number }

/** A paragraph longer than this is cut into several, so that each fits a page. */
const paragraphMax = 3000

const margin = 56

/** A PDF that is laid out from top to bottom, tagged for assistive technology, with bookmarks and page numbers. */
export class TaggedDocument {
  readonly pdf: Pdf
  readonly #chunks: Array<Buffer> = []
  readonly #done: Promise<void>
  readonly #elements: Array<Element & { readonly data: Record<string, unknown> }> = []
  readonly #pages: Array<{ readonly page: Page; readonly owners: Array<Reference> }> = []
  readonly #tree: Reference
  readonly #numbers: Reference
  readonly #document: Element
  readonly #outlines: Array<Outline> = []
  readonly #known = { plain: new Map<string, string>(), bold: new Map<string, string>() }

  constructor(title: string, made: Date) {
    const info = { Title: title, Creator: "Earshot", Producer: "Earshot", CreationDate: made }
    // A typeface of pdfkit's own choice, or one opened by its path first, would be opened again at every change.
    const options = { size: "A4", margins: { top: margin, bottom: margin + 10, left: margin, right: margin }, bufferPages: true, autoFirstPage: false, pdfVersion: "1.7", font: "", info }
    this.pdf = new PDFDocument(options as PDFKit.PDFDocumentOptions) as unknown as Pdf
    for (const [name, file] of Object.entries(typefaces)) this.pdf.registerFont(name, file)
    this.pdf.on("data", (chunk: Buffer) => this.#chunks.push(chunk))
    this.#done = new Promise((resolve) => { this.pdf.on("end", resolve) })
    this.#numbers = this.pdf.ref({})
    this.#tree = this.pdf.ref({ Type: "StructTreeRoot", ParentTree: this.#numbers })
    this.#document = this.#made("Document", this.#tree)
    Object.assign(this.#tree.data, { K: this.#document.reference })
    Object.assign(this.pdf._root.data, { Lang: pdfText("en"), MarkInfo: { Marked: true }, StructTreeRoot: this.#tree, ViewerPreferences: { DisplayDocTitle: true }, PageMode: "UseOutlines" })
    this.addPage()
  }

  /** Width of a line, in points. */
  get width(): number {
    return this.pdf.page.width - 2 * margin
  }

  get left(): number {
    return margin
  }

  get first(): Page {
    const [page] = this.#pages
    if (page === undefined) throw new Error("the document has no page")
    return page.page
  }

  addPage(): void {
    this.pdf.addPage()
    const { page } = this.pdf
    Object.assign(page.dictionary.data, { StructParents: this.#pages.length, Tabs: "S" })
    this.#pages.push({ page, owners: [] })
  }

  /** Starts a new page where less than `height` points are left. */
  ensure(height: number): void {
    if (this.pdf.y + height > this.pdf.page.height - this.pdf.page.margins.bottom) this.addPage()
  }

  #made(type: string, parent: Reference, extra: Record<string, unknown> = {}): Element {
    const kids: Array<number | Reference> = []
    const data: Record<string, unknown> = { Type: "StructElem", S: type, P: parent, K: kids, ...extra }
    const element = { reference: this.pdf.ref(data), kids, data }
    this.#elements.push(element)
    return element
  }

  /** A structure element inside another, the document where none is given. */
  element(type: string, parent: Element = this.#document, extra: Record<string, unknown> = {}): Element {
    const made = this.#made(type, parent.reference, extra)
    parent.kids.push(made.reference)
    return made
  }

  /** Draws marked content on the present page that belongs to a new element. */
  marked(type: string, parent: Element | undefined, draw: () => void, extra: Record<string, unknown> = {}): void {
    const place = this.#pages.at(-1)
    if (place === undefined) return
    const element = this.element(type, parent, { Pg: place.page.dictionary, ...extra })
    element.kids.push(place.owners.length)
    this.pdf.addContent(`/${type} <</MCID ${place.owners.length}>> BDC`)
    place.owners.push(element.reference)
    draw()
    this.pdf.addContent("EMC")
  }

  /** Draws what assistive technology passes over: lines, colours, page numbers. */
  artifact(draw: () => void): void {
    this.pdf.addContent("/Artifact BMC")
    draw()
    this.pdf.addContent("EMC")
  }

  font({ size, bold = false, colour = ink }: Style): void {
    this.pdf.font(bold ? "bold" : "plain").fontSize(size).fillColor(colour)
  }

  /** Text in what the typeface of a style can show; the rest becomes U+FFFD, on the page and in the text layer, since a missing sign must be seen. */
  showable(text: string, { bold = false }: Pick<Style, "bold"> = {}): string {
    this.pdf.font(bold ? "bold" : "plain")
    const known = this.#known[bold ? "bold" : "plain"]
    const { font } = this.pdf._font
    return Array.from(text.normalize("NFC").replaceAll(/\s+/g, " "), (sign) => {
      const shown = known.get(sign) ?? (lacking(font, sign) ? "\uFFFD" : sign)
      known.set(sign, shown)
      return shown
    }).join("")
  }

  /** Height of a text in a style, in points. */
  height(text: string, style: Style, width = this.width - (style.indent ?? 0)): number {
    this.font(style)
    return this.pdf.heightOfString(this.showable(text, style), { width, lineGap: 2 })
  }

  /** A paragraph; `type` is its structure type. */
  paragraph(text: string, style: Style, { type = "P", parent, keep = 0 }: { readonly type?: string; readonly parent?: Element; readonly keep?: number } = {}): void {
    for (let from = 0; from < Math.max(1, text.length); from += paragraphMax) {
      const part = this.showable(text.slice(from, from + paragraphMax), style).trim()
      const tall = this.height(part, style)
      this.ensure(tall + (style.before ?? 0) + keep)
      this.font(style)
      this.marked(type, parent, () => this.pdf.text(part, margin + (style.indent ?? 0), this.pdf.y + (style.before ?? 0), { width: this.width - (style.indent ?? 0), lineGap: 2 }))
      this.pdf.y += style.after ?? 4
    }
  }

  /** A heading with its bookmark; level 1 to 3. Keeps what follows on its page. */
  heading(level: 1 | 2 | 3, text: string): void {
    const sizes = { 1: 22, 2: 15, 3: 11 }
    this.ensure(sizes[level] * 2 + 60)
    const parent = level === 1 ? this.pdf.outline : (this.#outlines[level - 2] ?? this.#outlines[0] ?? this.pdf.outline)
    this.#outlines.length = level - 1
    this.#outlines.push(parent.addItem(this.showable(text, { bold: true }), { expanded: level === 1 }))
    this.paragraph(text, { size: sizes[level], bold: true, before: level === 1 ? 0 : 12, after: level === 1 ? 4 : 6 }, { type: `H${level}`, keep: level === 3 ? 110 : 40 })
  }

  /** Attaches a file, as one that the document is made from. */
  attach(name: string, content: Buffer, type: string, description: string): void {
    const file = this.pdf.ref({ Type: "EmbeddedFile", Subtype: type.replace("/", "#2F").replace("+", "#2B"), Params: { Size: content.length } }) as Reference & { readonly write: (bytes: Buffer) => void }
    file.write(content)
    file.end()
    const specification = this.pdf.ref({ Type: "Filespec", F: pdfText(name), UF: pdfText(name), Desc: pdfText(description), AFRelationship: "Data", EF: { F: file, UF: file } })
    specification.end()
    const names = this.pdf._root.data["Names"] as Reference
    Object.assign(names.data, { EmbeddedFiles: { Names: [pdfText(name), specification] } })
    Object.assign(this.pdf._root.data, { AF: [specification] })
  }

  #numberPages(foot: string): void {
    const all = this.#pages.length
    this.#pages.forEach(({ page }, index) => {
      this.pdf.switchToPage(index)
      // Below the margin pdfkit would otherwise begin a new page.
      page.margins.bottom = 0
      this.artifact(() => {
        this.font({ size: 8.5, colour: soft })
        this.pdf.text(foot, margin, page.height - 40, { width: this.width - 80, lineBreak: false }).text(`${index + 1} of ${all}`, page.width - margin - 80, page.height - 40, { width: 80, align: "right", lineBreak: false })
      })
    })
  }

  /** Numbers the pages, closes the structure and gives the file. */
  async finish(foot: string): Promise<Buffer> {
    this.#numberPages(this.showable(foot))
    for (const { reference } of this.#elements) reference.end()
    Object.assign(this.#numbers.data, { Nums: this.#pages.flatMap(({ owners }, index) => [index, owners]) })
    Object.assign(this.#tree.data, { ParentTreeNextKey: this.#pages.length })
    this.#numbers.end()
    this.#tree.end()
    this.pdf.end()
    await this.#done
    return Buffer.concat(this.#chunks)
  }
}
