/**
 * `npm run build`: dist/ holds the program as JavaScript for plain Node, file by file at the same depth as in src/, so that
 * what a file finds beside itself or two folders up (schemas, pipelines) it finds when built too.
 */
import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative, sep } from "node:path"
import { fileURLToPath } from "node:url"
import { transform } from "esbuild"

const root = fileURLToPath(new URL("..", import.meta.url))
const source = join(root, "src")

/** Programs that make files of this repository; no part of the package. */
const makers = new Set(["build.ts", join("records", "generate.ts")])

const filesBelow = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder).sort().flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesBelow(path) : [path]
  })

/** Relative imports of `.ts` files, as they stand after `from`, in `import "…"` and in `import("…")`, also in types. */
const relativeImport = /(\bfrom\s*|\bimport\s*\(?\s*)(["'])(\.{1,2}\/[^"'\n]*)\.ts\2/g

const withJavaScriptImports = (text: string): string => text.replaceAll(relativeImport, (_, before: string, quote: string, path: string) => `${before}${quote}${path}.js${quote}`)

const put = (file: string, content: string): void => {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const transpile = async (file: string, out: string): Promise<void> => {
  const { code } = await transform(readFileSync(file, "utf8"), { loader: "ts", format: "esm", target: "node22", sourcefile: relative(root, file) })
  put(out.replace(/\.ts$/, ".js"), withJavaScriptImports(code))
}

/** Declarations by the TypeScript compiler; a type error is told and left to `npm run types`, which judges types. */
const declare = (made: ReadonlyArray<string>, dist: string): void => {
  const types = join(dist, ".types")
  const compiler = join(root, "node_modules", "typescript", "bin", "tsc")
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json"), "--outDir", types], { cwd: root, encoding: "utf8" })
  if (status !== 0) process.stderr.write(`${stdout}The declarations are written in spite of this; npm run types judges types.\n`)
  for (const file of made) {
    const declaration = join(types, "src", relative(source, file).replace(/\.ts$/, ".d.ts"))
    if (existsSync(declaration)) put(join(dist, relative(source, file).replace(/\.ts$/, ".d.ts")), withJavaScriptImports(readFileSync(declaration, "utf8")))
  }
  rmSync(types, { recursive: true, force: true })
}

/** Makes the whole beside and puts it in place at once, so that a program that runs meanwhile finds the old or the new one. */
const build = async (): Promise<void> => {
  const building = mkdtempSync(join(root, ".dist-"))
  const dist = join(root, "dist")
  try {
    const files = filesBelow(source).filter((file) => !makers.has(relative(source, file)))
    const programs = files.filter((file) => file.endsWith(".ts"))
    await Promise.all(programs.map((file) => transpile(file, join(building, relative(source, file)))))
    for (const file of files) if (!file.endsWith(".ts") && !file.endsWith(`${sep}README.md`)) cpSync(file, join(building, relative(source, file)))
    declare(programs, building)
    chmodSync(building, 0o755)
    chmodSync(join(building, "main.js"), 0o755)
    rmSync(dist, { recursive: true, force: true })
    renameSync(building, dist)
    process.stdout.write(`dist/ holds ${programs.length} files of program.\n`)
  } finally {
    rmSync(building, { recursive: true, force: true })
  }
}

await build()
