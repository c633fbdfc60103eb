import { lambdaDuckDb } from './duckdb-binding.ts';
import { createApp } from './synth.ts';

createApp({ validate: true, duckDb: lambdaDuckDb() }).app.synth();
