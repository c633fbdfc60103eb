import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { fakeGithub } from '../../infra/local/vendors/github.audit.ts';
import { type LiveVendor, startVendor } from '../support/fake-world.ts';
import { type Operator, operatorOf } from '../support/polled-vendor.ts';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { logs, pathsOf, problem } from './support.ts';

const HOUR_MS = 3_600_000;
const NO_HISTORY = { backfillFrom: new Date(Date.now() + HOUR_MS).toISOString() };
const TOKENS = ['fleet-api-only-user-token-0001', 'fleet-api-only-user-token-0002'] as const;

interface Health {
  readonly paused: boolean;
  readonly ailments: string[];
  readonly streams: Record<string, unknown>[];
}

let stack: TestStack;
let operator: Operator;
let fleet: LiveVendor;
let github: LiveVendor;
beforeAll(async () => {
  stack = await startTestStack();
  operator = operatorOf(stack);
  fleet = await startVendor(fakeFleetActivities, 'activities');
  github = await startVendor(fakeGithub, 'web');
  fleet.happen(0, 9, new Date(Date.now() - HOUR_MS));
});
afterAll(async () => {
  operator?.close();
  await fleet?.close();
  await github?.close();
  await stack?.close();
});

const call = (method: string, path: string, body?: unknown, key?: string): Promise<Reply> =>
  stack.call(method, `/v1/connections${path}`, { ...(body !== undefined && { body }), ...(key && { key }) });
async function make(vendor: LiveVendor, name: string, more: object = {}): Promise<Reply> {
  const made = await call('POST', '', vendor.connection(name, more));
  expect(made.status, made.text).toBe(201);
  return made;
}
/** Changes the live job past all roles, in place of waiting. */
async function alter(name: string, changes: object): Promise<void> {
  const job = (await operator.jobs.list(`main.${name}`)).find(({ lane }) => lane === 'live');
  if (job) await operator.jobs.save({ ...job, ...changes });
}
/** As if the connection had been made, and last polled, an hour ago. */
async function age(name: string): Promise<void> {
  const hourAgo = new Date(Date.now() - HOUR_MS).toISOString();
  await alter(name, { from: hourAgo, watermark: hourAgo });
}
async function pollNow(name: string): Promise<void> {
  await alter(name, { dueAt: new Date().toISOString() });
  await stack.tick();
}
const numbersOf = async (name: string) =>
  (await stack.page(`connection=${name}&fields=raw&limit=1000`))
    .map(({ raw }) => fakeFleetActivities.numberOf(raw as Record<string, number>))
    .sort((a, b) => a - b);
async function healthOf(name: string, key?: string): Promise<Health | undefined> {
  const reply = await stack.call<{ sources: { connections: { name: string; health: Health }[] }[] }>(
    'GET',
    '/v1/sources',
    key === undefined ? {} : { key },
  );
  return reply.body.sources.flatMap(({ connections }) => connections).find((one) => one.name === name)?.health;
}
const remove = async (name: string) => expect((await call('DELETE', `/${name}`)).status).toBe(204);
const upTo = (n: number) => Array.from({ length: n }, (_, index) => index);

