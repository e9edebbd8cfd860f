import { defineConfig } from "vitest/config"

// Tests against a real S3 server: eval "$(test/server/ceph.sh start)", then npx vitest run --config vitest.server.config.ts
export default defineConfig({
  test: { include: ["test/server/**/*.test.ts"], isolate: false, testTimeout: 400_000, hookTimeout: 120_000 }
})
