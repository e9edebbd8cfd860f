import type { Located, Problem } from "../yaml/index.ts"
import { overrideMistake } from "./law-overrides.ts"
import type { Law } from "./law.ts"
import type { PolicyFile } from "./types.ts"

/** What a schema cannot say about a pack. */
export const packProblems = (located: Located<PolicyFile>, law: Law): ReadonlyArray<Problem> =>
  (located.value.consent?.overrides ?? []).flatMap((override, o) => {
    const mistake = overrideMistake(law, override)
    return mistake === undefined ? [] : [located.problemAt(["consent", "overrides", o, "jurisdiction"], mistake)]
  })
