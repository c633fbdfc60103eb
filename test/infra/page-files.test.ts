import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { PageFile, PageFiles } from '../../functions/page/files.ts';
import { buildPage, packPage } from '../../infra/page-files.ts';

const PROJECT = join(import.meta.dirname, '../..');
const FIXTURE = join(PROJECT, 'test/fixtures/page');
const ADDRESS = /(https?:)?\/\/[a-z0-9-]+\.[a-z][\w.-]*/gi;
const FETCHED =
  /\b(import|from|fetch|open|assign|href|src|action|url|WebSocket|EventSource|sendBeacon|Worker)\s*[(=:]*\s*["'`]((https?|wss?):)?\/\/[^"'`]*/gi;
const folder = mkdtempSync(join(tmpdir(), 'annals-page-'));
afterAll(() => rmSync(folder, { recursive: true }));

function built(root: string): string {
  const file = join(folder, 'files.json');
  buildPage(root, file);
  return readFileSync(file, 'utf8');
}

const text = ({ encodings }: PageFile) => Buffer.from(encodings.identity, 'base64').toString('utf8');

it('builds the same of the same sources, wherever they lie', () => {
  const elsewhere = join(folder, 'some', 'where else');
  cpSync(FIXTURE, elsewhere, { recursive: true });
  const page = built(FIXTURE);
  expect(built(elsewhere)).toBe(page);
  const files = JSON.parse(page) as PageFiles;
  const index = text(files['/']!);
  const names = Object.keys(files).filter((path) => path !== '/');
  expect(names).toHaveLength(3);
  for (const path of names) expect(path).toMatch(/^\/assets\/[a-z]+-[\w-]{8}\.(js|css|svg)$/);
  for (const path of names.filter((one) => !one.endsWith('.svg'))) expect(index).toContain(`"${path}"`);
  expect(JSON.stringify(Object.values(files).map(text))).toContain('production');
});

it('says what is wrong with a page that can not be built', () => {
  const spoiled = join(folder, 'spoiled');
  cpSync(FIXTURE, spoiled, { recursive: true });
  writeFileSync(join(spoiled, 'main.js'), "import './nowhere.js';\n");
  expect(() => built(spoiled)).toThrow(/spoiled can't be built: [\s\S]*nowhere\.js/);
});

it.each(['favicon.ico', 'assets/deep/a.js', 'assets/a.exe'])('takes no file that it can not serve: %s', (name) => {
  expect(() => packPage([{ name, bytes: Buffer.alloc(1) }])).toThrow(name);
});

it('of this project is small, asks no other origin and has nothing inline', () => {
  const files = JSON.parse(built(join(PROJECT, 'web'))) as PageFiles;
  const sent = Object.values(files).map(({ encodings }) => Buffer.from(encodings.gzip, 'base64').length);
  expect(sent.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(120 * 1024);
  for (const [path, file] of Object.entries(files)) {
    // In a script an address may be an example that people read; what fetches is the policy's to stop, and is not there.
    expect(text(file).match(path.endsWith('.js') ? FETCHED : ADDRESS) ?? [], path).toEqual([]);
  }
  const index = text(files['/']!);
  expect(index).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i);
  expect(index.match(/<script[^>]*>/g)).toEqual([expect.stringMatching(/ src="\/assets\/[^"]+"/)]);
});
