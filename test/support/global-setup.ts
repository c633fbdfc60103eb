import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../infra/synth.ts';
import { findChromium, NO_CHROMIUM } from '../page/find-chromium.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the synthesised template with the bundles that would be deployed. */
    templateFile: string;
  }
}

/** Synthesises the app once for all end-to-end tests. */
export default function setup(project: TestProject): () => void {
  if (findChromium() === undefined) process.stderr.write(`The tests of the page are skipped: ${NO_CHROMIUM}.\n`);
  const outdir = mkdtempSync(join(tmpdir(), 'annals-synth-'));
  // A few shards, so that what merges them is exercised.
  const context = { annals: { shards: { default: 1, 'custom.sharded': 3, 'github.webhook': 2 } } };
  project.provide('templateFile', synthesize({ outdir, context }));
  return () => rmSync(outdir, { recursive: true, force: true });
}
