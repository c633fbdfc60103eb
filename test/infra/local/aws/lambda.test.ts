import { InvokeCommand, type InvokeCommandInput, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { createLambdaService } from '../../../../infra/local/aws/lambda.ts';
import type { InvokeResult } from '../../../../infra/local/lambda.ts';
import { writeFunction } from '../template-support.ts';
import { allow, clientOf, principal } from './endpoint-support.ts';

const poll = writeFunction('', {
  id: 'Poll',
  name: 'poll',
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:poll',
});
const other = writeFunction('', { id: 'Other', name: 'other', arn: `${poll.arn}-other` });
const dispatcher = principal('DispatchRole', [allow(['lambda:InvokeFunction'], [poll.arn])]);

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(result: () => Promise<InvokeResult>, who = dispatcher) {
  const calls: unknown[] = [];
  const warnings: string[] = [];
  const note =
    (how: string) =>
    (...call: unknown[]) => {
      calls.push([how, ...call]);
      return result();
    };
  const service = createLambdaService({
    functions: [poll, other],
    lambda: { invoke: note('waiting'), invokeAsynchronously: note('not waiting') },
    onWarning: (text) => warnings.push(text),
  });
  const endpoint = await startEndpoint({ services: [service], principals: [who] });
  open.push(endpoint);
  const client = new LambdaClient(clientOf(endpoint.url, who));
  const invoke = (input: Partial<InvokeCommandInput> = {}) =>
    client.send(new InvokeCommand({ FunctionName: 'poll', Payload: Buffer.from('{"a":1}'), ...input }));
  return { calls, warnings, invoke };
}

const text = (payload: Uint8Array | undefined) => Buffer.from(payload ?? []).toString();

describe('Invoke', () => {
  it('starts an asynchronous invocation and answers at once', async () => {
    const { promise, resolve } = Promise.withResolvers<InvokeResult>();
    const { calls, warnings, invoke } = await start(() => promise);
    const { StatusCode, Payload, FunctionError } = await invoke({ InvocationType: 'Event' });
    expect([StatusCode, text(Payload), FunctionError]).toEqual([202, '', undefined]);
    expect(calls).toEqual([['not waiting', 'Poll', { a: 1 }]]);
    resolve({ error: { errorType: 'Error', errorMessage: 'broken' } });
    await vi.waitFor(() => expect(warnings).toEqual(['Poll failed: Error: broken']));
  });

  it('waits for a synchronous one and gives what it returns', async () => {
    const { calls, invoke } = await start(async () => ({ payload: { done: true } }));
    const answer = await invoke({ FunctionName: poll.arn });
    expect([answer.StatusCode, text(answer.Payload), answer.FunctionError]).toEqual([200, '{"done":true}', undefined]);
    expect(calls).toEqual([['waiting', 'Poll', { a: 1 }]]);
  });

  it("gives a function's own error as such", async () => {
    const { invoke } = await start(async () => ({ error: { errorType: 'OddError', errorMessage: 'broken' } }));
    const answer = await invoke();
    expect([answer.StatusCode, answer.FunctionError]).toEqual([200, 'Unhandled']);
    expect(JSON.parse(text(answer.Payload))).toEqual({ errorType: 'OddError', errorMessage: 'broken' });
  });

  it.each(['Event', 'RequestResponse'] as const)(
    '%s is for functions that the role may invoke',
    async (InvocationType) => {
      const { calls, invoke } = await start(async () => ({ payload: null }));
      await expect(invoke({ InvocationType, FunctionName: 'other' })).rejects.toMatchObject({
        name: 'AccessDeniedException',
      });
      expect(calls).toEqual([]);
    },
  );

  it('refuses what it can not run', async () => {
    const { calls, invoke } = await start(async () => ({ payload: null }));
    const large = Buffer.from(JSON.stringify('x'.repeat(1_048_576)));
    for (const [input, name] of [
      [{ FunctionName: 'missing' }, 'ResourceNotFoundException'],
      [{ Payload: Buffer.from('no JSON') }, 'InvalidRequestContentException'],
      [{ InvocationType: 'DryRun' }, 'InvalidParameterValueException'],
      [{ InvocationType: 'Event', Payload: large }, 'RequestTooLargeException'],
    ] as const)
      await expect(invoke(input)).rejects.toMatchObject({ name });
    expect(calls).toEqual([]);
  });
});
