/** Instants and ISO 8601 durations, with calendar arithmetic in UTC that agrees with DuckDB's. */
export { formatInstant, instantOf, parseInstant, untilOf } from "./instant.ts"
export type { Instant } from "./instant.ts"
export { addDuration, intervalText, parseDuration, subtractDuration } from "./duration.ts"
export type { Duration } from "./duration.ts"
