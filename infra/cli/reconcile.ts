import { parseArgs } from 'node:util';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { z } from 'zod';
import { ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { localApi } from './api.ts';
import { print, runCommand } from './command.ts';
import { stackOutputs } from './stack-outputs.ts';

const USAGE = `usage: npm run --silent reconcile -- [--from DAY --to DAY] [--dir .annals | --stack NAME]
  compares the events table with landing and archive, and sends to landing what is missing there;
  without days those that may have changed, with days all events that happened on them`;
const OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  dir: { type: 'string' },
  stack: { type: 'string' },
} as const;
/** A function runs for 15 minutes at the most. */
const PATIENCE_MS = 16 * 60_000;

/** What the function answers, as far as it is shown. */
const Report = z.object({
  sourceDays: z.int(),
  events: z.int(),
  underWay: z.int(),
  expired: z.int(),
  repaired: z.int(),
  notRepaired: z.int(),
  unknown: z.int(),
  differing: z.array(
    z.object({
      tenant: z.string(),
      source: z.string(),
      date: z.string(),
      repaired: z.int(),
      notRepaired: z.int(),
      unknown: z.int(),
      examples: z.array(z.string()),
    }),
  ),
});

/** Runs the reconcile function of a stack, or of the Annals that runs on this machine. Status 1 when anything differed. */
async function reconcile(args: string[]): Promise<void> {
  const { from, to, dir, stack } = parseArgs({ args, options: OPTIONS }).values;
  if (dir !== undefined && stack !== undefined)
    throw new InvalidRequestError(`give --dir or --stack, not both\n${USAGE}`);
  const event = from === undefined && to === undefined ? {} : { from, to };
  if (!z.union([z.strictObject({}), z.strictObject({ from: z.iso.date(), to: z.iso.date() })]).safeParse(event).success)
    throw new InvalidRequestError(`--from and --to are days such as 2026-11-22, and go together\n${USAGE}`);
  const answer = stack === undefined ? await runLocally(dir ?? '.annals', event) : await invoke(stack, event);
  const report = Report.parse(JSON.parse(answer));
  for (const { tenant, source, date, repaired, notRepaired, unknown, examples } of report.differing)
    print(
      `${date}  ${tenant}  ${source}: ${repaired} sent again, ${notRepaired} could not be sent, ${unknown} unknown to the table; ${examples.join(' ')}`,
    );
  const differs = report.differing.length > 0;
  const { sourceDays, events, underWay, expired, repaired, notRepaired, unknown } = report;
  const compared = `${events} events of ${sourceDays} source-days compared, ${underWay} on their way${expired === 0 ? '' : `, ${expired} past their retention`}`;
  print(
    differs
      ? `DIFFERENT: ${compared}; ${repaired} were missing and sent again, ${notRepaired} could not be sent, ${unknown} are unknown to the table`
      : `complete: ${compared}`,
  );
  if (differs) process.exitCode = 1;
}

async function runLocally(dir: string, event: object): Promise<string> {
  const { url, key } = await localApi(dir);
  const response = await fetch(new URL('/_local/run/VerificationReconcile', url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: JSON.stringify(event),
    signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch((cause: unknown) => {
    throw new ConfigurationError(`Annals is not running at ${url}: start it with npm start`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new ConfigurationError(`the function failed: ${response.status} ${text}`);
  return text;
}

async function invoke(stack: string, event: object): Promise<string> {
  const { ReconcileFunction } = await stackOutputs(stack);
  const lambda = new LambdaClient({ maxAttempts: 1, requestHandler: { requestTimeout: PATIENCE_MS } });
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: ReconcileFunction, Payload: JSON.stringify(event) }),
  );
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw new ConfigurationError(`the function failed: ${text}`);
  return text;
}

await runCommand(reconcile);
