import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scope } from '../../shared/control/keys.ts';
import { fleetActivities } from '../../shared/sources/fleet.activities/source.ts';
import { SOURCES } from '../../shared/sources/registry.ts';
import { startTestStack, type TestStack } from '../support/stack.ts';
import { actions, type Event, event, pathsOf, problem, rawCall } from './support.ts';

const DAY_MS = 86_400_000;
const NOW = Date.now();
/** So many days ago, at this hour. */
const ago = (days: number, time = '12:00:00.000') =>
  `${new Date(NOW - days * DAY_MS).toISOString().slice(0, 10)}T${time}Z`;

const EVENTS = [
  event({
    action: 'login',
    type: 'account_login',
    outcome: 'failure',
    actor: { id: 'U-1', name: 'Jane Roe', email: 'Jane@Example.com' },
    ip: '192.0.2.1',
    session: 'S1',
    reason: "wrong password; it's 'late'",
    time: ago(1, '10:00:00.000'),
  }),
  event({
    action: 'group.add',
    type: 'add_to_group',
    outcome: 'success',
    actor: { id: 'U-2', email: 'joe@example.com' },
    targets: [
      { type: 'group', id: 'G-1', name: 'Admins' },
      { type: 'user', id: 'U-1', email: 'jane@example.com' },
    ],
    changes: [{ attribute: 'Members', new: 'U-1' }],
    source: 'custom.sharded',
    time: ago(1, '11:00:00.000'),
  }),
  event({
    action: 'file.read',
    type: 'read_resource',
    actor: { type: 'service', id: 'jane@example.com' },
    targets: [{ type: 'file', id: 'user:odd', name: 'Übersicht Straße.pdf' }],
    ip: '2001:db8::1',
    session: 's1',
    source: 'custom.sharded',
    raw: { size: 5 },
    time: ago(1, '11:00:00.000'),
  }),
  event({ action: 'tick', actor: { type: 'system' }, time: ago(2, '00:00:00.000') }),
  event({ action: 'tock', actor: { type: 'system' }, time: ago(3, '23:59:59.999'), userAgent: '100%_sure/1' }),
  // Past the 365 days of their tier: hot for a day more, so that hot store and archive can be compared.
  event({
    action: 'old.login',
    type: 'account_login',
    outcome: 'failure',
    actor: { id: 'U-1', name: 'Jane Roe', email: 'JANE@example.com', type: 'user' },
    ip: '192.0.2.1',
    session: 'S1',
    reason: "it's over",
    time: ago(400),
  }),
  event({
    action: 'old.file',
    type: 'create_resource',
    category: 'activity_audit',
    actor: { type: 'service', name: 'robot' },
    targets: [{ type: 'user', email: 'jane@example.com' }],
    changes: [{ attribute: 'Owner', old: 'robot', new: 'jane' }],
    time: ago(401, '01:00:00.000'),
  }),
  event({ action: 'old.odd', actor: { id: "o'neil" }, source: 'custom.sharded', time: ago(500), raw: { n: 1 } }),
  event({ action: 'old.short', source: 'custom.short', tier: '180d', time: ago(200) }),
];

let stack: TestStack;
let key: string;
beforeAll(async () => {
  stack = await startTestStack();
  // A tenant of its own, without the audit events of the others.
  key = await stack.newKey({ tenant: 'query' });
  await stack.call('POST', '/v1/events', { body: EVENTS, key });
});
afterAll(() => stack?.close());

interface Page {
  readonly events: Event[];
  readonly next: string | null;
  readonly incomplete?: { source: string; hotFrom: string; sql: string }[];
}
const get = (query: string) => stack.call<Page>('GET', `/v1/events?${query}`, { key });
const found = async (query: string) => actions(await stack.page(query, key));
const RECENT = `from=${ago(4)}`;

