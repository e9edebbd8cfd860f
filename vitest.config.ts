import { defineConfig } from "vitest/config"

// isolate: false keeps one module graph a worker; test files hold no module state.
export default defineConfig({
  test: { include: ["test/**/*.test.ts"], exclude: ["test/server/**", "test/bench/**", "test/faults/**"], isolate: false, maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 }
})
