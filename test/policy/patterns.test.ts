import { describe, expect, it } from "vitest"
import { patternProblem } from "../../src/policy/patterns.ts"

describe("patterns of conditions", () => {
  it.each(["^R-[0-9]{4}$", "defect|broken", "^(refund|credit)$", "^[a-z]+-[0-9]+$", "(?i)damage", "^\\(x\\)+$", "[()*+]+", "^(ab)+$", "colou?r", "^.*late.*$", "(a|b){2}"])("may be used: %s", (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined()
  })

  it.each(["^(a+)+$", "^(a|a)*$", "^((a*)b?)*$", "(a|aa)+$", "(.*)*", "((a|b)c){1,}", "(x+x+)+y", "(a?){21,}", "a*a*a*b", "(?=a)b", "(a)\\1", "a".repeat(201), "([a-z]+){50}", "(a{0,99}){0,99}"])("may not: %s", (pattern) => {
    expect(patternProblem(pattern)).toMatch(/^its pattern /)
  })

  it("take little time where they may be used, whatever the text", () => {
    const texts = ["a".repeat(500), `${"ab".repeat(249)}!`, "-".repeat(500), `${"late".repeat(124)}x`]
    const began = performance.now()
    for (const pattern of ["^[a-z]+-[0-9]+$", "^(ab)+$", "^.*late.*$", "(a|b){2}x$", "a*a*b"]) for (const text of texts) new RegExp(pattern).test(text)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})
