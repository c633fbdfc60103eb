import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  findHold,
  type Hold,
  HoldRequest,
  holdsOf,
  newHold,
  releaseHold,
  storeHold,
} from '../../shared/archive/hold.ts';
import { cursorOf, FilesPage, type FilesRequest, MOST_FILES, placeOf } from '../../shared/archive/retain/held-files.ts';
import { ConflictError, InvalidRequestError, NotFoundError } from '../../shared/errors.ts';
import { environment } from '../environment.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { keyActor } from '../http/authorize.ts';
import { readInput, record } from '../http/input.ts';
import { readParameters } from '../http/parameters.ts';
import { control, once } from '../services.ts';
import { logger } from '../telemetry.ts';

/** Every run compares every sealed file with every hold. */
const MOST_ACTIVE = 1_000;
const FILES_A_PAGE = 100;
const WAIT_MS = 24_000;
/** Tried once: the daily run does what this one does not, and who waits can ask again. */
const lambda = once(() => new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } }));

/** `POST /v1/holds`: events of a span of time are to stay, whatever becomes of their locks and retention. */
export async function create(request: ApiRequest): Promise<Answer> {
  const { key, now } = request;
  const input = readInput(request, HoldRequest);
  const active = (await holdsOf(control(), key.tenant)).filter(({ released }) => released === undefined);
  if (active.length >= MOST_ACTIVE)
    throw new ConflictError(`there are ${active.length} holds: release some, or make one that is wider`);
  const hold = newHold({ ...input, tenant: key.tenant }, actorOf(request), now);
  await record(request, {
    action: 'hold.create',
    target: { type: 'hold', id: hold.id },
    changes: (['from', 'to', 'reason'] as const).map((attribute) => ({ attribute, new: hold[attribute] })),
  });
  await storeHold(control(), hold);
  await start();
  return { status: 201, body: hold };
}

export async function list({ key }: ApiRequest): Promise<Answer> {
  return { status: 200, body: { holds: await holdsOf(control(), key.tenant) } };
}

/** `GET /v1/holds/{id}`: with the files that it is about, page by page, and whether each is held by now. */
export async function show(request: ApiRequest): Promise<Answer> {
  const given = readParameters(request.event.rawQueryString, { cursor: 'text', limit: 'text' });
  const page = { after: placeOf(given.cursor), limit: limitOf(given.limit) };
  const hold = await find(request);
  const { tenant, from, to } = hold;
  const { files, next } = await filesOf(request, { hold: { tenant, from, to }, ...page });
  return { status: 200, body: { ...hold, files, next: next === null ? null : cursorOf(next) } };
}

/** `DELETE /v1/holds/{id}`: releases a hold. It stays on record, and files stay held that another one covers. */
export async function release(request: ApiRequest): Promise<Answer> {
  const hold = await find(request);
  if (hold.released === undefined)
    await record(request, {
      action: 'hold.release',
      target: { type: 'hold', id: hold.id },
      changes: (['from', 'to', 'reason'] as const).map((attribute) => ({ attribute, old: hold[attribute] })),
    });
  const released = await releaseHold(control(), hold, actorOf(request), request.now);
  await start();
  return { status: 200, body: released };
}

async function find({ event, key }: ApiRequest): Promise<Hold> {
  const hold = await findHold(control(), key.tenant, event.pathParameters?.['id'] ?? '');
  if (hold === undefined) throw new NotFoundError('there is no hold with this id');
  return hold;
}

function actorOf({ key }: ApiRequest): string {
  return keyActor(key).id ?? '';
}

function limitOf(text: string | undefined): number {
  const limit = Number(text ?? FILES_A_PAGE);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MOST_FILES && /^(\d+)?$/.test(text ?? '')) return limit;
  throw new InvalidRequestError('some parameters are not understood', [
    { path: 'limit', message: `must be a whole number from 1 to ${MOST_FILES}` },
  ]);
}

/** Has holds put in place now; what fails here is done by the next daily run. */
async function start(): Promise<void> {
  try {
    await lambda().send(
      new InvokeCommand({ FunctionName: environment('RETAIN_FUNCTION'), InvocationType: 'Event', Payload: '{}' }),
      { abortSignal: AbortSignal.timeout(5_000) },
    );
  } catch (error) {
    logger.error('holds could not be put in place at once', { error: error as Error });
  }
}

async function filesOf({ timeLeft }: ApiRequest, asked: FilesRequest): Promise<FilesPage> {
  const { Payload, FunctionError } = await lambda()
    .send(new InvokeCommand({ FunctionName: environment('RETAIN_FUNCTION'), Payload: JSON.stringify(asked) }), {
      abortSignal: AbortSignal.timeout(Math.min(WAIT_MS, Math.max(0, timeLeft()))),
    })
    .catch((error: unknown) => {
      throw notRun(error);
    });
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw notRun(text);
  return FilesPage.parse(JSON.parse(text));
}

function notRun(reason: unknown): HttpError {
  logger.error('the files of a hold could not be listed', {
    error: reason instanceof Error ? reason : String(reason),
  });
  return new HttpError(503, 'files_not_listed', 'the archive could not be searched in time: try again');
}
