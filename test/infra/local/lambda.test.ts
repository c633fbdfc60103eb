import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLambda, type InvokeResult, type Lambda, PAYLOAD_LIMIT } from '../../../infra/local/lambda.ts';
import type { LocalFunction } from '../../../infra/local/template/functions.ts';
import { tempDir, writeFunction } from './template-support.ts';

const running: Lambda[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((lambda) => lambda.close()));
});

function start(
  definition: LocalFunction,
  options: { maxConcurrency?: number; onWarning?: (text: string) => void } = {},
) {
  const logDir = tempDir();
  const lambda = createLambda({
    functions: [definition],
    endpointUrl: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    accountId: '000000000000',
    logDir,
    ...options,
  });
  running.push(lambda);
  const log = () => readFileSync(join(logDir, 'Test.log'), 'utf8');
  return { lambda, log, invoke: (event: unknown = {}) => lambda.invoke('Test', event) };
}

const payload = (result: InvokeResult) => ('payload' in result ? result.payload : result);
const errorOf = (result: InvokeResult) => ('error' in result ? result.error : undefined);

it('hands over the event and gives back what the handler returns, through JSON', async () => {
  const { invoke } = start(
    writeFunction('export const handler = async (event) => ({ got: event, at: new Date(0), gone: undefined });'),
  );
  expect(payload(await invoke({ a: [1, 'ü'] }))).toEqual({ got: { a: [1, 'ü'] }, at: '1970-01-01T00:00:00.000Z' });
});

it('gives null for a handler that returns nothing', async () => {
  const { invoke } = start(writeFunction('export const handler = () => {};'));
  expect(await invoke()).toEqual({ payload: null });
});

it("has the function's environment and the role's keys, and nothing of this process", async () => {
  vi.stubEnv('ANNALS_TEST_LEAK', 'leaked');
  const definition = writeFunction('export const handler = async () => process.env;', {
    environment: { STAGE: 'test', POWERTOOLS_SERVICE_NAME: 'annals', NODE_OPTIONS: '--enable-source-maps' },
  });
  const { invoke } = start(definition);
  expect(payload(await invoke())).toEqual({
    STAGE: 'test',
    POWERTOOLS_SERVICE_NAME: 'annals',
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ACCESS_KEY_ID: definition.role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: definition.role.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: 'test-function',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    TZ: ':UTC',
    AWS_CONFIG_FILE: expect.any(String),
    AWS_SHARED_CREDENTIALS_FILE: expect.any(String),
  });
  vi.unstubAllEnvs();
});

it('tells the handler about itself', async () => {
  const { invoke } = start(
    writeFunction(
      `export const handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() });`,
    ),
  );
  const context = payload(await invoke()) as Record<string, unknown>;
  expect(context).toMatchObject({
    functionName: 'test-function',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:test-function',
    memoryLimitInMB: '256',
    logGroupName: 'test-logs',
    awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
  });
  expect(context['left']).toBeGreaterThan(4000);
  expect(context['left']).toBeLessThanOrEqual(5000);
});

it('keeps an environment for the next invocation', async () => {
  const { invoke } = start(writeFunction('let count = 0; export const handler = async () => ++count;'));
  expect([payload(await invoke()), payload(await invoke())]).toEqual([1, 2]);
});

const COUNTING = `
  let running = 0;
  export const handler = async ({ cell }) => {
    running++;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return running--;
  };`;

it('never runs two invocations in one environment, and queues what goes beyond the limit', async () => {
  const { invoke } = start(
    writeFunction(
      `${COUNTING}
      import { threadId } from 'node:worker_threads';
      const inner = handler;
      export const threads = async (event) => [threadId, await inner(event)];`,
      { handler: 'index.threads' },
    ),
    { maxConcurrency: 2 },
  );
  const results = (await Promise.all(Array.from({ length: 7 }, () => invoke()))).map(payload) as [number, number][];
  expect(results.map(([, together]) => together)).toEqual(Array(7).fill(1));
  expect(new Set(results.map(([thread]) => thread)).size).toBe(2);
});

it('keeps to the concurrency that the template reserves', async () => {
  const { invoke } = start(
    writeFunction(
      `import { threadId } from 'node:worker_threads';
      export const handler = async () => threadId;`,
      { concurrency: 1 },
    ),
  );
  const threads = (await Promise.all([invoke(), invoke(), invoke()])).map(payload);
  expect(new Set(threads).size).toBe(1);
});

