/** YAML files that people write: read, checked against a JSON Schema, every problem with file, line and column. */
export { ConfigurationError, problemText, refuse } from "./configuration-error.ts"
export type { Problem } from "./configuration-error.ts"
export { loadYaml, locatedValue, parseYaml } from "./load.ts"
export type { Located, Path } from "./load.ts"
export { loadShipped } from "./shipped.ts"
export { nearest, suggestion } from "./nearest.ts"
export type { JsonSchema } from "./schema-check.ts"
