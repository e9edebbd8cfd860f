import { readFileSync } from "node:fs"
import { expect, it } from "vitest"
import { typesOfRecords } from "../../src/records/generate.ts"

it("has types that are fresh from the schemas", async () => {
  expect(readFileSync(new URL("../../src/records/types.ts", import.meta.url), "utf8")).toBe(await typesOfRecords())
})
