import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVENT_TYPES } from '../../shared/taxonomy.ts';
import { deliver, githubConnection } from '../support/github.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

interface Cell {
  type: string;
  canGive: boolean;
  mapped: boolean;
  seen: number;
  lastSeen: string | null;
}

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

async function cell(source: string, type: string): Promise<Cell | undefined> {
  const { body } = await stack.call<{ sources: { source: string; types: Cell[] }[] }>('GET', '/v1/coverage');
  const row = body.sources.find((one) => one.source === source);
  expect(row?.types.map((one) => one.type)).toEqual(EVENT_TYPES);
  return row?.types.find((one) => one.type === type);
}

it('tells what a source can give, what was seen of it and when last, repeats not counted', async () => {
  expect(await cell('github.webhook', 'delete_group')).toMatchObject({
    canGive: true,
    mapped: true,
    seen: 0,
    lastSeen: null,
  });
  expect(await cell('github.webhook', 'account_login')).toMatchObject({ canGive: false, mapped: false });
  const connection = await githubConnection(stack);
  const body = JSON.stringify({
    action: 'deleted',
    team: { id: 1, name: 'ops' },
    sender: { login: 'octo', type: 'User' },
  });
  for (const delivery of ['a', 'b', 'b']) await deliver(stack, connection, { event: 'team', body, delivery });
  const today = new Date().toISOString().slice(0, 10);
  expect(await cell('github.webhook', 'delete_group')).toMatchObject({ seen: 2, lastSeen: today });
});

it('counts what applications send', async () => {
  const event = { action: 'login', type: 'account_login', actor: { id: 'u' } };
  const body = ['2026-01-01', '2026-01-02', '2026-01-02'].map((day, n) => ({ ...event, time: `${day}T00:00:0${n}Z` }));
  await stack.call('POST', '/v1/events', { body });
  expect(await cell('custom', 'account_login')).toMatchObject({ canGive: true, seen: 3, lastSeen: '2026-01-02' });
});
