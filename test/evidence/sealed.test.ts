import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { EvidenceStore } from "../../src/evidence/index.ts"

const folder = mkdtempSync(join(tmpdir(), "earshot-sealed-"))
afterAll(() => { rmSync(folder, { recursive: true, force: true }) })

test("a sealed store answers and keeps what it is given, but reads and writes no file and changes no setting", async () => {
  const secret = join(folder, "secret.csv")
  writeFileSync(secret, "a\n1\n")
  const store = await EvidenceStore.open({ path: join(folder, "sealed.duckdb"), threads: 2 })
  try {
    const other = await store.beside()
    await store.run("CREATE TABLE stored.kept AS SELECT 1 AS n")
    await store.seal()
    for (const sql of [`SELECT * FROM read_csv('${secret}')`, `COPY (SELECT 1) TO '${join(folder, "out.csv")}'`, `ATTACH '${join(folder, "other.duckdb")}'`, "SET memory_limit = '9GB'", "SET enable_external_access = true", "INSTALL httpfs"]) {
      await expect(other.run(sql), sql).rejects.toThrow(/could not/)
    }
    await other.run("INSERT INTO stored.kept VALUES (2); CREATE TABLE made AS SELECT range::VARCHAR AS n FROM range(1000)")
  } finally {
    store.close()
  }
  const again = await EvidenceStore.open({ path: join(folder, "sealed.duckdb") })
  try {
    expect(await again.all("SELECT n FROM kept ORDER BY n")).toEqual([{ n: 1 }, { n: 2 }])
    await expect(again.all("SELECT * FROM made")).rejects.toThrow(/could not/)
    await expect(EvidenceStore.open({ path: join(folder, "sealed.duckdb") })).rejects.toThrow(/in use by another run/)
  } finally {
    again.close()
  }
})
