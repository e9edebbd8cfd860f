import { it } from "vitest"
import { generatedMatches } from "../yaml/generated.ts"

it("the types of pipeline files are those of the schema", async () => {
  await generatedMatches("pipeline", "src/pipeline/types.ts")
})
