/** What the program is built from: pinned, permissively licensed, nothing that runs when it is installed. A new exception is a line here, with its reason. */
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"

const root = fileURLToPath(new URL("..", import.meta.url))
const json = (name: string): unknown => JSON.parse(readFileSync(`${root}/${name}`, "utf8"))

type Locked = { readonly version: string; readonly license?: string; readonly dev?: boolean; readonly optional?: boolean; readonly resolved?: string; readonly integrity?: string; readonly hasInstallScript?: boolean; readonly link?: boolean }
const own = json("package.json") as { readonly dependencies: Readonly<Record<string, string>>; readonly devDependencies: Readonly<Record<string, string>> }
const lock = json("package-lock.json") as { readonly packages: Readonly<Record<string, Locked>> }
const installed = Object.entries(lock.packages).filter(([path]) => path !== "")
const nameOf = (path: string): string => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length)

/** Licences that ask for no more than a notice. */
const permissive = /^\(?(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-2-Clause|BSD-3-Clause|Python-2\.0|PSF-2\.0|CC0-1\.0|Unlicense|BlueOak-1\.0\.0)( (OR|AND) (MIT|Apache-2\.0|BSD-3-Clause|ISC))*\)?$/

/** Licences that were read by a person. */
const reviewed: Readonly<Record<string, string>> = {
  "dejavu-fonts-ttf": "Bitstream Vera licence: free to embed and to distribute, fonts only",
  "png-js": "MIT, in its LICENSE file; its package.json does not say so",
  "prelude-ls": "MIT, in its LICENSE file; its package.json says so in an old form; development only"
}

/** Packages whose licence asks for more, used in development only and never shipped. */
const developmentOnly = /^(axe-core|lightningcss(-.*)?)$/

/** Packages that run a script when they are installed; `npm ci --ignore-scripts` works without them. */
const scripts: Readonly<Record<string, string>> = { esbuild: "checks its binary, which came as a package", node: "links the Node of the tests" }

it("names exact versions", () => {
  const loose = Object.entries({ ...own.dependencies, ...own.devDependencies }).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
  expect(loose).toEqual([])
})

it("is held by digest, but for binaries of other platforms, which a package of the same version names", () => {
  const unheld = installed.filter(([, { integrity, link }]) => integrity === undefined && link !== true)
  expect(unheld.filter(([, { optional }]) => optional !== true).map(([path]) => path)).toEqual([])
  expect(installed.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith("https://")).map(([path]) => path)).toEqual([])
})

it("is licensed permissively, all that ships", () => {
  const doubtful = installed.filter(([path, { license, optional }]) => !(license === undefined && optional === true) && !permissive.test(license ?? "") && !(nameOf(path) in reviewed))
  expect(doubtful.filter(([path, { dev }]) => dev !== true || !developmentOnly.test(nameOf(path))).map(([path, { license }]) => `${path}: ${license ?? "none"}`)).toEqual([])
})

it("runs nothing when it is installed, but for what is listed", () => {
  const running = installed.filter(([, { hasInstallScript }]) => hasInstallScript === true)
  expect(running.filter(([path]) => !(nameOf(path) in scripts)).map(([path]) => path)).toEqual([])
  expect(running.filter(([, { dev }]) => dev !== true).map(([path]) => path)).toEqual([])
})
