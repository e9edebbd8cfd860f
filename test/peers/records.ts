/** A canonical record, as a line of NDJSON. */
export type CanonicalRecord = Readonly<Record<string, unknown>> & { readonly kind: string; readonly id: string }

/** The objects of NDJSON text, one a line. */
export const ndjson = (text: string): ReadonlyArray<unknown> => text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line) as unknown)

/** RFC 3339 in UTC, of milliseconds since 1970. */
export const instant = (milliseconds: number): string => new Date(milliseconds).toISOString()
