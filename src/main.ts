#!/usr/bin/env node
import { enableCompileCache } from "node:module"
import { fileURLToPath } from "node:url"

// Compiled programs are kept where the packages lie, whose owner alone can write there; where nobody can, nothing is kept.
enableCompileCache(fileURLToPath(new URL("../node_modules/.cache/earshot", import.meta.url)))

const { runCommandLine } = await import("./cli/command-line.ts")
process.exitCode = await runCommandLine(process.argv)
