import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SOURCES } from '../../shared/sources/registry.ts';
import { print, runCommand } from './command.ts';
import { pagePath, sourcePage } from './source-page.ts';

/** Writes the pages of all sources anew. */
async function docs(): Promise<void> {
  for (const source of SOURCES) {
    mkdirSync(dirname(pagePath(source)), { recursive: true });
    writeFileSync(pagePath(source), sourcePage(source));
  }
  print(`wrote ${SOURCES.length} pages to docs/sources`);
}

await runCommand(docs);
