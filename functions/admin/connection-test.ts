import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { StoredConnection } from '../../shared/control/connections.ts';
import { ConflictError } from '../../shared/errors.ts';
import { ConnectionTest } from '../../shared/polling/test-result.ts';
import { environment } from '../environment.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { findPolled } from '../http/connection.ts';
import { record } from '../http/input.ts';
import { once } from '../services.ts';
import { logger } from '../telemetry.ts';
import { targetOf } from './connection-acts.ts';

/** A test takes up to 20 seconds, and the function may have to start. */
const WAIT_MS = 24_000;
/** Tried once: whoever waits for it can ask again. */
const lambda = once(() => new LambdaClient({ maxAttempts: 1, requestHandler: { connectionTimeout: 1_000 } }));

/**
 * `POST /v1/connections/{id}/test`: asks the vendor for one event of each stream. It is asked where the connection is polled
 * from, with the secrets, neither of which this function has.
 */
export async function test(request: ApiRequest): Promise<Answer> {
  const { connection } = await findPolled(request);
  const FunctionName = pollFunctionOf(connection);
  await record(request, { action: 'connection.test', target: targetOf(connection) });
  const { Payload, FunctionError } = await lambda()
    .send(new InvokeCommand({ FunctionName, Payload: JSON.stringify({ connection: connection.id, test: true }) }), {
      abortSignal: AbortSignal.timeout(Math.min(WAIT_MS, Math.max(0, request.timeLeft()))),
    })
    .catch((error: unknown) => {
      throw notRun(error);
    });
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw notRun(text);
  return { status: 200, body: ConnectionTest.parse(JSON.parse(text)) };
}

function pollFunctionOf({ network }: StoredConnection): string {
  if (network !== 'private') return environment('POLL_FUNCTION');
  const name = environment('PRIVATE_POLL_FUNCTION');
  if (name !== '') return name;
  throw new ConflictError('the connection has "network": "private", and this deployment no setting "vpc"');
}

function notRun(reason: unknown): HttpError {
  logger.error('a connection could not be tested', { error: reason instanceof Error ? reason : String(reason) });
  return new HttpError(
    503,
    'test_not_run',
    "the test could not be run: try again, or look into the poll function's log",
  );
}
