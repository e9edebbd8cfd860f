import { relative } from "node:path"
import { defineConfig } from "vitest/config"
import { BaseSequencer, type TestSpecification } from "vitest/node"

/** The files that take longest, longest first: vitest goes by size where it has not run before, and a long one that comes last keeps one core alone. */
const long = ["controls", "run/determinism", "readme", "golden/golden", "simulate/findings", "sources/fuzz", "access/digests", "attest/verify"].map((name) => `test/${name}.test.ts`)

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = long.indexOf(relative(import.meta.dirname, moduleId))
  return place < 0 ? long.length : place
}

class LongFirst extends BaseSequencer {
  override async sort(files: Array<TestSpecification>): Promise<Array<TestSpecification>> {
    return [...await super.sort(files)].sort((left, right) => placeOf(left) - placeOf(right))
  }
}

// isolate: false keeps one module graph a worker; test files hold no module state.
export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"], exclude: ["test/server/**", "test/bench/**", "test/faults/**"], isolate: false, maxWorkers: 2, testTimeout: 120_000, hookTimeout: 120_000,
    sequence: { sequencer: LongFirst }
  }
})
