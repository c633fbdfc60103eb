/** Runs the handler of a function in a process of its own, whose environment is the function's, and prints its answer. */
import type { Context } from 'aws-lambda';

const [module = '', event = '{}', timeoutMs = '900000'] = process.argv.slice(2);
const ends = Date.now() + Number(timeoutMs);
const { handler } = (await import(module)) as {
  handler(event: unknown, context: Partial<Context>): Promise<unknown>;
};
const context = {
  functionName: 'tested',
  memoryLimitInMB: '1024',
  invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:tested',
  awsRequestId: '0',
  getRemainingTimeInMillis: () => ends - Date.now(),
};
const answer = await handler(JSON.parse(event), context);
// What the function logs goes to standard output too.
process.stdout.write(`\nANSWER ${JSON.stringify(answer ?? null)}\n`);
