import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { cachedLaws, type Pack, packFromValue } from "../policy/index.ts"
import { builtIn } from "./catalogue.ts"

const baselineFile = join(builtIn, "controls", "baseline.policy.yaml")

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === "object" && value !== null && !Array.isArray(value)

/** A map with another laid over it: maps merge, null removes a key, all else replaces. */
const patched = (base: unknown, patch: unknown): unknown => {
  if (!isMap(base) || !isMap(patch)) return patch
  const merged: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key]
    else merged[key] = patched(base[key], value)
  }
  return merged
}

/** The file does not change under a run. */
let baseline: unknown

/** The packs that cases are judged by: the baseline with each patch over it. */
export const casePacks = (patches: ReadonlyArray<Readonly<Record<string, unknown>>>): ReadonlyArray<Pack> => {
  baseline ??= parse(readFileSync(baselineFile, "utf8"), { schema: "core" }) as unknown
  const laws = cachedLaws()
  return patches.map((patch) => packFromValue(patched(baseline, patch), baselineFile, laws))
}
