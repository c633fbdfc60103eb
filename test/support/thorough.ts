/** Set in CI: suites that repeat much then do all of it, and otherwise a part, so that `npm test` stays short. */
export const THOROUGH = process.env['ANNALS_TEST_THOROUGH'] !== undefined;
