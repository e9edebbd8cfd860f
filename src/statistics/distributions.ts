/**
 * Tails and quantiles of the distributions that the tests of this room need, in double precision.
 * Sources: Lanczos' approximation of the gamma function (g = 7, nine terms, relative error below 1e-14);
 * series and continued fraction of the incomplete gamma function (Abramowitz and Stegun 6.5.29, 6.5.31);
 * continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), both fractions
 * evaluated by Lentz' method; quantiles by bisection on the tails, which always converges.
 */

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
]

/** ln Γ(x) for x > 0. */
export const logGamma = (x: number): number => {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x)
  const shifted = x - 1
  const base = shifted + 7.5
  const sum = lanczos.slice(1).reduce((total, coefficient, index) => total + coefficient / (shifted + index + 1), lanczos[0] as number)
  return 0.5 * Math.log(2 * Math.PI) + (shifted + 0.5) * Math.log(base) - base + Math.log(sum)
}

const tiny = 1e-300
const precision = 4e-16
const iterations = 10_000

/** Lentz' method for b0 + a1/(b1 + a2/(b2 + …)). */
const continuedFraction = (b0: number, a: (n: number) => number, b: (n: number) => number): number => {
  let value = b0 === 0 ? tiny : b0
  let c = value
  let d = 0
  for (let n = 1; n < iterations; n++) {
    d = b(n) + a(n) * d
    c = b(n) + a(n) / c
    if (d === 0) d = tiny
    if (c === 0) c = tiny
    d = 1 / d
    const change = c * d
    value *= change
    if (Math.abs(change - 1) < precision) break
  }
  return value
}

const gammaSeries = (shape: number, x: number): number => {
  let term = 1 / shape
  let sum = term
  for (let n = 1; n < iterations; n++) {
    term *= x / (shape + n)
    sum += term
    if (term < sum * precision) break
  }
  return sum * Math.exp(shape * Math.log(x) - x - logGamma(shape))
}

const gammaFraction = (shape: number, x: number): number =>
  Math.exp(shape * Math.log(x) - x - logGamma(shape)) / continuedFraction(x + 1 - shape, (n) => -n * (n - shape), (n) => x + 2 * n + 1 - shape)

/** Q(shape, x), the upper tail of a gamma variate with scale 1. */
export const gammaUpper = (shape: number, x: number): number => (x <= 0 ? 1 : x < shape + 1 ? 1 - gammaSeries(shape, x) : gammaFraction(shape, x))

/** P(shape, x), the lower tail of a gamma variate with scale 1. */
export const gammaLower = (shape: number, x: number): number => (x <= 0 ? 0 : x < shape + 1 ? gammaSeries(shape, x) : 1 - gammaFraction(shape, x))

/** P(X > x) for chi-squared with that many degrees of freedom. */
export const chiSquaredUpper = (x: number, degrees: number): number => gammaUpper(degrees / 2, x / 2)

/** P(Z > z) for a standard normal variate, exact far into the tail. */
export const normalUpper = (z: number): number => (z >= 0 ? 0.5 * gammaUpper(0.5, (z * z) / 2) : 1 - 0.5 * gammaUpper(0.5, (z * z) / 2))

/** P(|Z| > |z|). */
export const normalTwoSided = (z: number): number => gammaUpper(0.5, (z * z) / 2)

/** The x between the bounds where an increasing function reaches the target. */
export const increasingRoot = (f: (x: number) => number, target: number, low: number, high: number): number => {
  let lower = low
  let upper = high
  for (let step = 0; step < 300 && upper - lower > 0; step++) {
    const middle = (lower + upper) / 2
    if (middle === lower || middle === upper) break
    if (f(middle) < target) lower = middle
    else upper = middle
  }
  return (lower + upper) / 2
}

/** The z below which a standard normal variate falls with probability p (0 < p < 1). */
export const normalQuantile = (p: number): number =>
  p > 0.5 ? increasingRoot((z) => -normalUpper(z), p - 1, 0, 40) : -increasingRoot((z) => -normalUpper(z), -p, 0, 40)

/** The x below which chi-squared falls with probability p (0 < p < 1). */
export const chiSquaredQuantile = (p: number, degrees: number): number =>
  increasingRoot((x) => gammaLower(degrees / 2, x / 2), p, 0, degrees + 60 * Math.sqrt(2 * degrees) + 200)

const betaFraction = (a: number, b: number, x: number): number => {
  const numerator = (n: number): number => {
    const m = Math.floor(n / 2)
    if (n === 1) return 1
    const k = n - 1
    const half = Math.floor(k / 2)
    return k % 2 === 0 ? (half * (b - half) * x) / ((a + 2 * half - 1) * (a + 2 * half)) : (-(a + m - 1) * (a + b + m - 1) * x) / ((a + 2 * m - 2) * (a + 2 * m - 1))
  }
  return continuedFraction(0, numerator, () => 1)
}

/** I_x(a, b), the lower tail of a beta variate. */
export const betaLower = (a: number, b: number, x: number): number => {
  if (x <= 0) return 0
  if (x >= 1) return 1
  const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) + logGamma(a + b) - logGamma(a) - logGamma(b))
  return x < (a + 1) / (a + b + 2) ? (front * betaFraction(a, b, x)) / a : 1 - (front * betaFraction(b, a, 1 - x)) / b
}

/** ln of the binomial coefficient. */
export const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)
