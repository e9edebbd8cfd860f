import type { Context } from "./verb.ts"

/** How the program was called, so that a command in a hint can be typed as it stands: npm sets these for what it starts. */
export const asCalled = ({ npm_lifecycle_event: script, npm_command: command }: Context["environment"]): string =>
  script === "earshot" || script === "audit" ? "npm run -s earshot --" : command === "exec" ? "npx earshot" : "earshot"
