import { readFileSync } from "node:fs"
import { Undelivered } from "./deliver.ts"

/** The environment that `env:NAME` speaks of. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What a setting says: the text itself, or the variable that `env:NAME` names. @throws Undelivered where that is not set. */
export const stated = (text: string, environment: Environment): string => {
  if (!text.startsWith("env:")) return text
  const value = environment[text.slice("env:".length)]
  if (value === undefined || value === "") throw new Undelivered(`the environment variable ${text.slice("env:".length)} is not set`, false)
  return value
}

/** A secret from `env:NAME` or a file, without the line feed at its end. @throws Undelivered where there is none. */
export const secretOf = (reference: string, environment: Environment): string => {
  if (reference.startsWith("env:")) return stated(reference, environment)
  try {
    return readFileSync(reference, "utf8").trimEnd()
  } catch (cause) {
    throw new Undelivered("the file of its secret cannot be read", false, cause)
  }
}