describe('a connection that is polled', () => {
  it('is live at the next tick, with its history, its health and its intervals', async () => {
    const made = await make(fleet, 'life', { origin: undefined });
    expect(made.body).toMatchObject({ origin: new URL(fleet.url).host, paused: false, secrets: ['token'] });
    expect(made.text).not.toContain(TOKENS[0]);
    expect(await healthOf('life')).toEqual({ paused: false, problem: null, ailments: [], streams: [] });

    await stack.tick();
    expect(await numbersOf('life')).toEqual(upTo(10));
    const health = await healthOf('life');
    expect(health).toMatchObject({ paused: false, ailments: [] });
    expect(health?.streams).toEqual([
      expect.objectContaining({ stream: 'activities', failuresInARow: 0, lastError: null, advice: null }),
    ]);
    expect(Number(health?.streams[0]?.['lagSeconds'])).toBeLessThan(600);

    const { collected, gaps } = (await call('GET', '/life/intervals')).body as {
      collected: Record<string, string>[];
      gaps: { reason: string }[];
    };
    // The last seconds of history may wait for the vendor to settle.
    expect(gaps.filter(({ reason }) => reason !== 'backfill_pending')).toEqual([]);
    const history = collected.find(({ lane }) => lane === 'backfill');
    expect(history).toMatchObject({ stream: 'activities', collectedAt: expect.stringMatching(/Z$/) });
    expect(Date.parse(String(made.body['createdAt'])) - Date.parse(history?.['to'] ?? '')).toBeLessThan(10_000);
    await remove('life');
  });

  it.each<[object, string[]]>([
    [{ settings: {} }, ['settings.baseUrl']],
    [{ settings: { baseUrl: 'http://vendor.example.com' } }, ['settings.baseUrl']],
    [{ settings: { baseUrl: 'https://a.example.com', colour: 1 } }, ['settings.colour']],
    [{ secrets: {} }, ['secrets.token']],
    [{ secrets: undefined }, ['secrets.token']],
    [{ secrets: { token: 'has a space' } }, ['secrets.token']],
    [{ secrets: { token: TOKENS[0], key: TOKENS[1] } }, ['secrets.key']],
    [{ settings: undefined }, ['allowedAddresses', 'backfillFrom', 'secrets.token']],
    [{ network: 'private' }, ['network']],
    [{ allowedAddresses: ['somewhere'] }, ['allowedAddresses.0']],
    [{ certificateAuthority: 'x' }, ['certificateAuthority']],
    [{ source: 'github.webhook', secrets: { webhook: TOKENS[0] } }, ['settings', 'allowedAddresses', 'backfillFrom']],
  ])('is not made of what its source does not take (%#)', async (more, paths) => {
    expect(pathsOf(await call('POST', '', fleet.connection('wrong', more)))).toEqual(paths);
  });

  it('says in a refusal what the secret is, and never what was given', async () => {
    const reply = await call('POST', '', fleet.connection('wrong', { secrets: { token: 'a secret with spaces' } }));
    expect(problem(reply, 400).problems?.[0]?.message).toContain('API token of an API-only user');
    expect(reply.text).not.toContain('a secret with spaces');
  });

  it('for importing only needs no settings, and has nothing to test, backfill or pause', async () => {
    expect((await call('POST', '', { name: 'imports', source: 'fleet.activities' })).status).toBe(201);
    expect(await healthOf('imports')).toBeNull();
    problem(await call('POST', '/imports/test'), 409);
    problem(await call('POST', '/imports/backfill', { from: '2026-01-01', to: '2026-01-02' }), 409);
    problem(await call('GET', '/imports/intervals'), 409);
    expect(pathsOf(await call('PATCH', '/imports', { paused: true }))).toEqual(['paused']);
    const { settings, secrets, allowedAddresses } = fleet.connection('imports');
    expect((await call('PATCH', '/imports', { settings, secrets, allowedAddresses })).status).toBe(200);
    await remove('imports');
  });

  it('can not be led elsewhere by whoever may change it', async () => {
    await make(fleet, 'steady');
    const elsewhere = { settings: { baseUrl: github.url } };
    expect(pathsOf(await call('PATCH', '/steady', elsewhere))).toEqual(['settings']);
    expect(pathsOf(await call('PATCH', '/steady', { ...elsewhere, secrets: { token: TOKENS[1] } }))).toEqual([
      'settings',
    ]);
    const days = { settings: { baseUrl: fleet.url, activityExpiryDays: 30 } };
    expect((await call('PATCH', '/steady', days)).body['settings']).toEqual(days.settings);
    const [last] = await stack.page('source=annals.audit&target=main.steady&fields=changes');
    expect(last?.['changes']).toEqual([{ attribute: 'settings.activityExpiryDays', new: '30' }]);
    await remove('steady');
  });

  it('is shown to keys for its source, and to no others', async () => {
    await make(fleet, 'theirs');
    const own = await stack.newKey({ scopes: ['read'], sources: ['fleet.activities'] });
    const other = await stack.newKey({ scopes: ['read'], sources: ['github.audit'] });
    const abroad = await stack.newKey({ tenant: 'abroad', scopes: ['read'] });
    for (const path of ['/theirs/intervals', '/main.theirs/backfills']) {
      expect((await call('GET', path, undefined, own)).status).toBe(200);
      for (const key of [other, abroad]) problem(await call('GET', path, undefined, key), 404);
    }
    expect(await healthOf('theirs', own)).toBeDefined();
    for (const key of [other, abroad]) expect(await healthOf('theirs', key)).toBeUndefined();
    for (const path of ['/theirs/test', '/theirs/backfill']) problem(await call('POST', path, {}, own), 403);
    await remove('theirs');
  });
});