it('ends the one invocation that takes too long, and not the environments beside it', async () => {
  const { lambda } = start(
    writeFunction(
      `let count = 0;
      export const handler = async ({ hang }) => { if (hang) await new Promise(() => {}); return ++count; };`,
      { timeoutSeconds: 1 },
    ),
  );
  const slow = lambda.invokeAsynchronously('Test', { hang: true });
  const others: unknown[] = [];
  let isOver = false;
  void slow.then(() => {
    isOver = true;
  });
  while (!isOver) others.push(payload(await lambda.invokeAsynchronously('Test', {})));
  others.push(payload(await lambda.invokeAsynchronously('Test', {})));
  expect(errorOf(await slow)?.errorType).toBe('Sandbox.Timedout');
  expect(others).toEqual(others.map((_, index) => index + 1));
});

describe('asynchronous invocations', () => {
  const failing = `
    let count = 0;
    export const handler = async ({ until }) => {
      if (++count <= until) throw new Error('attempt ' + count);
      return count;
    };`;

  it.each([
    [0, 1, 'attempt 1'],
    [1, 1, 2],
    [1, 5, 'attempt 2'],
    [2, 2, 3],
  ])('are tried again %i times', { timeout: 20_000 }, async (retryAttempts, until, last) => {
    const { lambda } = start(writeFunction(failing, { asynchronous: { retryAttempts } }));
    const result = await lambda.invokeAsynchronously('Test', { until });
    expect(errorOf(result)?.errorMessage ?? payload(result)).toBe(last);
  });

  it('have more environments than those that somebody waits for, so that a slow one holds up nobody', async () => {
    const { lambda, invoke } = start(
      writeFunction(
        `export const handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return ms; };`,
      ),
      { maxConcurrency: 1 },
    );
    const slow = lambda.invokeAsynchronously('Test', { ms: 60_000 });
    expect(payload(await lambda.invokeAsynchronously('Test', { ms: 1 }))).toBe(1);
    const waiting = invoke({ ms: 2 });
    await lambda.close();
    expect(errorOf(await slow)?.errorType).toBe('Sandbox.Stopped');
    expect(errorOf(await waiting)?.errorType).toBe('Sandbox.Stopped');
  });

  it('are waited for, with those that come meanwhile', async () => {
    const { lambda } = start(
      writeFunction(
        `export const handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return ms; };`,
      ),
    );
    const ended: unknown[] = [];
    const note = (result: InvokeResult) => void ended.push(payload(result));
    const first = lambda.invokeAsynchronously('Test', { ms: 50 });
    void first.then((result) => {
      note(result);
      void lambda.invokeAsynchronously('Test', { ms: 51 }).then(note);
    });
    await lambda.settled();
    expect(ended).toEqual([50, 51]);
    await lambda.settled();
  });

  it('stop when everything does, and are not tried again', async () => {
    const { lambda, log } = start(writeFunction(failing, { asynchronous: { retryAttempts: 2 } }));
    const result = lambda.invokeAsynchronously('Test', { until: 9 });
    await vi.waitFor(() => expect(log()).toContain('attempt 1'));
    await lambda.close();
    expect(errorOf(await result)?.errorMessage).toBe('attempt 1');
  });

  it('of a function that is not there are refused', async () => {
    const { lambda } = start(writeFunction(failing));
    await expect(lambda.invokeAsynchronously('Other', {})).rejects.toThrow(/no function Other/);
    await lambda.settled();
  });
});

it('gives a thrown error with its name, message and trace', async () => {
  const { invoke, log } = start(
    writeFunction(`class OddError extends Error { name = 'OddError' }
      export const handler = async () => { throw new OddError('broken'); };`),
  );
  expect(errorOf(await invoke())).toMatchObject({
    errorType: 'OddError',
    errorMessage: 'broken',
    trace: expect.any(Array),
  });
  await vi.waitFor(() => expect(log()).toMatch(/ERROR Invoke Error .*"errorMessage":"broken"/));
});

it.each([
  ['an uncaught error', `setImmediate(() => { throw new Error('late'); }); await new Promise(() => {});`, 'Error'],
  ['an unhandled rejection', `Promise.reject(new TypeError('late')); await new Promise(() => {});`, 'TypeError'],
  ['an exit', 'process.exit(3);', 'Runtime.ExitError'],
])('takes %s for a function error, and a fresh environment after it', async (_, crash, errorType) => {
  const { invoke } = start(
    writeFunction(`let count = 0;
      export const handler = async (event) => { count++; if (event.crash) { ${crash} } return count; };`),
  );
  expect(payload(await invoke())).toBe(1);
  expect(errorOf(await invoke({ crash: true }))).toMatchObject({ errorType });
  expect(payload(await invoke())).toBe(1);
});

