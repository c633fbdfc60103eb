import { defineConfig } from 'vitest/config';
import { findChromium } from './page/find-chromium.ts';

const THOROUGH = process.env['ANNALS_TEST_THOROUGH'] !== undefined;

/**
 * Left to CI: many events, most of the page, every grant of every role taken away, many starts of whole commands, a crash at
 * every step, and what of the local stack all other tests go by anyway.
 */
const LONG = [
  'test/e2e/{audit,connections-polled,counts,delivery,event-exports,expiry,exports,faults,formats,grants,grants-immutable}.test.ts',
  'test/e2e/{grants-replay,grants-seal,grants-verification,holds,octokit,page,polling,proof,raw,replay,seal,searches}.test.ts',
  'test/e2e/{vendors,volume}.test.ts',
  'test/functions/archive-handlers.test.ts',
  'test/infra/cli/{connections,normalize,verify}.test.ts',
  'test/infra/duckdb-binding.test.ts',
  'test/infra/local/{lambda,sql,sql-command,start-command,start-stack}.test.ts',
  'test/infra/local/aws/{dynamodb,s3-model}.test.ts',
  'test/page/{accessibility,admin,event,export,failures,injection,scrolling,searches,session,sources}.test.ts',
  'test/shared/archive/seal/{crash,view}.test.ts',
  'test/shared/archive/verify/expired.test.ts',
];
/** Of these the default suite does a part; in CI they repeat all that they repeat. */
const LARGER = [
  'test/conformance/pollers.test.ts',
  'test/shared/polling/completeness.test.ts',
  'test/shared/archive/verify/tamper.test.ts',
];

export default defineConfig({
  test: {
    include: THOROUGH ? [...LONG, ...LARGER] : ['test/**/*.test.ts'],
    exclude: [
      ...(THOROUGH ? [] : LONG),
      // The global setup says so.
      ...(findChromium() === undefined ? ['test/page/*.test.ts'] : []),
    ],
    globalSetup: ['test/support/global-setup.ts'],
    // The commands that start the local stack share 2 cores with the tests themselves.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // Test files share nothing but modules without state: loading those once for all halves the time.
    isolate: false,
  },
});
