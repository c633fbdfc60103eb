import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Call } from '../../infra/local/types.ts';
import { fakeAppomniAudit } from '../../infra/local/vendors/appomni.audit.ts';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { connectVendor, operatorOf, type PolledVendor } from '../support/polled-vendor.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';

const calls: { readonly call: Call; readonly allowed: boolean }[] = [];
let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack({ hooks: { observe: (call, allowed) => void calls.push({ call, allowed }) } });
});
afterAll(() => stack?.close());

const open: PolledVendor[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((vendor) => vendor.close()));
});

async function connect(
  ...[vendor, options]: [Parameters<typeof connectVendor>[1], Parameters<typeof connectVendor>[2]?]
) {
  const polled = await connectVendor(stack, vendor, options);
  open.push(polled);
  return polled;
}

/** The vendor's own numbers of the events that are stored of a connection. */
async function stored({ connection }: PolledVendor): Promise<number[]> {
  const events = await stack.page(`source=${connection.source}&fields=connection,raw&limit=100`);
  return events
    .filter((event) => event['connection'] === connection.name)
    .map(({ raw }) => fakeFleetActivities.numberOf(raw as Record<string, never>))
    .sort((a, b) => a - b);
}

describe('a tick', () => {
  it('collects the history of a new connection, once', async () => {
    const fleet = await connect(fakeFleetActivities);
    for (const n of [1, 2, 3]) fleet.happen({ n });
    await stack.tick();
    expect(await stored(fleet)).toEqual([1, 2, 3]);
    const requests = fleet.server.requests.length;
    await stack.tick();
    // Nothing is due yet.
    expect(fleet.server.requests).toHaveLength(requests);
  });

  it('polls one that is not due, once, when it is asked to', async () => {
    const fleet = await connect(fakeFleetActivities);
    const live = async () => (await fleet.jobs()).find(({ lane }) => lane === 'live');
    await stack.tick();
    const before = await live();
    expect(before?.dueAt && before.dueAt > new Date().toISOString()).toBe(true);
    const operator = operatorOf(stack);
    // A hint is served 10 seconds later; this one was given before.
    await operator.hastened.ask(fleet.connection.id, new Date(Date.now() - 9_900));
    operator.close();
    const polledAgain = async () => {
      await stack.tick();
      const { lastRunAt } = (await live()) ?? {};
      expect(lastRunAt && lastRunAt > (before?.lastRunAt ?? '')).toBe(true);
      return lastRunAt;
    };
    const again = await vi.waitFor(polledAgain, { timeout: 20_000 });
    expect(await polledAgain()).toBe(again);
  });

  it('is not held up by a vendor that never answers', async () => {
    let hangs = true;
    const slow = await Promise.all(
      Array.from({ length: 3 }, () => connect(fakeFleetActivities, { fault: () => (hangs ? 'hang' : undefined) })),
    );
    const quick = await connect(fakeFleetActivities);
    quick.happen({ n: 1 });
    const ticking = stack.tick();
    await vi.waitFor(async () => expect(await stored(quick)).toEqual([1]), { timeout: 45_000 });
    for (const { server } of slow) {
      await vi.waitFor(() => expect(server.requests.length).toBeGreaterThan(0), { timeout: 45_000 });
    }
    hangs = false;
    // What hangs is over when its vendor is.
    await Promise.all(slow.map(({ server }) => server.close()));
    await ticking;
  });

  it('says what is wrong with a connection to a private network, where the deployment has none', async () => {
    const fleet = await connect(fakeFleetActivities, { connection: { network: 'private' } });
    await stack.tick();
    expect(fleet.server.requests).toEqual([]);
    expect(await fleet.jobs()).toEqual([]);
  });

  it('keeps the refresh token that the vendor gives in place of the one it used', async () => {
    const appomni = await connect(fakeAppomniAudit);
    await stack.tick();
    expect(appomni.secrets()['refreshToken']).not.toBe(fakeAppomniAudit.secrets['refreshToken']);
    const operator = operatorOf(stack);
    const kept = await operator.secrets.current(appomni.connection.secretReference, new Date());
    operator.close();
    expect(kept['refreshToken']).toBe(appomni.secrets()['refreshToken']);
  });
});

it('needs nothing that a role lacks', () => {
  const roles = new Set(calls.map(({ call }) => call.principal.replace(/[0-9A-F]{8}$/, '')));
  expect(roles).toContain('PollingPollRole');
  expect(roles).toContain('PollingDispatchRole');
  const polling = calls.filter(({ call }) => call.principal.startsWith('Polling'));
  expect(polling.filter(({ allowed }) => !allowed)).toEqual([]);
});