it('ends an invocation at its timeout, busy or not, and starts afresh', async () => {
  const { invoke } = start(
    writeFunction(
      `let count = 0;
      export const handler = async (event) => {
        count++;
        if (event.busy) for (;;);
        if (event.hang) await new Promise(() => {});
        return count;
      };`,
      { timeoutSeconds: 0.3 },
    ),
  );
  for (const event of [{ busy: true }, { hang: true }]) {
    expect(errorOf(await invoke(event))).toMatchObject({
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringContaining('Task timed out after 0.30 seconds'),
    });
    expect(payload(await invoke())).toBe(1);
  }
});

it('reports a bundle that can not be loaded, or has no such handler', async () => {
  const broken = start(writeFunction(`throw new RangeError('at load'); export const handler = 1;`));
  expect(errorOf(await broken.invoke())).toMatchObject({ errorType: 'RangeError', errorMessage: 'at load' });
  const missing = start(writeFunction('export const other = () => {};'));
  expect(errorOf(await missing.invoke())?.errorMessage).toMatch(/handler is not an exported function/);
});

it('refuses events and responses over 6 MB', async () => {
  const { invoke } = start(writeFunction(`export const handler = async ({ size }) => 'x'.repeat(size);`));
  const text = 'x'.repeat(PAYLOAD_LIMIT);
  expect(errorOf(await invoke({ text }))?.errorType).toBe('RequestEntityTooLargeException');
  expect(errorOf(await invoke({ size: PAYLOAD_LIMIT - 1 }))?.errorType).toBe('Function.ResponseSizeTooLarge');
  expect(payload(await invoke({ size: PAYLOAD_LIMIT - 2 }))).toHaveLength(PAYLOAD_LIMIT - 2);
});

it('refuses a function that is not there', async () => {
  const { lambda } = start(writeFunction('export const handler = () => {};'));
  await expect(lambda.invoke('Other', {})).rejects.toThrow(/no function Other/);
});

it('writes output to the log, whole lines of each environment', async () => {
  const { invoke, log } = start(
    writeFunction(
      `export const handler = async (event) => { console.log('out ' + event.n); console.error('err'); process.stdout.write('no newline'); };`,
    ),
  );
  await invoke({ n: 1 });
  await vi.waitFor(() => expect(log()).toMatch(/^out 1$/m));
  await vi.waitFor(() => expect(log()).toMatch(/^err$/m));
});

it('drops the log, and says so once, while the role may not write it', async () => {
  const warnings: string[] = [];
  const definition = writeFunction(`export const handler = async (event) => console.log('line', event.n);`, {
    grants: [{ Effect: 'Allow', Action: ['logs:PutLogEvents'], Resource: ['*'] }],
  });
  const { invoke, log } = start(definition, { onWarning: (text) => warnings.push(text) });
  await invoke({ n: 1 });
  await vi.waitFor(() => expect(warnings).toHaveLength(1));
  expect(warnings[0]).toMatch(/Test may not write its log: its role lacks logs:CreateLogStream/);
  await invoke({ n: 2 });
  definition.role.statements = [
    {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: ['arn:aws:logs:eu-central-1:000000000000:log-group:test-logs:*'],
    },
  ];
  await vi.waitFor(async () => {
    await invoke({ n: 3 });
    expect(log()).toMatch(/line 3/);
  });
  expect(log()).not.toMatch(/line 1/);
  expect(warnings).toHaveLength(1);
});

it('puts a large log aside when it opens it', async () => {
  const logDir = tempDir();
  writeFileSync(join(logDir, 'Test.log'), 'x'.repeat(6 * 1024 * 1024));
  const lambda = createLambda({
    functions: [writeFunction('export const handler = () => {};')],
    endpointUrl: 'http://127.0.0.1:1',
    region: 'r',
    accountId: 'a',
    logDir,
  });
  await lambda.close();
  expect(readFileSync(join(logDir, 'Test.log'), 'utf8')).toBe('');
  expect(readFileSync(join(logDir, 'Test.log.1'), 'utf8')).toHaveLength(6 * 1024 * 1024);
});

it('waits for what is running when it closes, up to the grace given', async () => {
  const slow = `export const handler = async ({ ms }) => { await new Promise((resolve) => setTimeout(resolve, ms)); return 'done'; };`;
  const patient = start(writeFunction(slow));
  const quick = patient.invoke({ ms: 200 });
  await patient.lambda.close(5000);
  expect(payload(await quick)).toBe('done');

  const hasty = start(writeFunction(slow));
  const cut = hasty.invoke({ ms: 60_000 });
  await hasty.lambda.close(10);
  expect(errorOf(await cut)?.errorType).toBe('Sandbox.Stopped');
  expect(errorOf(await hasty.invoke())?.errorType).toBe('Sandbox.Stopped');
});
