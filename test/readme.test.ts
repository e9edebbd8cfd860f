import { spawnSync } from "node:child_process"
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"

const root = join(import.meta.dirname, "..")
const readme = readFileSync(join(root, "README.md"), "utf8")
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"))
const own = commands.filter((command) => command.startsWith("npm run -s earshot -- ")).map((command) => command.slice("npm run -s earshot -- ".length).split(" "))

let folder = ""
beforeAll(() => { folder = mkdtempSync(join(tmpdir(), "earshot-readme-")) })
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

it("begins with two commands that package.json has", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: Readonly<Record<string, string>> }
  expect(commands.slice(0, 2)).toEqual(["npm ci && npm run audit", "npm test"])
  expect(scripts["audit"]).toContain("pipelines/quickstart/pipeline.yaml")
  expect(scripts["test"]).toBeDefined()
})

it("gives commands that work, in their order", () => {
  expect(own.length).toBeGreaterThan(4)
  for (const command of own) {
    const done = spawnSync(process.execPath, [join(root, "src/main.ts"), ...command], { cwd: folder, encoding: "utf8" })
    // The sample records hold a finding, so that a first run has something to show.
    expect([command.join(" "), done.status, done.status === 0 ? "" : done.stderr]).toEqual([command.join(" "), command[0] === "run" ? 1 : 0, command[0] === "run" ? done.stderr : ""])
  }
  expect(existsSync(join(folder, "my-audit/reports"))).toBe(true)
}, 120_000)