describe('what is asked for', () => {
  it.each<[string, string[]]>([
    ['', ['file.read', 'group.add', 'login', 'tick', 'tock']],
    ['order=newest', ['file.read', 'group.add', 'login', 'tick', 'tock']],
    ['order=oldest', ['tock', 'tick', 'login', 'group.add', 'file.read']],
    ['source=custom', ['login', 'tick', 'tock']],
    ['source=custom.sharded', ['file.read', 'group.add']],
    ['source=custom&source=custom.sharded', ['file.read', 'group.add', 'login', 'tick', 'tock']],
    ['source=custom&source=custom', ['login', 'tick', 'tock']],
    ['source=CUSTOM', []],
    ['source=custom%23', []],
    ['category=authentication', ['login']],
    ['category=authentication&category=activity_audit', ['file.read', 'login']],
    ['category=none', ['tick', 'tock']],
    ['type=add_to_group', ['group.add']],
    ['type=none', ['tick', 'tock']],
    ['type=none&type=account_login', ['login', 'tick', 'tock']],
    ['type=create_role', []],
    ['action=tick&action=login', ['login', 'tick']],
    ['action=Tick', []],
    ['outcome=failure', ['login']],
    ['outcome=unknown&outcome=success', ['file.read', 'group.add', 'tick', 'tock']],
    ['ip=192.0.2.1', ['login']],
    ['ip=2001:db8::1', ['file.read']],
    ['session=S1', ['login']],
    ['session=s1', ['file.read']],
    ['attribute=members', ['group.add']],
    ['attribute=MEMBERS&attribute=x', ['group.add']],
    ['actor=U-1', ['login']],
    ['actor=u-1', ['login']],
    ['actor=jane%20roe', ['login']],
    ['actor=jane@example.com', ['file.read', 'login']],
    ['actor=JANE@EXAMPLE.COM', ['file.read', 'login']],
    ['actor=user:jane@example.com', ['login']],
    ['actor=User:Jane@Example.com', ['login']],
    ['actor=service:jane@example.com', ['file.read']],
    ['actor=group:jane@example.com', []],
    ['actor=jane', []],
    ['target=jane@example.com', ['group.add']],
    ['target=admins', ['group.add']],
    ['target=group:ADMINS', ['group.add']],
    ['target=user:G-1', []],
    ['target=user:odd', ['file.read']],
    ['target=file:user:odd', ['file.read']],
    ['target=%C3%BCBERSICHT%20stra%C3%9Fe.pdf', ['file.read']],
    ['entity=jane@example.com', ['file.read', 'group.add', 'login']],
    ['entity=user:jane@example.com', ['group.add', 'login']],
    ['entity=u-1', ['group.add', 'login']],
    ['entity=u-1&order=oldest', ['login', 'group.add']],
    ['entity=u-1&outcome=success', ['group.add']],
    ['actor=u-2&target=u-1', ['group.add']],
    ['actor=u-2&target=u-2', []],
    ['actor=u-2&target=u-1&entity=admins', ['group.add']],
    ['actor=jane@example.com&source=custom.sharded', ['file.read']],
    ['actor=jane@example.com&type=read_resource&q=pdf', ['file.read']],
    ['q=PASSWORD', ['login']],
    ['q=admins', ['group.add']],
    ['q=%C3%9Cbersicht', ['file.read']],
    ['q=100%25_sure', ['tock']],
    ['q=100%25%25', []],
    ["q='late'", ['login']],
    [`to=${ago(2, '00:00:00.000')}`, ['tock']],
    [`to=${ago(2, '00:00:00.001')}`, ['tick', 'tock']],
    [`to=${ago(2).slice(0, 10)}`, ['tock']],
  ])('%s', async (query, expected) => {
    // Two events are of the same instant: which comes first is for their ids to say, but one order reverses the other.
    const both = (list: unknown[]) => list.map((action) => (action === 'file.read' ? 'group.add' : action));
    const events = await found(query === '' ? RECENT : `${RECENT}&${query}`);
    expect(both(events)).toEqual(both(expected));
    expect([...events].sort()).toEqual([...expected].sort());
  });

  it.each([
    [ago(2, '00:00:00.000'), ['tick']],
    [ago(2, '00:00:00.001'), []],
    [ago(3, '23:59:59.999'), ['tick', 'tock']],
  ])('from %s on, inclusive', async (from, expected) => {
    expect(await found(`from=${from}&to=${ago(1, '00:00:00.000')}`)).toEqual(expected);
  });

  it('takes times with an offset, with the plus as it is or encoded', async () => {
    const local = ago(2, '02:00:00.000').replace('Z', '');
    for (const plus of ['+', '%2B', '%20']) {
      expect(await found(`from=${local}${plus}02:00&to=${local}.001${plus}02:00`.replace('.000.001', '.001'))).toEqual([
        'tick',
      ]);
    }
  });

  it('shows all but raw, and raw where it is asked for', async () => {
    const [shown] = await stack.page('action=file.read', key);
    expect(shown).toMatchObject({ tenant: 'query', category: 'activity_audit', tier: '365d' });
    expect(shown).not.toHaveProperty('raw');
    expect((await get('action=file.read&fields=action,raw.size,targets.name,actor.nope')).body.events).toEqual([
      { action: 'file.read', raw: { size: 5 }, targets: [{ name: 'Übersicht Straße.pdf' }] },
    ]);
  });
});

