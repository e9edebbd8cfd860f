import { existsSync, mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { locationOf, storageJobs } from "../../src/gate/index.ts"

const validUntil = "2026-07-01T00:00:00Z"
const answer = (uri: string, decision: "delete" | "keep" | "hold", versionId: string | null = "v1") => ({ uri, versionId, decision, reasons: [], validUntil })
const folder = (): string => mkdtempSync(join(tmpdir(), "gate-jobs-"))
const text = (...path: ReadonlyArray<string>): string => readFileSync(join(...path), "utf8")

describe("files for storage", () => {
  it("name what may be deleted as S3 Batch Operations reads it, keys with any character included", () => {
    const at = folder()
    const jobs = storageJobs({ batchManifest: join(at, "delete.csv") })
    jobs.add(answer("s3://recordings/a b/ü,\"1\"\n+.wav", "delete"))
    jobs.add(answer("s3://recordings/kept.wav", "keep"))
    jobs.add(answer("s3://recordings/held.wav", "hold"))
    jobs.add(answer("recordings/local.wav", "delete"))
    jobs.add(answer("s3://recordings/half\ud800.wav", "delete"))
    expect(existsSync(join(at, "delete.csv"))).toBe(false)
    jobs.finish()
    expect(text(at, "delete.csv")).toBe('"recordings","a%20b/%C3%BC%2C%221%22%0A%2B.wav","v1"\n')
    expect(readdirSync(at)).toEqual(["delete.csv"])
  })

  it("keep rows with and without a version apart, since one manifest has one set of fields", () => {
    const [mixed, plain] = [folder(), folder()]
    for (const [at, versions] of [[mixed, ["v1", null]], [plain, [null]]] as const) {
      const jobs = storageJobs({ batchManifest: join(at, "delete.csv") })
      for (const version of versions) jobs.add(answer("s3://recordings/a.wav", "delete", version))
      jobs.finish()
    }
    expect(text(mixed, "delete.csv")).toBe('"recordings","a.wav","v1"\n')
    expect(text(mixed, "delete.csv.without-versions")).toBe('"recordings","a.wav"\n')
    expect([readdirSync(plain), text(plain, "delete.csv")]).toEqual([["delete.csv"], '"recordings","a.wav"\n'])
  })

  it("tag every object with its decision and how long that holds, as requests and as one job a decision", () => {
    const at = folder()
    const jobs = storageJobs({ tags: at })
    jobs.add(answer("s3://recordings/a.wav", "delete"))
    jobs.add(answer("s3://recordings/b.wav", "keep", null))
    jobs.finish()
    const TagSet = (decision: string) => [{ Key: "earshot-decision", Value: decision }, { Key: "earshot-valid-until", Value: validUntil }]
    expect(text(at, "tags.ndjson").trimEnd().split("\n").map((line) => JSON.parse(line) as unknown)).toEqual([
      { Bucket: "recordings", Key: "a.wav", VersionId: "v1", Tagging: { TagSet: TagSet("delete") } }, { Bucket: "recordings", Key: "b.wav", Tagging: { TagSet: TagSet("keep") } }
    ])
    expect(JSON.parse(text(at, "delete.operation.json"))).toEqual({ S3PutObjectTagging: { TagSet: TagSet("delete") } })
    expect([text(at, "delete.csv"), text(at, "keep.csv"), text(at, "hold.csv")]).toEqual(['"recordings","a.wav","v1"\n', '"recordings","b.wav"\n', ""])
  })

  it("are not there when the gate did not come to its end", () => {
    const at = folder()
    const jobs = storageJobs({ batchManifest: join(at, "delete.csv"), tags: join(at, "tags") })
    jobs.add(answer("s3://recordings/a.wav", "delete"))
    jobs.drop()
    expect([readdirSync(at), readdirSync(join(at, "tags"))]).toEqual([["tags"], []])
    expect(() => storageJobs({ batchManifest: join(at, "none", "delete.csv") })).toThrow(/cannot be written/)
  })

  it("locate only what S3 can hold", () => {
    expect(["s3://b/k", "s3://b//k", "s3://b/", "s3:///k", "https://b/k"].map(locationOf)).toEqual([{ bucket: "b", key: "k" }, { bucket: "b", key: "/k" }, undefined, undefined, undefined])
  })
})
