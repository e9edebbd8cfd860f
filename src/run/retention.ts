import { join } from "node:path"
import type { Control } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import { preservedFindings, retentionLines } from "../gate/index.ts"
import type { Lines } from "./outputs.ts"

/** Writes retention.ndjson: the decision for every recording, with the open findings of the folder that need it as evidence. */
export const writeRetention = async (store: EvidenceStore, controls: ReadonlyArray<Control>, names: Pseudonymiser, folder: string, out: Lines): Promise<void> => {
  const preserved = await preservedFindings(join(folder, "findings.ndjson"), controls)
  for await (const line of retentionLines(store, names, preserved)) out.write([JSON.stringify(line)])
}
