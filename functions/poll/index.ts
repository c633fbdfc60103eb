import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { LANES } from '../../shared/polling/job.ts';
import type { ConnectionTest } from '../../shared/polling/test-result.ts';
import { polling } from '../polling.ts';
import { logger, publishMetrics } from '../telemetry.ts';
import { report } from './report.ts';
import { test } from './test.ts';

/** What saving the position after the last page takes, when the vendor or DynamoDB is slow. */
const SETTLING_MS = 10_000;

/** What the dispatcher asks for: the jobs of one connection in one lane that are due. */
const TaskEvent = z.strictObject({ connection: z.string(), lane: z.enum(LANES) });

/** What an administrator asks for, and waits for. */
const TestEvent = z.strictObject({ connection: z.string(), test: z.literal(true) });

export const handler = middy(poll)
  .use(injectLambdaContext(logger, { resetKeys: true }))
  .use(publishMetrics());

/**
 * Collects what is due of one connection. Failures are the jobs' own: they are recorded and tried again by the next tick, so
 * that the invocation itself succeeds and nothing repeats it.
 */
async function poll(event: unknown, context: Context): Promise<ConnectionTest | undefined> {
  const task = z.union([TaskEvent, TestEvent]).parse(event);
  logger.appendKeys({ ...task });
  if ('test' in task) return test(task.connection);
  const timeLeft = () => context.getRemainingTimeInMillis() - SETTLING_MS;
  for (const result of await polling().run(task, timeLeft)) report(result);
  return undefined;
}
