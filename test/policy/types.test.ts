import { it } from "vitest"
import { generatedMatches } from "../yaml/generated.ts"

it("the types of policy packs are those of the schema", async () => {
  await generatedMatches("policy", "src/policy/types.ts")
})
