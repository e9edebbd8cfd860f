import type { Resolved } from "./configuration.ts"

/** User and password of a URL never reach a screen. */
const withoutCredentials = (text: string): string => text.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1…@")

const at = (value: unknown, path: ReadonlyArray<string>): unknown =>
  path.reduce<unknown>((inner, key) => (typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[key] : undefined), value)

/** Keys that the configuration spells otherwise than the file: a single policy is a list of one. */
const pathOf = (key: string): ReadonlyArray<string> => (key === "policy" ? ["policy", "0"] : key.split("."))

/** One line a value, `key = value  # where from`, in order of keys: what --print-config shows. */
export const configurationLines = ({ values, origins }: Resolved): ReadonlyArray<string> =>
  Object.keys(origins).sort().map((key) => {
    const value = at(values, pathOf(key))
    const text = typeof value === "string" ? withoutCredentials(value) : value
    return `${key} = ${JSON.stringify(text)}  # ${origins[key]}`
  })
