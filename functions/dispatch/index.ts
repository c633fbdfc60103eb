import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import middy from '@middy/core';
import { isPaused } from '../../shared/control/connections.ts';
import { ailments } from '../../shared/polling/health.ts';
import { dueTasks, type Task } from '../../shared/polling/plan.ts';
import { type Polled, polledConnection } from '../../shared/polling/polled.ts';
import { mapLimited } from '../../shared/retry.ts';
import { environment } from '../environment.ts';
import { connections, hastened, jobs } from '../services.ts';
import { count, gauge, logger, publishMetrics } from '../telemetry.ts';

const INVOCATIONS_AT_ONCE = 10;
const lambda = new LambdaClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } });

export const handler = middy(dispatch)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * Every minute: starts what is due, each connection and lane in an invocation of its own, and says which connections ail.
 * A tick that comes twice does no harm, as every job has a lease.
 */
async function dispatch(): Promise<void> {
  const now = new Date();
  const [all, allJobs, early] = await Promise.all([connections().list(), jobs().list(), hastened().list()]);
  const polled = all.flatMap((connection) => {
    try {
      return polledConnection(connection) ?? [];
    } catch (error) {
      // Settings that an earlier version took must not hold up the other connections.
      count('PollsFailed');
      logger.error('the settings of a connection are not valid any more', {
        connection: connection.id,
        error: error as Error,
      });
      return [];
    }
  });
  const tasks = dueTasks(polled, allJobs, early, now);
  await mapLimited(tasks, INVOCATIONS_AT_ONCE, (task) => start(task, polled));
  const watched = polled.filter(({ connection }) => !isPaused(connection));
  for (const [ailment, ill] of ailments(watched, allJobs, now)) {
    gauge(ailment, ill.length);
    if (ill.length > 0) logger.warn('connections that need a look', { ailment, connections: ill });
  }
  count('TasksStarted', tasks.length);
}

async function start(task: Task, polled: readonly Polled[]): Promise<void> {
  const connection = polled.find(({ connection: { id } }) => id === task.connection)?.connection;
  const FunctionName = environment(connection?.network === 'private' ? 'PRIVATE_POLL_FUNCTION' : 'POLL_FUNCTION');
  if (FunctionName === '') {
    count('PollsFailed');
    logger.error('a connection has "network": "private", and the deployment has no setting "vpc"', { ...task });
    return;
  }
  try {
    await lambda.send(
      new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(task)) }),
    );
  } catch (error) {
    // The next tick finds it due again.
    count('PollsFailed');
    logger.error('a poll could not be started', { ...task, error: error as Error });
  }
}
