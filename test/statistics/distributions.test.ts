import { describe, expect, it } from "vitest"
import { betaLower, chiSquaredQuantile, chiSquaredUpper, gammaLower, gammaUpper, logGamma, normalQuantile, normalTwoSided, normalUpper } from "../../src/statistics/index.ts"

const close = (actual: number, expected: number): void => expect(Math.abs(actual / expected - 1)).toBeLessThan(1e-9)

// Expected values by scipy 1.17.1.
describe("distributions", () => {
  it("gives the logarithm of the gamma function", () => {
    for (const [x, value] of [[0.1, 2.252712651734206], [0.5, 0.5723649429247], [3.7, 1.428072326665388], [50.25, 145.5418715963321], [1234.5, 7550.550901077894]] as const) close(logGamma(x), value)
  })
  it("gives both tails of the gamma distribution", () => {
    close(gammaUpper(2.5, 1) + gammaLower(2.5, 1), 1)
    expect(gammaUpper(3, 0)).toBe(1)
    expect(gammaLower(3, 0)).toBe(0)
  })
  it("gives normal tails far out", () => {
    close(normalUpper(1), 0.15865525393145707)
    close(normalUpper(5), 2.866515718791933e-07)
    close(normalUpper(12), 1.776482112077675e-33)
    close(normalUpper(-1), 0.8413447460685429)
    close(normalTwoSided(1.959963984540054), 0.05)
  })
  it("gives normal quantiles", () => {
    close(normalQuantile(0.975), 1.959963984540054)
    close(normalQuantile(0.001), -3.0902323061678136)
    close(normalQuantile(0.8), 0.8416212335729142)
    close(normalQuantile(1e-9), -5.997807015007686)
  })
  it("gives chi-squared tails and quantiles that undo each other", () => {
    for (const [p, degrees] of [[0.025, 150], [0.975, 152], [0.999, 1], [0.5, 7]] as const) close(1 - chiSquaredUpper(chiSquaredQuantile(p, degrees), degrees), p)
  })
  it("gives the lower tail of the beta distribution, at and beyond its ends", () => {
    close(betaLower(2, 3, 0.4), 0.5248)
    close(betaLower(0.5, 0.5, 0.1), 0.20483276469913345)
    expect(betaLower(2, 3, 0)).toBe(0)
    expect(betaLower(2, 3, 1)).toBe(1)
  })
})
