import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Connection } from '../../shared/control/connections.ts';
import { AnnalsError, ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import type { Api } from './api.ts';
import type { Declared } from './connection-file.ts';

/** The API did not do what it was asked to. */
class ApiError extends AnnalsError {
  readonly code = 'api';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

const ProblemDocument = z.object({
  detail: z.string(),
  problems: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
const Shown = Connection.extend({ paused: z.boolean().optional() }).loose();

/** What can't be changed of a connection that is there: another one has to be made. */
const FIXED = ['source', 'origin', 'backfillFrom'] as const;
const CHANGEABLE = ['tier', 'settings', 'network', 'allowedAddresses', 'certificateAuthority', 'paused'] as const;

/**
 * Asks the API below `/v1/connections`.
 *
 * @returns the JSON that it answers; undefined where there is none.
 * @throws InvalidRequestError with what it says is wrong, ApiError when it does not do it for another reason.
 */
export async function ask({ url, key }: Api, method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${url}/v1/connections${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  }).catch((cause: Error) => {
    throw new ConfigurationError(`${url} does not answer: ${cause.message}`, { cause });
  });
  const text = await response.text();
  if (response.ok) return text === '' ? undefined : JSON.parse(text);
  const problem = response.headers.get('content-type')?.includes('problem+json')
    ? ProblemDocument.parse(JSON.parse(text))
    : { detail: text };
  if (response.status === 400) throw new InvalidRequestError(problem.detail, problem.problems);
  throw new ApiError(`${problem.detail} (${response.status})`, response.status);
}

/** Makes a connection, or changes the one that has its name into what is declared; a word for what was done. */
export async function apply(api: Api, declared: Declared): Promise<'made' | 'changed' | 'unchanged'> {
  const { name, paused, secrets, ...rest } = declared;
  const before = await ask(api, 'GET', `/${name}`).catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  });
  if (before === undefined) {
    await ask(api, 'POST', '', { name, ...rest, ...(secrets && { secrets }) });
    if (paused) await ask(api, 'PATCH', `/${name}`, { paused });
    return 'made';
  }
  const current = Shown.parse(before);
  const moved = FIXED.filter((field) => declared[field] !== undefined && declared[field] !== current[field]);
  if (moved.length > 0) {
    throw new InvalidRequestError(
      `connection ${name} is there already`,
      moved.map((path) => ({
        path,
        message: 'can not be changed: delete the connection first, or make one of another name',
      })),
    );
  }
  const changes = CHANGEABLE.filter(
    (field) => declared[field] !== undefined && !isDeepStrictEqual(declared[field], current[field]),
  );
  if (changes.length === 0 && secrets === undefined) return 'unchanged';
  await ask(api, 'PATCH', `/${name}`, {
    ...Object.fromEntries(changes.map((field) => [field, declared[field]])),
    // They can't be read back to be compared; those that are the same already change nothing.
    ...(secrets && { secrets }),
  });
  return 'changed';
}
