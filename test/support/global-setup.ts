import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../infra/synth.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the synthesised template with the bundles that would be deployed. */
    templateFile: string;
  }
}

/** Synthesises the app once for all end-to-end tests. */
export default function setup(project: TestProject): () => void {
  const outdir = mkdtempSync(join(tmpdir(), 'annals-synth-'));
  // A few shards, so that what merges them is exercised.
  const context = { annals: { shards: { default: 1, 'custom.sharded': 3, 'github.webhook': 2 } } };
  const pageRoot = join(import.meta.dirname, '../fixtures/page');
  project.provide('templateFile', synthesize({ outdir, context, pageRoot }));
  return () => rmSync(outdir, { recursive: true, force: true });
}
