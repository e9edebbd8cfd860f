import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { type Browser, chromium, type Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { publicPem } from "../../src/attest/index.ts"
import { renderReport } from "../../src/report/index.ts"
import { finding, findings, folderOf, hostile, signer, summary } from "../report/example.ts"

/** Debian's browser; `apt-get install chromium`. Without it there is nothing to test the page in. */
const chromiumPath = process.env["CHROMIUM"] ?? "/usr/bin/chromium"
const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8")

type Violation = { readonly id: string; readonly nodes: ReadonlyArray<{ readonly html: string }> }

const consistency = [
  { kind: "unit", policy: "refunds", period: "quarter", startsAt: "2026-04-01T00:00:00Z", attribute: "site", unit: hostile, cases: 255, favourable: 169, expected: 120, ratio: 1.4, adjustedZ: 4, q: 0.00001, rate: 0.66, expectedRate: 0.47, limits: { warning: [0.4, 0.55], alarm: [0.36, 0.6] }, outcome: "fail", reason: "beyond-limits" },
  { kind: "group", policy: "refunds", period: "quarter", startsAt: "2026-04-01T00:00:00Z", attribute: "channel", group: "chat", cases: 150, favourable: 99, restCases: 408, restFavourable: 254, q: 1, impact: 1.06, impactLower: 0.92, impactUpper: 1.2, paradox: false, outcome: "pass", reason: null },
  { kind: "stratum", policy: "upgrades", version: "1", rule: "otherwise", alike: ["room"], outcomes: [{ outcome: "agreed", cases: 55 }, { outcome: "declined", cases: 45 }], cases: 100, disagreement: 0.495, discordantPairs: 2475 },
  { kind: "concentration", of: "approver", policy: "refunds", period: "quarter", startsAt: "2026-04-01T00:00:00Z", team: hostile, staff: "p-1", partner: "p-2", together: 12, ofActor: 12, ofPartner: 24, total: 48, expected: 6, lift: 2, p: 0.00004, q: 0.0005, tests: 12, fdr: 0.05, outcome: "fail", reason: "concentrated" },
  ...["2026-04", "2026-05", "2026-06"].map((month, index) => ({ kind: "trend", policy: hostile, period: "month", startsAt: `${month}-01T00:00:00Z`, decisions: 100, favourable: 50 + index, beyondRule: index, againstCustomer: 0 })),
  { kind: "beyondRule", policy: "refunds", team: hostile, reason: hostile, currency: "USD", decisions: 2, approved: 1, amount: 12.5 }
]
const whole = summary({ consistency })
const key = signer()
let browser: Browser
let folder = ""

const open = async (scheme: "light" | "dark" = "light", options: { readonly javaScriptEnabled?: boolean; readonly viewport?: { readonly width: number; readonly height: number } } = {}): Promise<{ readonly page: Page; readonly said: Array<string> }> => {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, colorScheme: scheme, ...options })
  const said: Array<string> = []
  page.on("console", (message) => said.push(message.text()))
  page.on("pageerror", (error) => said.push(error.message))
  page.on("request", (request) => { if (!request.url().startsWith("file:")) said.push(`request ${request.url()}`) })
  await page.goto(pathToFileURL(join(folder, "report.html")).href)
  if (options.javaScriptEnabled !== false) await page.waitForSelector("#body tr")
  return { page, said }
}