describe('a backfill', () => {
  const day = (n: number) => new Date(Date.now() - n * 24 * HOUR_MS).toISOString().slice(0, 10);

  it('is collected beside the live poll, once for a range, with its progress', async () => {
    await make(fleet, 'past');
    await stack.tick();
    fleet.happen(100, 104, new Date(`${day(5)}T10:00:00Z`));
    const range = { from: day(6), to: day(4) };
    const asked = await call('POST', '/past/backfill', range);
    expect(asked.status, asked.text).toBe(202);
    const [first] = asked.body['backfills'] as Record<string, unknown>[];
    expect(first).toMatchObject({ stream: 'activities', state: 'waiting', percent: 0, remainingSeconds: 2 * 86_400 });
    expect((await call('GET', '/past/intervals')).body['gaps']).toContainEqual(
      expect.objectContaining({ from: `${day(6)}T00:00:00.000Z`, reason: 'backfill_pending', open: true }),
    );

    await stack.tick();
    const again = await call('POST', '/past/backfill', range);
    expect(again.body['backfills']).toMatchObject([{ id: first?.['id'], state: 'finished', percent: 100 }]);
    const listed = (await call('GET', '/past/backfills')).body['backfills'] as Record<string, unknown>[];
    expect(listed.map(({ id }) => id)).toEqual([first?.['id'], 'history']);
    expect(listed[0]).toMatchObject({ received: 5, stored: 5, remainingSeconds: 0, lastError: null });
    expect((await stack.page('connection=past&fields=id&limit=1000')).length).toBe(15);
    const [act] = await stack.page('source=annals.audit&action=connection.backfill&target=main.past&fields=changes');
    expect(act?.['changes']).toContainEqual({ attribute: 'from', new: range.from });
    await remove('past');
  });

  it('from before the vendor keeps anything is taken, and says so', async () => {
    await make(github, 'limited', NO_HISTORY);
    const reply = await call('POST', '/limited/backfill', { from: day(400), to: day(300), streams: ['web'] });
    expect(reply.status).toBe(202);
    expect(reply.body['notes']).toEqual([expect.stringContaining('180 days')]);
    await stack.tick();
    expect((await call('GET', '/limited/intervals')).body['gaps']).toEqual([
      expect.objectContaining({ stream: 'web', reason: 'no_longer_kept', open: false }),
    ]);
    await remove('limited');
  });

  it.each<[object, string[]]>([
    [{}, ['from', 'to']],
    [{ from: '2026-01-02', to: '2026-01-01' }, ['to']],
    [{ from: '2026-01-01', to: '2999-01-01' }, ['to']],
    [{ from: '2026-01-01', to: '2026-01-02', streams: ['none'] }, ['streams.0']],
    [{ from: 'yesterday', to: '2026-01-02', now: true }, ['from', 'now']],
  ])('is not made of %j', async (body, paths) => {
    expect((await call('POST', '', fleet.connection('ranges'))).status).toBeLessThan(410);
    expect(pathsOf(await call('POST', '/ranges/backfill', body)).sort()).toEqual(paths);
  });
});

