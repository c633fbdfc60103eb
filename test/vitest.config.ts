import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // The commands that start the local stack share 2 cores with the tests themselves.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Test files share nothing but modules without state: loading those once for all halves the time.
    isolate: false,
  },
});