describe.skipIf(!existsSync(chromiumPath))("report.html in Chromium", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: chromiumPath, args: flags })
    const made = await folderOf(findings, whole, [key])
    folder = made.folder
    await renderReport({ ...made, summary: whole, formats: ["html"], signed: true })
  })
  afterAll(async () => { await browser.close() })

  it.each(["light", "dark"] as const)("has no accessibility violation in %s, at any width, with a finding open", async (scheme) => {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 390, height: 800 }]) {
      const { page } = await open(scheme, { viewport })
      await page.evaluate(`location.hash = ${JSON.stringify(findings[1]?.id)}`)
      await page.waitForSelector("#finding h3")
      await page.click("#check-digests")
      await page.waitForSelector("#verified li")
      await page.evaluate(axe)
      const violations = await page.evaluate<ReadonlyArray<Violation>>(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }).then(({ violations }) => violations)`)
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200) ?? ""}`)).toEqual([])
      await page.close()
    }
  }, 120_000)

  it("runs nothing that a record brought, loads nothing, and breaks no rule of its policy", async () => {
    const { page, said } = await open()
    for (const { id } of findings) {
      await page.evaluate(`location.hash = ${JSON.stringify(id)}`)
      await expect.poll(() => page.locator("#finding").textContent()).toContain(id)
    }
    expect(await page.evaluate("globalThis.hacked")).toBeUndefined()
    expect(await page.locator("img").count()).toBe(0)
    expect(said).toEqual([])
    await page.close()
  })

  it("leaves what happened the most room on a telephone", async () => {
    const { page } = await open("light", { viewport: { width: 375, height: 800 } })
    const [whole = 0, sentence = 0] = await page.evaluate<ReadonlyArray<number>>(`["#rows", "#body td.sentence"].map((one) => document.querySelector(one).clientWidth)`)
    expect(sentence / whole).toBeGreaterThan(0.6)
    await page.close()
  })

  it("prints whole: no column is cut off at the edge of an A4 page", async () => {
    const { page } = await open("light", { viewport: { width: 718, height: 1000 } })
    await page.emulateMedia({ media: "print" })
    const cut = await page.evaluate<ReadonlyArray<string>>(`[...document.querySelectorAll("td, th, p, li")].filter((one) => one.getBoundingClientRect().width > 1 && one.getBoundingClientRect().right > 719).map((one) => one.textContent.slice(0, 60))`)
    expect(cut).toEqual([])
    await page.close()
  })

  it("says page one and the controls without scripts", async () => {
    const { page } = await open("light", { javaScriptEnabled: false })
    const text = await page.locator("main").innerText()
    for (const part of ["This audit can be trusted", "What was found?", "What changed since last time?", "What is due, and whose is it?", "Every question that was asked", "Recorded without consent or notice"]) expect(text).toContain(part)
    expect(await page.locator(".filters").isVisible()).toBe(false)
    await page.close()
  })

  it("filters, sorts, and goes by keyboard to a finding that a link names", async () => {
    const { page } = await open()
    await page.selectOption("#filter-severity", "high")
    expect(await page.locator("#body tr").count()).toBe(2)
    await page.selectOption("#filter-severity", "")
    await page.fill("#filter-text", "r3 consent")
    await expect.poll(() => page.locator("#body tr").count()).toBe(1)
    await page.fill("#filter-text", "")
    await expect.poll(() => page.locator("#body tr").count()).toBe(5)
    expect(await page.locator("#body tr").first().innerText()).toContain("critical")
    await page.locator("#rows").focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect.poll(() => page.evaluate("document.activeElement.id")).toBe("finding")
    expect(new URL(page.url()).hash).toMatch(/^#f-\d{32}$/)
    await page.close()
  })

  it("verifies its digests and its signature with the right key, and says so when either is wrong", async () => {
    const { page } = await open()
    await page.fill("#key", publicPem(key.key))
    await page.click("#check-signature")
    await expect.poll(() => page.locator("#verified li").count()).toBe(3)
    expect(await page.locator("#verified .good").count()).toBe(3)
    await page.fill("#key", publicPem(signer().key))
    await page.click("#check-signature")
    await page.waitForSelector("#verified .bad")
    await page.close()

    const changed = mkdtempSync(join(tmpdir(), "earshot-changed-"))
    const other = await folderOf([finding(9)], whole, [])
    await renderReport({ ...other, coreEnvelope: readFileSync(join(folder, "core.dsse.json"), "utf8"), summary: whole, formats: ["html"], signed: true })
    writeFileSync(join(changed, "report.html"), readFileSync(join(other.folder, "report.html")))
    const wrong = await browser.newPage()
    await wrong.goto(pathToFileURL(join(changed, "report.html")).href)
    await wrong.waitForSelector("#body tr")
    await wrong.click("#check-digests")
    await wrong.waitForSelector("#verified .bad")
    expect(await wrong.locator("#verified .bad").innerText()).toContain("findings.ndjson")
    await wrong.close()
  })

  it("opens 100,000 findings in under three seconds and filters them without a wait", async () => {
    const many = Array.from({ length: 100_000 }, (_, n) => finding(n))
    const made = await folderOf(many, whole, [])
    await renderReport({ ...made, summary: whole, formats: ["html"], signed: false })
    const page = await browser.newPage()
    const begun = performance.now()
    await page.goto(pathToFileURL(join(made.folder, "report.html")).href)
    await page.waitForSelector("#body tr")
    expect(performance.now() - begun).toBeLessThan(3000)
    expect(await page.locator("#body tr").count()).toBeLessThan(60)
    await page.fill("#filter-text", "r99999")
    await expect.poll(() => page.locator("#body tr").count()).toBe(1)
    const before = performance.now()
    await page.fill("#filter-text", "r8888 consent")
    await expect.poll(() => page.locator("#shown").textContent()).toMatch(/^11 of/)
    expect(performance.now() - before).toBeLessThan(1000)
    await page.close()
  }, 60_000)
})