describe('pausing', () => {
  it('stops polling and leaves an open gap; resuming collects what happened meanwhile', async () => {
    await make(fleet, 'paused', NO_HISTORY);
    await stack.tick();
    await age('paused');
    expect((await call('PATCH', '/paused', { paused: true })).body['paused']).toBe(true);
    const before = fleet.server.requests.length;
    await pollNow('paused');
    expect(fleet.server.requests).toHaveLength(before);
    expect(await healthOf('paused')).toMatchObject({ paused: true, ailments: [] });
    expect((await call('GET', '/paused/intervals')).body['gaps']).toEqual([
      expect.objectContaining({ reason: 'paused', open: true }),
    ]);
    expect((await call('PATCH', '/paused', { paused: false })).body['paused']).toBe(false);
    expect((await operator.hastened.list()).has('main.paused')).toBe(true);
    await pollNow('paused');
    expect(fleet.server.requests.length).toBeGreaterThan(before);
    expect((await call('GET', '/paused/intervals')).body['gaps']).toEqual([]);
    const acts = await stack.page('source=annals.audit&target=main.paused&fields=changes&order=oldest');
    expect(acts.map(({ changes }) => changes)).toContainEqual([{ attribute: 'paused', new: 'true' }]);
    await remove('paused');
  });
});

describe('a secret that the vendor does not take any more', () => {
  it('is told in words, and a new one goes on where the old one was', async () => {
    await make(fleet, 'rotated');
    await stack.tick();
    await age('rotated');
    const position = async () => (await healthOf('rotated'))?.streams[0]?.['collectedUpTo'];
    const before = await position();
    fleet.secrets = { token: TOKENS[1] };
    await pollNow('rotated');
    expect((await healthOf('rotated'))?.streams[0]).toMatchObject({
      failuresInARow: 1,
      collectedUpTo: before,
      lastError: { code: 'credential_refused', message: expect.stringContaining('401') },
      advice: expect.stringContaining('Give the connection new ones'),
    });
    expect((await call('GET', '/rotated/intervals')).body['gaps']).toContainEqual(
      expect.objectContaining({ from: before, reason: 'credential_refused', open: true }),
    );

    fleet.happen(200, 201, new Date(Date.now() - HOUR_MS / 2));
    expect((await call('PATCH', '/rotated', { secrets: { token: TOKENS[1] } })).status).toBe(200);
    expect((await operator.hastened.list()).has('main.rotated')).toBe(true);
    expect(await position()).toBe(before);
    await pollNow('rotated');
    expect(await numbersOf('rotated')).toEqual([...upTo(10), 200, 201]);
    expect((await healthOf('rotated'))?.streams[0]).toMatchObject({ failuresInARow: 0, lastError: null });
    expect(JSON.stringify(await call('GET', '/rotated/intervals'))).not.toContain('credential_refused');
    fleet.secrets = fakeFleetActivities.secrets;
    await remove('rotated');
  });
});

