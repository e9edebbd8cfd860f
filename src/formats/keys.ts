/** Key and certificate files that a source's options name. */
import { readFile } from "node:fs/promises"
import { resolve } from "node:path"
import { type FormatInput, ObjectUnreadable } from "./format.ts"

/** Texts in an option that is one text or a list of them. */
export const textsIn = (option: unknown): ReadonlyArray<string> =>
  (Array.isArray(option) ? option : [option]).filter((each): each is string => typeof each === "string" && each !== "")

/** Contents of the files that an option names; `env:NAME` is the content of an environment variable. Throws ObjectUnreadable. */
export const filesIn = async (input: FormatInput, option: string): Promise<ReadonlyArray<string>> =>
  Promise.all(textsIn(input.options[option]).map(async (name) => {
    if (name.startsWith("env:")) {
      const value = process.env[name.slice(4)]
      if (value === undefined) throw new ObjectUnreadable(`The source's ${option} name an environment variable that is not set; set it or name a file.`)
      return value
    }
    try {
      return await readFile(resolve(input.baseFolder, name), "utf8")
    } catch {
      throw new ObjectUnreadable(`A file that the source's ${option} name cannot be read; correct its path in the pipeline file.`)
    }
  }))

/** The PEM blocks of a text. */
export const pemBlocks = (text: string): ReadonlyArray<string> => text.match(/-----BEGIN [^-]+-----[\s\S]+?-----END [^-]+-----/g) ?? []
