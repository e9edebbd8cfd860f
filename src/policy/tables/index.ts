import type { Pack } from "../pack.ts"
import { accessTables } from "./access.ts"
import { consentTables } from "./consent.ts"
import { decisionTables } from "./decisions.ts"
import { packTables } from "./pack.ts"
import { tableOf } from "./table.ts"
import type { PolicyTable } from "./table.ts"

/** Every policy table that follows from the packs alone, in a fixed order. */
export const policyTables = (packs: ReadonlyArray<Pack>): ReadonlyArray<PolicyTable> =>
  [...packTables, ...consentTables, ...accessTables, ...decisionTables].map((definition) => tableOf(definition, packs))

export type { Cell, ColumnType, PolicyTable } from "./table.ts"