describe('a test', () => {
  const test = async (name: string) => {
    const reply = await call('POST', `/${name}/test`);
    expect(reply.status, reply.text).toBe(200);
    return reply.body as { ok: boolean; skewSeconds: number; streams: Record<string, unknown>[] };
  };

  it('asks each stream for an event, stores nothing and is written down', async () => {
    await make(github, 'octo');
    github.happen(1, 3, new Date(Date.now() - HOUR_MS));
    const { ok, streams, skewSeconds } = await test('octo');
    expect({ ok, skewSeconds }).toEqual({ ok: true, skewSeconds: 0 });
    expect(streams).toMatchObject([
      { stream: 'web', ok: true, events: 1, newest: expect.stringMatching(/Z$/) },
      { stream: 'git', ok: true, events: 0 },
    ]);
    expect(await stack.page('connection=octo')).toEqual([]);
    expect(await stack.page('source=annals.audit&action=connection.test&target=main.octo')).toHaveLength(1);
    await remove('octo');
  });

  it('sees a secret that was replaced a moment ago', async () => {
    await make(fleet, 'fresh');
    expect((await test('fresh')).ok).toBe(true);
    await call('PATCH', '/fresh', { secrets: { token: TOKENS[1] } });
    expect((await test('fresh')).streams).toMatchObject([{ code: 'credential_refused' }]);
    await call('PATCH', '/fresh', { secrets: { token: TOKENS[0] }, paused: true });
    expect((await test('fresh')).ok).toBe(true);
    await remove('fresh');
  });

  const closed = 'http://127.0.0.1:1';
  const token = fakeGithub.secrets;
  it.each<[string, () => LiveVendor, object, LiveVendor['fault'], number, string, RegExp]>([
    [
      'a bad secret',
      () => github,
      { secrets: { token: `ghp_${'x'.repeat(36)}` } },
      undefined,
      0,
      'credential_refused',
      /new one/,
    ],
    ['no secret', () => github, { secrets: undefined }, undefined, 0, 'credential_refused', /Give it "token"/],
    [
      'a missing scope',
      () => github,
      {},
      () => ({ status: 403, body: { message: 'Must have admin rights to Repository.' } }),
      0,
      'permission_missing',
      /read:audit_log/,
    ],
    [
      'a wrong organization',
      () => github,
      { organization: 'nobody' },
      undefined,
      0,
      'log_unavailable',
      /name may be wrong/,
    ],
    [
      'a private address',
      () => github,
      { allowedAddresses: [] },
      undefined,
      0,
      'address_refused',
      /"network": "private"/,
    ],
    [
      'an unreachable network',
      () => github,
      { baseUrl: closed, secrets: token },
      undefined,
      0,
      'unreachable',
      /baseUrl/,
    ],
    ['a wrong host', () => fleet, { baseUrl: '/elsewhere' }, undefined, 0, 'vendor_refused', /baseUrl/],
    [
      'a clock that is off',
      () => fleet,
      {},
      () => ({ status: 400, body: { message: 'Bad request' } }),
      900_000,
      'vendor_refused',
      /clock is (89|90)\d seconds ahead.*correct its clock/,
    ],
    ['throttling', () => fleet, {}, () => fakeFleetActivities.throttled(900), 0, 'throttled', /left alone/],
    ['an answer cut short', () => fleet, {}, () => 'cut', 0, 'vendor_unavailable', /did not answer as it should/],
  ])('explains %s', async (_, of, more, fault, skewMs, code, advice) => {
    const vendor = of();
    const { baseUrl, organization, ...rest } = more as { baseUrl?: string; organization?: string };
    const { settings } = vendor.connection('ill');
    const changed = {
      ...(settings as object),
      ...(baseUrl !== undefined && { baseUrl: baseUrl.startsWith('/') ? vendor.url + baseUrl : baseUrl }),
      ...(organization !== undefined && { organization }),
    };
    await make(vendor, 'ill', { settings: changed, ...rest });
    Object.assign(vendor, { fault, skewMs });
    try {
      const { ok, streams } = await test('ill');
      expect(ok).toBe(false);
      expect(streams[0]).toMatchObject({
        ok: false,
        code,
        message: expect.stringMatching(/\S/),
        advice: expect.stringMatching(advice),
      });
      expect(JSON.stringify(streams)).not.toMatch(/ghp_x|user-token/);
    } finally {
      Object.assign(vendor, { fault: undefined, skewMs: 0 });
      await remove('ill');
    }
  });
});

describe('deleting', () => {
  it('in the middle of a run leaves nothing behind, and the connection made again collects everything once', async () => {
    await make(fleet, 'doomed');
    const arrived = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    fleet.before = async () => {
      arrived.resolve();
      await go.promise;
    };
    const running = stack.tick();
    await arrived.promise;
    await remove('doomed');
    fleet.before = async () => {};
    go.resolve();
    await running;
    await stack.tick();
    expect(await operator.jobs.list('main.doomed')).toEqual([]);
    expect((await operator.hastened.list()).has('main.doomed')).toBe(false);
    const parameters = () => readFileSync(join(stack.dir, 'parameters.json'), 'utf8');
    expect(parameters()).not.toContain('/main/doomed/');

    await make(fleet, 'doomed');
    await stack.tick();
    const numbers = await numbersOf('doomed');
    expect(numbers).toEqual(expect.arrayContaining(upTo(10)));
    expect(new Set(numbers).size).toBe(numbers.length);
    await remove('doomed');
    expect(parameters()).not.toContain('/main/doomed/');
    expect(logs(stack)).not.toContain(TOKENS[0]);
  });

  it('that was cut short can be done again', async () => {
    await make(fleet, 'half');
    await stack.tick();
    const connection = await operator.connections.get('main', 'half');
    await operator.secrets.delete(connection?.secretReference ?? '');
    for (const job of await operator.jobs.list('main.half')) await operator.jobs.delete(job);
    await remove('half');
    problem(await call('GET', '/half'), 404);
    expect(await operator.jobs.list('main.half')).toEqual([]);
  });
});
