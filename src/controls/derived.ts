import { join } from "node:path"
import { builtIn } from "./catalogue.ts"
import { type Fact, readFacts } from "./facts.ts"

/** Facts that SQL alone cannot tell: made in TypeScript from other facts, once those exist. */
const made: ReadonlyArray<Fact> = []

/** All facts, SQL and TypeScript. */
export const allFacts = (): Promise<ReadonlyMap<string, Fact>> => readFacts(join(builtIn, "facts"), made)
