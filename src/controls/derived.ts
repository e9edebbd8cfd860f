import { join } from "node:path"
import { loadExpectedOutcomes, type Pack } from "../policy/index.ts"
import { builtIn } from "./catalogue.ts"
import { consistencyFacts } from "./consistency.ts"
import { type Fact, readFacts } from "./facts.ts"

/** Facts that SQL alone cannot tell: made in TypeScript from records, packs and other facts, once those exist. */
const made = (packs: ReadonlyArray<Pack>): ReadonlyArray<Fact> => [
  { name: "expectedOutcome", needs: [], make: (store) => loadExpectedOutcomes(store.connection, packs) },
  ...consistencyFacts(packs)
]

/** All facts, SQL and TypeScript, under these packs. */
export const allFacts = (packs: ReadonlyArray<Pack>): Promise<ReadonlyMap<string, Fact>> => readFacts(join(builtIn, "facts"), made(packs))
