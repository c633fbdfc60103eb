import { defineConfig } from 'vitest/config';

/** Many events, every grant of every role taken away, many starts of the whole command, whole processes killed. */
const LONG = [
  'test/e2e/{delivery,exports,faults,grants,grants-verification,octokit,proof,seal,vendors,volume}.test.ts',
  'test/infra/cli/normalize.test.ts',
  'test/infra/local/start-command.test.ts',
];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // What takes long is left to CI, which sets this and runs it.
    exclude: process.env['ANNALS_TEST_THOROUGH'] === undefined ? LONG : [],
    globalSetup: ['test/support/global-setup.ts'],
    // The commands that start the local stack share 2 cores with the tests themselves.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Test files share nothing but modules without state: loading those once for all halves the time.
    isolate: false,
  },
});
