import { readFileSync } from "node:fs"
import { join } from "node:path"
import { parse } from "yaml"
import { cachedLaws, packFromValue } from "../../src/policy/index.ts"
import type { Pack } from "../../src/policy/index.ts"
import { ConfigurationError } from "../../src/yaml/index.ts"

/** The policy that every case of a control starts from, as text. */
export const baselineText = readFileSync(join(import.meta.dirname, "../../pipelines/controls/baseline.policy.yaml"), "utf8")

const laws = cachedLaws()

/** The smallest pack, with some keys set. */
export const packWith = (keys: Readonly<Record<string, unknown>> = {}): Pack =>
  packFromValue({ policy: "p", version: "1", from: "2024-01-01T00:00:00Z", ...keys }, "p.yaml", laws)

/** The baseline policy as a value that a test may change. */
export const baseline = (): Record<string, Record<string, unknown>> => parse(baselineText, { schema: "core" }) as Record<string, Record<string, unknown>>

/** The lines of the error, or none. */
export const problemsOf = (make: () => unknown): ReadonlyArray<string> => {
  try {
    make()
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message.split("\n")
  }
}
