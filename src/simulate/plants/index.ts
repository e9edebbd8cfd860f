import { behaviourPlants } from "./access/behaviour.ts"
import { conductPlants } from "./access/conduct.ts"
import { explainedPlants } from "./access/explained.ts"
import { contentPlants } from "./consent/content.ts"
import { purposePlants } from "./consent/purposes.ts"
import { recordedPlants } from "./consent/recorded.ts"
import { trustedPlants } from "./evidence/trusted.ts"
import type { Plant } from "./plant.ts"
import { comparedPlants } from "./policy/compared.ts"
import { decidedPlants } from "./policy/decided.ts"
import { promisedPlants } from "./policy/promised.ts"
import { keptPlants } from "./retention/kept.ts"

export type { Plant } from "./plant.ts"

/** Every plant, one for each control that can fire without making the whole run untrustworthy. */
export const plants: ReadonlyArray<Plant> = [
  ...recordedPlants, ...purposePlants, ...contentPlants, ...explainedPlants, ...conductPlants, ...behaviourPlants, ...decidedPlants, ...promisedPlants, ...comparedPlants,
  ...keptPlants, ...trustedPlants
]