describe('parameters', () => {
  it.each<[string, string[]]>([
    ['limit=0', ['limit']],
    ['limit=1001', ['limit']],
    ['limit=-1', ['limit']],
    ['limit=1e2', ['limit']],
    ['limit=', ['limit']],
    ['limit=٣', ['limit']],
    ['limit=1&limit=1', ['limit']],
    ['order=up', ['order']],
    ['from=yesterday', ['from']],
    ['from=2026-02-30', ['from']],
    ['from=2026-01-01T00:00:00', ['from']],
    ['to=1', ['to']],
    ['from=2026-01-02&to=2026-01-02', ['to']],
    ['from=2026-01-01&from=2026-01-02', ['from']],
    ['type=nope', ['type']],
    ['category=', ['category']],
    ['outcome=ok', ['outcome']],
    ['actor=a&actor=b', ['actor']],
    ['actor=', ['actor']],
    ['q=', ['q']],
    [`q=${'x'.repeat(1025)}`, ['q']],
    ['q=a%00&action=%00', ['q', 'action']],
    ['format=xml', ['format']],
    ['fields=', ['fields']],
    ['fields=id,nope', ['fields']],
    [`fields=${Array.from({ length: 101 }, (_, index) => `raw.${index}`)}`, ['fields']],
    ['fields=__proto__', ['fields']],
    ['cursor=', ['cursor']],
    ['cursor=abc', ['cursor']],
    ['cursor=%00', ['cursor']],
    ['__proto__=1', ['__proto__']],
    ['constructor=1&hasOwnProperty=2', ['constructor', 'hasOwnProperty']],
    ['Source=custom', ['Source']],
    [`${'source=x&'.repeat(51)}`, ['source']],
    ['limit=0&order=up&colour=red&from=x', ['colour', 'from', 'order', 'limit']],
  ])('%s is answered 400, naming it', async (query, names) => {
    const paths = pathsOf((await get(query)) as never);
    expect([...new Set(paths)].sort()).toEqual([...names].sort());
  });

  it.each(['%', '%zz', 'source=%ff', 'q=%00', 'action=%0d%0aSet-Cookie:%20a=b', '&&&', 'q=%F0%9F%91%A9'])(
    'odd encoding %s is no reason to fail',
    async (query) => {
      const reply = await rawCall(stack, 'GET', `/v1/events?${query}&${RECENT}`);
      expect([200, 400]).toContain(reply.status);
      expect(reply.headers['x-request-id']).toMatch(/\S/);
      expect(reply.headers['set-cookie']).toBeUndefined();
    },
  );
});

