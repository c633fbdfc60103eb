import { defineConfig } from 'vitest/config';

/** Many events, every grant of every role taken away, many starts of whole commands, a crash at every step. */
const LONG = [
  'test/e2e/{counts,delivery,event-exports,expiry,exports,faults,formats,grants,grants-replay,grants-seal,grants-verification,holds,octokit,page,proof,replay,seal,searches,vendors,volume}.test.ts',
  'test/functions/archive-handlers.test.ts',
  'test/infra/cli/{connections,normalize}.test.ts',
  'test/infra/duckdb-binding.test.ts',
  'test/infra/local/start-command.test.ts',
  'test/shared/archive/seal/{crash,view}.test.ts',
  'test/shared/archive/verify/expired.test.ts',
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
