import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { PageFile, PageFiles } from '../functions/page/files.ts';

const PROJECT = join(import.meta.dirname, '..');
/** Vite names these by their content. */
const ASSETS = 'assets/';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/**
 * Builds the page with Vite, by the configuration of `web/`, into one file that the function `page` reads.
 *
 * In a process of its own: synthesis is synchronous and Vite is not, and what is built must not depend on what the
 * environment of this one says (`NODE_ENV` under a test runner).
 *
 * @param root folder with the page's `index.html`.
 * @param file path of what is written; the same for the same sources, wherever they lie.
 * @throws Error with Vite's messages when the page can't be built.
 */
export function buildPage(root: string, file: string): void {
  const script = join(import.meta.dirname, 'page-build.ts');
  const { NODE_OPTIONS: _, ...environment } = process.env;
  try {
    execFileSync(process.execPath, [script, root, join(PROJECT, 'web/vite.config.ts'), file], {
      env: { ...environment, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).slice(-4_000) : '';
    throw new Error(`the page in ${root} can't be built: ${said}`, { cause });
  }
}

/**
 * What was built, ready to be served, as the text of {@link PageFiles}.
 *
 * @throws Error for a file that no route leads to, or of a type that is not known here.
 */
export function packPage(built: readonly { readonly name: string; readonly bytes: Buffer }[]): string {
  const files = [...built]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, bytes }) => [pathOf(name), packed(name, bytes)]);
  return JSON.stringify(Object.fromEntries(files) satisfies PageFiles);
}

function pathOf(name: string): string {
  if (name === 'index.html') return '/';
  if (/^assets\/[^/]+$/.test(name)) return `/${name}`;
  throw new Error(`the page has a file ${name}: only index.html and files right under ${ASSETS} are served`);
}

function packed(name: string, bytes: Buffer): PageFile {
  const type = TYPES[extname(name)];
  if (type === undefined) throw new Error(`the page has a file ${name}: add its content type in infra/page-files.ts`);
  const brotli = brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
  return {
    type,
    // Weak, as it stands for the same content in several encodings (RFC 9110, section 8.8.1).
    etag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`,
    immutable: name.startsWith(ASSETS),
    encodings: {
      br: brotli.toString('base64'),
      gzip: gzipSync(bytes, { level: 9 }).toString('base64'),
      identity: bytes.toString('base64'),
    },
  };
}