describe('pages', () => {
  let own: string;
  const get = (query: string, key = own) => stack.call<Page>('GET', `/v1/events?${query}`, { key });
  const names = Array.from({ length: 40 }, (_, index) => `page.${String(index).padStart(2, '0')}`);
  /** Eight days, three sources, one of them in three partitions, some of the same instant. */
  async function fill(tenant: string): Promise<string> {
    const key = await stack.newKey({ tenant });
    const body = names.map((action, index) =>
      event({
        action,
        session: 'paged',
        actor: { id: 'pager' },
        source: ['custom', 'custom.sharded', 'custom.third'][index % 3],
        time: ago(10 + Math.floor(index / 5), `0${index % 5 === 4 ? 3 : index % 5}:00:00.000`),
      }),
    );
    await stack.call('POST', '/v1/events', { body, key });
    return key;
  }
  beforeAll(async () => {
    own = await fill('pages');
  });

  it.each([
    'session=paged',
    'actor=pager',
    'actor=pager&order=oldest',
    'session=paged&order=oldest',
    `from=${ago(30)}&to=${ago(5)}`,
  ])('of %s give every event once, in order, whatever the limit', async (query) => {
    const whole = (await get(`${query}&limit=1000`)).body;
    expect(whole.next).toBeNull();
    expect([...actions(whole.events)].sort()).toEqual(names);
    const ids = whole.events.map(({ id }) => id);
    expect(ids).toEqual(query.includes('oldest') ? [...ids].sort() : [...ids].sort().reverse());
    const limit = query.startsWith('from') ? 3 : 13;
    expect((await stack.page(`${query}&limit=${limit}`, own)).map(({ id }) => id)).toEqual(ids);
  });

  it('go on where they were, whatever comes in meanwhile', async () => {
    const key = await fill('moving');
    const expected = (await get('session=paged&limit=1000', key)).body.events.map(({ id }) => id);
    const seen: string[] = [];
    let next: string | null = null;
    do {
      const page: Page = (await get(`session=paged&limit=13${next === null ? '' : `&cursor=${next}`}`, key)).body;
      expect(page.events.length).toBeLessThanOrEqual(13);
      seen.push(...page.events.map(({ id }) => id));
      next = page.next;
      const late = [ago(0, '00:00:00.000'), ago(15), ago(40)].map((time) =>
        event({ action: `late.${seen.length}`, session: 'paged', time, source: 'custom.sharded' }),
      );
      await stack.call('POST', '/v1/events', { body: late, key });
    } while (next !== null);
    expect(seen.filter((id) => expected.includes(id))).toEqual(expected);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('take another limit, other fields and another format on the way', async () => {
    const { next, events } = (await get('actor=pager&limit=5')).body;
    const second = (await get(`actor=pager&limit=2&fields=id&cursor=${next}`)).body;
    const all = (await get('actor=pager')).body.events;
    expect([...events, ...second.events].map(({ id }) => id)).toEqual(all.slice(0, 7).map(({ id }) => id));
  });

  it.each(['actor=pager&order=oldest', 'actor=user:pager', 'session=paged', 'actor=pager&from=2020-01-01', ''])(
    'do not go on with another query: %s',
    async (query) => {
      const { next } = (await get('actor=pager&limit=5')).body;
      expect(pathsOf((await get(`${query}&cursor=${next}`)) as never)).toEqual(['cursor']);
    },
  );

  it('belong to their tenant', async () => {
    const { next } = (await get('actor=pager&limit=5')).body;
    expect(pathsOf((await get(`actor=pager&cursor=${next}`, stack.key)) as never)).toEqual(['cursor']);
  });

  it('can be asked for from anywhere: a cursor that somebody made up shows no more than the query', async () => {
    const query = `actor=pager&from=${ago(15, '00:30:00.000')}&to=${ago(12, '02:30:00.000')}`;
    const allowed = new Set((await get(query)).body.events.map(({ id }) => id));
    expect(allowed.size).toBeGreaterThan(5);
    for (const order of ['newest', 'oldest']) {
      const { next } = (await get(`${query}&order=${order}&limit=1`)).body;
      const real = JSON.parse(Buffer.from(String(next), 'base64url').toString()) as { after: string; query: string };
      const at = (time: string) => idAt(Date.parse(time));
      for (const after of [
        '0'.repeat(26),
        `7${'Z'.repeat(25)}`,
        at(ago(15, '00:00:00.000')),
        at(ago(15, '00:30:00.000')),
        at(ago(12, '02:30:00.000')),
        at(ago(12, '23:00:00.000')),
        at(ago(16)),
        at(ago(3)),
      ]) {
        const cursor = Buffer.from(JSON.stringify({ ...real, after })).toString('base64url');
        const reply = await get(`${query}&order=${order}&cursor=${cursor}`);
        expect({ after, order, status: reply.status, text: reply.text }).toMatchObject({ status: 200 });
        for (const { id } of reply.body.events) expect(allowed).toContain(id);
      }
    }
  });

  it.each<[string, (cursor: { after: string; query: string }) => unknown]>([
    ['no id', ({ query }) => ({ query, after: 'x' })],
    ['a small id', ({ query }) => ({ query, after: '0'.repeat(25) })],
    ['a huge id', ({ query }) => ({ query, after: '0'.repeat(4000) })],
    ['a list', ({ after, query }) => ({ query, after: [after] })],
    ['more', (cursor) => ({ ...cursor, tenant: 'main' })],
    ['less', ({ after }) => ({ after })],
    ['nothing', () => null],
    ['depth', () => '['],
  ])('refuse a cursor that holds %s', async (_, change) => {
    const { next } = (await get('actor=pager&limit=5')).body;
    const real = JSON.parse(Buffer.from(String(next), 'base64url').toString());
    const cursor = Buffer.from(JSON.stringify(change(real))).toString('base64url');
    expect(pathsOf((await get(`actor=pager&cursor=${cursor}`)) as never)).toEqual(['cursor']);
  });
});

describe('what has left the hot store', () => {
  it('is not spoken of where all is hot, or no from is given', async () => {
    expect((await get(RECENT)).body.incomplete).toBeUndefined();
    expect((await get('action=login')).body.incomplete).toBeUndefined();
    expect((await get(`from=${ago(600)}&source=annals.audit`)).body.incomplete).toBeUndefined();
  });

  it('is told by source, by the shortest tier that was used', async () => {
    const { incomplete = [] } = (await get(`from=${ago(600)}`)).body;
    expect(incomplete.map(({ source }) => source)).toEqual(['custom', 'custom.sharded', 'custom.short']);
    for (const { source, hotFrom } of incomplete) {
      const days = source === 'custom.short' ? 180 : 365;
      expect(Math.abs(NOW - days * DAY_MS - Date.parse(hotFrom))).toBeLessThan(120_000);
    }
    expect((await get(`from=${ago(300)}`)).body.incomplete?.map(({ source }) => source)).toEqual(['custom.short']);
    expect((await get(`from=${ago(600)}&source=custom&source=custom`)).body.incomplete).toHaveLength(1);
    expect((await get(`from=${ago(600)}&source=custom.never`)).body.incomplete).toHaveLength(1);
  });

  /** What the archive answers to the SQL given, and what the hot store has: these events stay hot for a day. */
  async function compare(query: string): Promise<{ archived: unknown[]; hot: unknown[] }> {
    const { incomplete = [], events } = (await get(`from=${ago(600)}&limit=1000&${query}`)).body;
    expect(incomplete.length).toBeGreaterThan(0);
    const archived: unknown[] = [];
    for (const { sql, source } of incomplete) {
      const rows = await stack.sql(sql);
      for (const row of rows) expect(row).toMatchObject({ source, tenant: 'query' });
      archived.push(...actions(rows));
    }
    const hotFrom = new Map(incomplete.map((one) => [one.source, one.hotFrom]));
    const hot = events.filter(({ source, time }) => time < (hotFrom.get(String(source)) ?? ''));
    return { archived: archived.sort(), hot: actions(hot).sort() };
  }

  it.each([
    '',
    `to=${ago(450)}&order=oldest`,
    'source=custom&source=custom.sharded&action=old.login&action=old.odd',
    'source=custom&type=account_login&category=authentication&outcome=failure&ip=192.0.2.1&session=S1',
    'source=custom.sharded&type=none&category=none',
    'source=custom&attribute=OWNER',
    'source=custom&actor=JANE%20ROE',
    'source=custom&actor=user:u-1',
    "source=custom.sharded&actor=o'neil",
    'source=custom&entity=jane@example.com',
    "source=custom&q=IT'S",
    "source=custom&q=');drop%20table%20events;--",
    "source=custom&action=x'%20or%20'1'='1",
    'source=custom&q=a%0Ab%E2%80%A8c%5C',
    'source=custom&connection=nope',
  ])('can be asked of the archive: %s', async (query) => {
    const { archived, hot } = await compare(query);
    expect(archived).toEqual(hot);
  });

  it.each(['target=user:jane@example.com', 'target=u-1', 'entity=service:jane@example.com'])(
    'is found with %s, though the archive does not tell actors from targets',
    async (query) => {
      const { archived, hot } = await compare(`source=custom&${query}`);
      expect(archived).toEqual(expect.arrayContaining(hot));
    },
  );

  it.each(['actor=service:u-1', 'q=JANE', 'q=owner', 'q=create_'])(
    'is found with %s, and nothing else',
    async (query) => {
      const { archived, hot } = await compare(`source=custom&${query}`);
      expect(archived).toEqual(hot);
    },
  );

  it.each(['from=1970-01-01', 'from=0000-01-01&to=9999-12-31', 'from=0000-01-01&to=1969-01-01'])(
    'can be asked of the archive, however long ago: %s',
    async (query) => {
      const { incomplete = [] } = (await get(`${query}&source=custom`)).body;
      expect(incomplete).toHaveLength(1);
      for (const { sql } of incomplete) expect((await stack.sql(sql)).length).toBe(query.includes('1969') ? 0 : 2);
    },
  );
});

describe('one event', () => {
  it('comes with raw', async () => {
    const [listed] = await stack.page('action=file.read', key);
    const { body } = await stack.call('GET', `/v1/events/${listed?.['id']}`, { key });
    expect(body).toEqual({ ...listed, raw: { size: 5 } });
  });

  it.each([
    '0'.repeat(26),
    `7${'Z'.repeat(25)}`,
    'Z'.repeat(26),
    'x',
    '%00',
    '..',
    '%2e%2e',
    '..%2f',
    '..%2fkeys',
    '%F0%9F%91%A9',
    'a#b',
    '__proto__',
    'x'.repeat(9_000),
  ])('%s is not there', async (id) => {
    const reply = await rawCall(stack, 'GET', `/v1/events/${id}`);
    expect(reply.status).toBe(404);
    expect(reply.headers['content-type']).toBe('application/problem+json');
    expect(reply.headers['x-request-id']).toBe(JSON.parse(reply.text).requestId);
  });

  it('is not there in lower case', async () => {
    const [listed] = await stack.page('action=login', key);
    problem((await stack.call('GET', `/v1/events/${String(listed?.['id']).toLowerCase()}`, { key })) as never, 404);
  });
});

describe('sources', () => {
  beforeAll(async () => {
    const secrets = { webhook: 's'.repeat(40) };
    const body = { name: 'told', source: 'fleet.activities', secrets };
    const made = await stack.call('POST', '/v1/connections', { body });
    expect(made.status, made.text).toBe(201);
  });

  it('are listed with what is known of them', async () => {
    const { body } = await stack.call<{ sources: Record<string, unknown>[] }>('GET', '/v1/sources', { key });
    const names = [...SOURCES.map(({ name }) => name), 'custom', 'custom.sharded', 'custom.short'];
    expect(body.sources.map(({ name }) => name)).toEqual(names.sort());
    expect(body.sources.find(({ name }) => name === 'custom')).toMatchObject({
      tier: '365d',
      firstDay: ago(401).slice(0, 10),
      typesSeen: ['account_login', 'create_resource'],
      connections: [],
      connecting: null,
      webhook: null,
    });
    const fleet = body.sources.find(({ name }) => name === 'fleet.activities');
    const { vendorKeeps, notLogged, connecting } = fleetActivities;
    expect(fleet).toMatchObject({ vendorKeeps, notLogged, webhook: { tokenInPath: true }, firstDay: null });
    expect(fleet?.['connecting']).toEqual(connecting);
  });

  it('are what the description says', async () => {
    const { body: description } = await stack.call<{ components: object }>('GET', '/v1/openapi.json', { key: null });
    const { body } = await stack.call<{ sources: object[] }>('GET', '/v1/sources');
    const validate = new Ajv({ strict: false, validateFormats: false }).compile({
      $ref: '#/components/schemas/Source',
      components: description.components,
    });
    for (const source of body.sources) expect([validate(source), validate.errors]).toEqual([true, null]);
  });

  it('tell administrators how they are connected and where vendors push to, and of events only those who may read', async () => {
    const seenWith = async (scopes: Scope[]) => {
      const asked = await stack.newKey({ tenant: 'main', scopes });
      const { body } = await stack.call<{ sources: Record<string, unknown>[] }>('GET', '/v1/sources', { key: asked });
      const { connections, ...fleet } = body.sources.find((one) => one['name'] === 'fleet.activities') ?? {};
      const days = body.sources.flatMap(({ firstDay }) => firstDay ?? []);
      return { fleet, days: days.length > 0, connection: (connections as object[])[0] };
    };
    const [admin, reader] = [await seenWith(['admin']), await seenWith(['read'])];
    expect(admin.fleet).toEqual(reader.fleet);
    expect(admin.connection).toEqual({ ...reader.connection, webhookPath: '/v1/webhooks/main.told/{secret}' });
    expect(reader.connection).not.toHaveProperty('webhookPath');
    expect({ admin: admin.days, reader: reader.days }).toEqual({ admin: false, reader: true });
  });
});

/** An event id of this time, as anyone who reads the ULID specification can make one. */
function idAt(time: number): string {
  let text = '';
  for (let rest = time, i = 0; i < 10; i += 1, rest = Math.floor(rest / 32)) {
    text = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'.charAt(rest % 32) + text;
  }
  return text + '8'.repeat(16);
}
