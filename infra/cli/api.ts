import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Scope } from '../../shared/control/keys.ts';
import { ConfigurationError } from '../../shared/errors.ts';

/** Where Annals answers, and an API key to ask it with. */
export interface Api {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string;
}

/** What names an Annals on the command line. */
export const API_OPTIONS = {
  stack: { type: 'string' },
  url: { type: 'string' },
  dir: { type: 'string', default: '.annals' },
} as const;

/** What `npm start` runs from this folder. */
export async function localApi(dir: string): Promise<Api> {
  const path = join(dir, 'local.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigurationError(`there is no ${path}: start Annals with npm start, or name a deployment`, { cause });
  });
  return z.object({ url: z.url(), key: z.string() }).parse(JSON.parse(text));
}

/** Any Annals, with the key of the environment variable ANNALS_KEY. */
export function remoteApi(url: string): Api {
  const key = process.env['ANNALS_KEY'];
  if (key === undefined) throw new ConfigurationError('put the API key into the environment variable ANNALS_KEY');
  return { url: url.replace(/\/$/, ''), key };
}

/**
 * Works with the Annals that is named: `--stack` with a key of its own, made with the deployer's AWS credentials, which is
 * revoked afterwards; `--url` with ANNALS_KEY; else the one of this machine.
 */
export async function withApi<T>(
  { stack, url, dir }: { stack?: string | undefined; url?: string | undefined; dir: string },
  scopes: Scope[],
  purpose: string,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  if (stack === undefined) return work(url === undefined ? await localApi(dir) : remoteApi(url));
  if (url !== undefined) throw new ConfigurationError('give --stack or --url, not both');
  // The AWS SDK takes a while to load: only a deployed stack needs it.
  const { withStackApi } = await import('./stack-api.ts');
  return withStackApi(stack, scopes, purpose, work);
}
