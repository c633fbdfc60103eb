import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { dueAt } from '../../shared/archive/seal/days.ts';
import { Located, type Proof } from '../../shared/archive/verify/located.ts';
import { lastVerdict } from '../../shared/archive/verify/record.ts';
import { NotFoundError } from '../../shared/errors.ts';
import { isEventId } from '../../shared/event/id.ts';
import { environment } from '../environment.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { control, eventReader, once } from '../services.ts';
import { logger } from '../telemetry.ts';

const notYet: Located = { found: false };
/** Reading a file of the archive takes seconds, and the function may have to start. */
const WAIT_MS = 24_000;
/** Tried once: whoever waits for it can ask again. */
const lambda = once(() => new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } }));

/**
 * `GET /v1/events/{id}/proof`: the file and digest that hold an event, and what the last verify said; or when it will be sealed, or that it has expired.
 * The archive is searched by the verify function, which alone can read it.
 */
export async function proof(request: ApiRequest): Promise<Answer> {
  const { event, key, now, timeLeft } = request;
  const id = event.pathParameters?.['id'] ?? '';
  if (!isEventId(id)) throw absent();
  const [stored, verdict] = await Promise.all([eventReader().get(key.tenant, id, timeLeft), lastVerdict(control())]);
  const allowed = (source: string) => key.sources === undefined || key.sources.includes(source);
  if (stored && !allowed(stored.event.source)) throw absent();
  const due = stored && dueAt(stored.event.receivedAt.slice(0, 10));
  const located = due !== undefined && now < due ? notYet : await locate(request, id);
  if (located.found === null)
    throw new HttpError(500, 'not_as_sealed', `the archive is not as it was sealed: ${located.problem}`);
  const expired = located.found ? undefined : located.expired;
  if (!located.found && due === undefined) throw expired === undefined ? absent() : gone(expired);
  if (located.found && !allowed(located.source)) throw absent();
  const body: Proof = {
    id,
    sealed: located.found,
    dueAt: located.found || expired ? null : (due?.toISOString() ?? null),
    file: located.found ? located.file : null,
    digest: located.found ? located.digest : null,
    expired: expired ?? null,
    verdict: located.found && verdict ? shown(verdict) : null,
  };
  return { status: 200, body };
}

/** Without the verdict's line, which may name files of other tenants. */
function shown({ status, at, from, to }: NonNullable<Awaited<ReturnType<typeof lastVerdict>>>): Proof['verdict'] {
  return { status, at, from: from ?? null, to: to ?? null };
}

async function locate({ key, timeLeft }: ApiRequest, id: string): Promise<Located> {
  const { Payload, FunctionError } = await lambda()
    .send(
      new InvokeCommand({
        FunctionName: environment('VERIFY_FUNCTION'),
        Payload: JSON.stringify({ tenant: key.tenant, id }),
      }),
      { abortSignal: AbortSignal.timeout(Math.min(WAIT_MS, Math.max(0, timeLeft()))) },
    )
    .catch((error: unknown) => {
      throw notRun(error);
    });
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw notRun(text);
  return Located.parse(JSON.parse(text));
}

function absent(): NotFoundError {
  return new NotFoundError('there is no event with this id, neither in the hot store nor in the archive');
}

/** Whether it was ever there can't be told any more: of what has expired, the archive keeps a hash over the ids. */
function gone({ file, digest }: NonNullable<Proof['expired']>): HttpError {
  return new HttpError(
    410,
    'expired',
    `there is no event with this id any more. Events of its time were in ${file.key}, whose retention is over: ${digest.key} lists it as expired`,
  );
}

function notRun(reason: unknown): HttpError {
  logger.error('an event could not be searched in the archive', {
    error: reason instanceof Error ? reason : String(reason),
  });
  return new HttpError(503, 'proof_not_run', 'the archive could not be searched in time: try again');
}
