import { globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { isDeepStrictEqual } from "node:util"
import { Ajv2020 } from "ajv/dist/2020.js"
import { describe, expect, it } from "vitest"
import { ConfigurationError, loadShipped, loadYaml, locatedValue, nearest, parseYaml } from "../../src/yaml/index.ts"

const schema = {
  type: "object",
  additionalProperties: false,
  required: ["name"],
  properties: {
    name: { type: "string", minLength: 1 },
    when: { type: "string", format: "date-time" },
    within: { type: "string", format: "duration" },
    zone: { type: "string", format: "time-zone" },
    network: { type: "string", format: "cidr" },
    at: { type: "string", format: "time-of-day" },
    mode: { type: "string", enum: ["append", "snapshot"] },
    count: { type: "integer" },
    list: { type: "array", items: { type: "string" }, minItems: 1, uniqueItems: true },
    inner: { type: "object", additionalProperties: false, properties: { grace: { type: "string" } } },
    channels: { type: "object", propertyNames: { enum: ["voice", "chat"] }, additionalProperties: { type: "string" } }
  }
}

const problemsOf = (text: string | Uint8Array): ReadonlyArray<string> => {
  try {
    parseYaml(typeof text === "string" ? new TextEncoder().encode(text) : text, "p.yaml", schema)
    return []
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
    return error.message.split("\n")
  }
}

describe("what is wrong is said with file, line and column", () => {
  it.each([
    ["an unknown key, with the nearest known one", "name: a\ninner:\n  grade: x\n", "p.yaml:3:3: unknown key \"grade\"; did you mean \"grace\"?"],
    ["an unknown key with nothing near", "name: a\ninner: {zzzzzz: 1}\n", "p.yaml:2:9: unknown key \"zzzzzz\"; known here: grace"],
    ["a duplicate key", "name: a\nname: b\n", "p.yaml:2:1: the same key stands twice in one map; keep one"],
    ["a duplicate key deep inside", "name: a\ninner: {grace: a, grace: b}\n", "p.yaml:2:19: the same key stands twice in one map; keep one"],
    ["a number where text is wanted", "name: 7\n", "p.yaml:1:7: name: must be text, not a number; write it in quotes"],
    ["text where a number is wanted", "name: a\ncount: many\n", "p.yaml:2:8: count: must be a whole number, not text"],
    ["a list where a map is wanted", "name: a\ninner: [x]\n", "p.yaml:2:8: inner: must be a map of keys, not a list"],
    ["an empty document", "", "p.yaml:1:1: is empty; it must be a map of keys"],
    ["a missing key", "count: 1\n", "p.yaml:1:1: the key \"name\" is missing; add it"],
    ["an empty text", "name: ''\n", "p.yaml:1:7: name: must not be empty"],
    ["a time without offset", "name: a\nwhen: 2026-01-01T00:00:00\n", "p.yaml:2:7: when: \"2026-01-01T00:00:00\" is not a time with an offset, such as 2026-01-01T00:00:00Z"],
    ["a day that does not exist", "name: a\nwhen: 2026-02-29T00:00:00Z\n", "p.yaml:2:7: when: \"2026-02-29T00:00:00Z\" is not a time with an offset, such as 2026-01-01T00:00:00Z"],
    ["a wrong duration", "name: a\nwithin: 30s\n", "p.yaml:2:9: within: \"30s\" is not an ISO 8601 duration, such as PT30S, P30D or P1Y"],
    ["an unknown time zone", "name: a\nzone: America/Chicargo\n", "p.yaml:2:7: zone: \"America/Chicargo\" is not an IANA time zone, such as America/Chicago"],
    ["a wrong network", "name: a\nnetwork: 10.0.0.0/99\n", "p.yaml:2:10: network: \"10.0.0.0/99\" is not a network, such as 10.0.0.0/8 or 2001:db8::/32"],
    ["a wrong hour", "name: a\nat: \"25:00\"\n", "p.yaml:2:5: at: \"25:00\" is not an hour and minute in quotes, such as \"07:00\""],
    ["an unknown word", "name: a\nmode: snapshots\n", "p.yaml:2:7: mode: \"snapshots\" is not known; did you mean \"snapshot\"?"],
    ["a key of a map that is not one of the allowed", "name: a\nchannels: {voise: x}\n", "p.yaml:2:12: unknown key \"voise\"; did you mean \"voice\"?"],
    ["an empty list", "name: a\nlist: []\n", "p.yaml:2:7: list: must not be an empty list; leave the key out instead"],
    ["the same entry twice", "name: a\nlist: [x, x]\n", "p.yaml:2:7: list: lists the same entry twice; remove one"],
    ["two documents", "name: a\n---\nname: b\n", "p.yaml:2:1: holds more than one YAML document; keep one"]
  ])("%s", (_, text, sentence) => {
    expect(problemsOf(text)).toEqual([sentence])
  })

  it("says every problem at once, in the order of the file", () => {
    expect(problemsOf("nam: a\ncount: x\nmode: y\n").map((line) => line.split(":").slice(0, 3).join(":"))).toEqual(["p.yaml:1:1", "p.yaml:1:1", "p.yaml:2:8", "p.yaml:3:7"])
  })

  it("says where broken YAML breaks", () => {
    expect(problemsOf("name: [a\n")[0]).toMatch(/^p\.yaml:\d+:\d+: is not valid YAML: /)
    expect(problemsOf("name: a\n\tcount: 1\n")[0]).toMatch(/^p\.yaml:2:\d+: is not valid YAML: /)
    expect(problemsOf("name: !secret a\n")[0]).toMatch(/^p\.yaml:1:7: is not valid YAML: /)
  })
})

describe("hostile files", () => {
  it("refuses aliases that multiply", () => {
    const bomb = ["name: &a [x, x, x, x, x, x, x, x, x]", ...["b", "c", "d", "e", "f", "g"].map((name, index) => `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdef"[index]}`).join(", ")}]`)].join("\n")
    expect(problemsOf(bomb)).toEqual(["p.yaml:1:1: repeats its anchors too often; write the values out"])
  })

  it("allows a single anchor to be used again", () => {
    expect(problemsOf("name: &n north\nlist: [*n]\n")).toEqual([])
  })

  it("refuses bytes that are not UTF-8", () => {
    expect(problemsOf(new Uint8Array([0x6e, 0xff, 0xfe]))).toEqual(["p.yaml:1:1: is not UTF-8 text; save it as UTF-8"])
  })

  it("does not let a key reach the prototype", () => {
    expect(problemsOf("name: a\n__proto__: {polluted: 1}\n")[0]).toMatch(/unknown key "__proto__"/)
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined()
  })
})

describe("files", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-yaml-"))

  it("says that a file does not exist or is a folder", () => {
    expect(() => loadYaml(join(folder, "none.yaml"), schema)).toThrow(/none\.yaml:1:1: does not exist; check the path/)
    expect(() => loadYaml(folder, schema)).toThrow(/is a folder, not a file/)
  })

  it("gives value, digest of the bytes, and places for later checks", () => {
    const file = join(folder, "good.yaml")
    writeFileSync(file, "# first\nname: north\nlist:\n  - a\n  - 'it''s b'\n")
    const located = loadYaml<{ name: string }>(file, schema)
    expect(located.value.name).toBe("north")
    expect(located.sha256).toMatch(/^[0-9a-f]{64}$/)
    const at = (...parameters: Parameters<typeof located.problemAt>) => {
      const { line, column, pointer } = located.problemAt(...parameters)
      return [line, column, pointer]
    }
    expect(at(["name"], "x")).toEqual([2, 7, "/name"])
    expect(at(["name"], "x", "key")).toEqual([2, 1, "/name"])
    expect(at(["list", 1], "x")).toEqual([5, 5, "/list/1"])
    expect(at(["list", 1], "x", "value", 5)).toEqual([5, 12, "/list/1"])
    expect(at(["name", "missing"], "x")).toEqual([2, 7, "/name/missing"])
  })

  it("checks values made in memory too", () => {
    expect(locatedValue<{ name: string }>({ name: "north" }, "made.yaml", schema).value).toEqual({ name: "north" })
    expect(() => locatedValue({ nam: "north" }, "made.yaml", schema)).toThrow(/did you mean "name"/)
  })
})

describe("nearest", () => {
  it.each([
    ["shedule", ["schedule", "sources"], "schedule"],
    ["frehsWithin", ["freshWithin", "matchWithin"], "freshWithin"],
    ["POLICY", ["policy"], "policy"],
    ["x", ["y"], "y"],
    ["until", ["from"], undefined]
  ])("%s", (word, known, meant) => {
    expect(nearest(word, known)).toBe(meant)
  })
})

it("what ships is read the same without places as with them", () => {
  const shipped = globSync(fileURLToPath(new URL("../../pipelines/{controls,law,frameworks}/**/*.yaml", import.meta.url)))
  expect(shipped.length).toBeGreaterThan(190)
  const anything = {}
  const different = shipped.filter((file) => {
    const [careful, quick] = [loadYaml(file, anything), loadShipped(file, anything)]
    return quick.sha256 !== careful.sha256 || !isDeepStrictEqual(quick.value, careful.value)
  })
  expect(different).toEqual([])
})

it("a file of the installation that does not fit is told with its places", () => {
  const file = join(mkdtempSync(join(tmpdir(), "earshot-yaml-")), "broken.yaml")
  writeFileSync(file, "name: north\nmode: appendd\n")
  expect(() => loadShipped(file, schema)).toThrow(/broken\.yaml:2:7: mode: "appendd" is not known; did you mean "append"/)
  writeFileSync(file, "name: north\nname: south\n")
  expect(() => loadShipped(file, schema)).toThrow(/broken\.yaml:2:1: the same key stands twice/)
  writeFileSync(file, "name: north\ncount: 3\n")
  expect(loadShipped(file, schema).problemAt(["count"], "x")).toMatchObject({ line: 2, column: 8 })
})

it("the schemas are valid JSON Schema 2020-12", () => {
  const ajv = new Ajv2020()
  const schemas = globSync(fileURLToPath(new URL("../../schemas/**/*.schema.json", import.meta.url)))
  expect(schemas.length).toBeGreaterThan(20)
  expect(schemas.filter((file) => ajv.validateSchema(JSON.parse(readFileSync(file, "utf8")) as object) !== true)).toEqual([])
  expect(ajv.validateSchema({ type: "objekt" })).toBe(false)
})
