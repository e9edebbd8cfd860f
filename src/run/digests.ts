import { canonicalJson, sha256Hex } from "../attest/index.ts"
import type { Pack } from "../policy/index.ts"

/** One digest over all packs, in the order of the pipeline. */
export const digestOfPolicies = (packs: ReadonlyArray<Pack>): string => sha256Hex(canonicalJson(packs.map((pack) => [pack.packKey, pack.sha256])))

/** One digest over the law packs that they name. */
export const digestOfLaw = (packs: ReadonlyArray<Pack>): string => sha256Hex(canonicalJson([...new Set(packs.map((pack) => `${pack.law.pack} ${pack.law.sha256}`))].sort()))
