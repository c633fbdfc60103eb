import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { ConnectionRequest } from '../../shared/control/connections.ts';
import { ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { toProblems } from '../../shared/problems.ts';

/** A connection as a file says it: as it is made, and whether it is paused. */
const Declared = ConnectionRequest.extend({ paused: z.boolean().optional() });
export type Declared = z.infer<typeof Declared>;

const ENVIRONMENT = /^\$([A-Za-z_]\w*)$/;

/**
 * The connections of a JSON file: one object or an array. A secret `$NAME` is taken from the environment, `@path` from a
 * file beside it; so is a `certificateAuthority`.
 *
 * @throws InvalidRequestError naming everything that is wrong with it, ConfigurationError when something is not there.
 */
export async function readConnections(file: string, environment: NodeJS.ProcessEnv): Promise<Declared[]> {
  const text = await read(file);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const folder = dirname(resolve(file));
  const filled = await Promise.all(
    (Array.isArray(value) ? value : [value]).map((one) => fill(one, folder, environment)),
  );
  const parsed = z.array(Declared).safeParse(filled);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(`${file} is not valid`, parsed.error.issues.flatMap(toProblems));
}

async function fill(connection: unknown, folder: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  if (typeof connection !== 'object' || connection === null) return connection;
  const { secrets, certificateAuthority } = connection as { secrets?: unknown; certificateAuthority?: unknown };
  const given = typeof secrets === 'object' && secrets !== null ? Object.entries(secrets) : [];
  const values = await Promise.all(
    given.map(async ([name, value]) => [name, await resolved(value, `secrets.${name}`, folder, environment)]),
  );
  return {
    ...connection,
    ...(given.length > 0 && { secrets: Object.fromEntries(values) }),
    ...(certificateAuthority !== undefined && {
      certificateAuthority: await resolved(certificateAuthority, 'certificateAuthority', folder, environment),
    }),
  };
}

async function resolved(
  value: unknown,
  what: string,
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<unknown> {
  if (typeof value !== 'string') return value;
  if (value.startsWith('@')) return (await read(resolve(folder, value.slice(1)))).replace(/\r?\n$/, '');
  const [, variable] = ENVIRONMENT.exec(value) ?? [];
  if (variable === undefined) return value;
  const found = environment[variable];
  if (found === undefined || found === '') {
    throw new ConfigurationError(`${what} is in the environment variable ${variable}, which is not set`);
  }
  return found;
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: Error) => {
    throw new ConfigurationError(`can't read ${file}: ${cause.message}`, { cause });
  });
}
