import { execFileSync, spawnSync } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeAll, describe, expect, it } from "vitest"
import { renderAgain, renderReport } from "../../src/report/index.ts"
import { finding, findings, folderOf, signer, summary } from "./example.ts"

/** Poppler's tools are the reader that these tests trust; without them (Debian: poppler-utils) there is nothing to compare with. */
const poppler = spawnSync("pdfsig", ["-v"]).error === undefined
const tool = (name: string, ...args: ReadonlyArray<string>): string => execFileSync(name, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] })

let folder = ""
const pdf = (): string => join(folder, "report.pdf")

beforeAll(async () => {
  const key = signer()
  const made = await folderOf(findings, summary(), [key])
  folder = made.folder
  await renderReport({ ...made, summary: summary(), formats: ["pdf"], signed: true, signers: [key] })
})

describe.skipIf(!poppler)("report.pdf", () => {
  it("has a signature over the whole file that pdfsig calls valid", () => {
    const said = tool("pdfsig", "-nocert", pdf())
    expect(said).toContain("Signature is Valid")
    expect(said).toContain("ETSI.CAdES.detached")
    expect(said).toContain("Total document signed")
  })

  it("is invalid once a byte is changed", () => {
    const bytes = readFileSync(pdf())
    const at = bytes.indexOf("/Title")
    bytes[at + 1] = "X".charCodeAt(0)
    const changed = join(folder, "changed.pdf")
    writeFileSync(changed, bytes)
    expect(spawnSync("pdfsig", ["-nocert", changed], { encoding: "utf8" }).stdout).not.toContain("Signature is Valid")
  })

  it("is tagged, in the order in which it is read, with headings, tables and a language", () => {
    const structure = tool("pdfinfo", "-struct-text", pdf())
    expect(structure).toMatch(/H1[^]*Privacy audit: nightly[^]*H2[^]*Can this audit be trusted\?[^]*TH[^]*Family[^]*TD[^]*H2[^]*Findings/)
    expect(tool("pdfinfo", pdf())).toMatch(/Tagged: +yes/)
  })

  it("holds the signed core as an attachment", () => {
    expect(tool("pdfdetach", "-list", pdf())).toContain("core.dsse.json")
    tool("pdfdetach", "-save", "1", "-o", join(folder, "taken.json"), pdf())
    expect(readFileSync(join(folder, "taken.json")).equals(readFileSync(join(folder, "core.dsse.json")))).toBe(true)
  })

  it("numbers its pages and names every finding", () => {
    const text = tool("pdftotext", "-layout", pdf(), "-")
    const pages = Number(/Pages: +(\d+)/.exec(tool("pdfinfo", pdf()))?.[1])
    for (let page = 1; page <= pages; page++) expect(text).toContain(`${page} of ${pages}`)
    for (const { id } of findings) expect(text).toContain(id)
  })
})

describe.skipIf(!poppler)("text beyond Latin-1", () => {
  const sentences = ["Η ηχογράφηση έγινε χωρίς συγκατάθεση", "Запись велась без согласия", "Zażółć gęślą jaźń", "příliš žluťoučký kůň", "the office’s file, ≥ 5 €", "Հայերեն և ქართული"]
  let odd = ""
  let text = ""

  beforeAll(async () => {
    const all = [...sentences, "before \u6771\u4EAC and \u202Ewhat is hidden\u0007 after", "cafe\u0301"].map((sentence, n) => finding(n + 1, { sentence }))
    const key = signer()
    const made = await folderOf(all, summary(), [key])
    await renderReport({ ...made, summary: summary(), formats: ["pdf"], signed: true, signers: [key] })
    odd = join(made.folder, "report.pdf")
    text = tool("pdftotext", "-layout", odd, "-")
  })

  it("comes back from the text layer as it was written", () => {
    for (const sentence of sentences) expect(text).toContain(sentence)
    expect(text).toContain("café")
  })

  it("shows a replacement for signs that the typeface lacks and for those that would turn text around", () => {
    expect(text).toContain("before \uFFFD\uFFFD and \uFFFDwhat is hidden\uFFFD after")
    expect(text).not.toContain("\u202E")
  })

  it("is set in embedded subsets, in a PDF that stays tagged and signed", () => {
    const fonts = tool("pdffonts", odd).trim().split("\n").slice(2)
    expect(fonts).toHaveLength(2)
    for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+DejaVuSans.* yes +yes +yes /)
    expect(tool("pdfinfo", odd)).toMatch(/Tagged: +yes/)
    expect(tool("pdfsig", "-nocert", odd)).toContain("Signature is Valid")
  })
})

describe("report.pdf without a key", () => {
  it("is made unsigned, says so, and is made again byte for byte", async () => {
    const whole = summary({ trust: { ...summary().trust, signed: false } })
    const made = await folderOf([finding(1)], whole, [])
    await renderReport({ ...made, summary: whole, formats: ["pdf"], signed: false })
    const out = join(made.folder, "again")
    expect(await renderAgain(made.folder, out)).toContain("report.pdf")
    expect(readFileSync(join(out, "report.pdf")).equals(readFileSync(join(made.folder, "report.pdf")))).toBe(true)
  })
})
