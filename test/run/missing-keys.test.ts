import { existsSync, mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import type { Configuration } from "../../src/pipeline/index.ts"
import { makeMissingKeys } from "../../src/run/index.ts"

const asking = (folder: string, key: string): Configuration =>
  ({ signing: { create: "missing", keys: [join(folder, "keys", key)] }, report: { pseudonymKey: join(folder, "keys", "pseudonym.key"), idKey: "env:ID_KEY" } }) as unknown as Configuration

it("makes the keys that are missing, and refuses a name under which none is made before it makes any", async () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-keys-"))
  await expect(makeMissingKeys(asking(folder, "mine.pem"))).rejects.toMatchObject({ name: "ConfigurationError", message: expect.stringMatching(/mine\.pem: does not exist, and signing.create: missing makes pipeline\.pem only/) as string })
  expect(existsSync(join(folder, "keys"))).toBe(false)
  await makeMissingKeys(asking(folder, "pipeline.pem"))
  expect(["pipeline.pem", "pipeline.pub", "pseudonym.key"].map((name) => existsSync(join(folder, "keys", name)))).toEqual([true, true, true])
})
