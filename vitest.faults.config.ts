import { defineConfig } from "vitest/config"

// Tests that kill, fill and damage a real program: minutes, and one after the other.
export default defineConfig({
  test: { include: ["test/faults/**/*.test.ts"], isolate: false, fileParallelism: false, testTimeout: 600_000, hookTimeout: 120_000 }
})
