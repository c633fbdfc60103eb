import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { actions, type Event, event, problem, rawCall } from './support.ts';

const OLD = new Date(Date.now() - 400 * 86_400_000).toISOString();
const EVENTS = [
  event({
    action: 'plain',
    actor: { id: 'u1', email: 'jane@example.com' },
    targets: [
      { type: 'file', id: 'f1', name: 'Plan "B", final' },
      { type: 'file', id: 'f2' },
    ],
    time: '2026-05-01T10:00:00.000Z',
    raw: { size: 5, rows: [{ n: 1 }, { n: 2 }], text: 'a\nb' },
  }),
  event({
    action: '=cmd()',
    reason: '+1',
    actor: { name: '@jane' },
    userAgent: '-x',
    time: '2026-05-01T09:00:00.000Z',
  }),
  event({ action: 'naïve, "quoted"\nline', actor: { name: 'Ünï ☃' }, time: '2026-05-01T08:00:00.000Z' }),
];
const DAY = 'from=2026-05-01&to=2026-05-02';

let stack: TestStack;
let key: string;
beforeAll(async () => {
  stack = await startTestStack();
  key = await stack.newKey({ tenant: 'formats' });
  await stack.call('POST', '/v1/events', { key, body: [...EVENTS, event({ action: 'ärger ☃', time: OLD })] });
});
afterAll(() => stack?.close());

interface Page {
  readonly events: Event[];
  readonly next: string | null;
}
const get = (query: string, headers: Record<string, string> = {}): Promise<Reply<Page>> =>
  stack.call('GET', `/v1/events?${query}`, { key, headers });
const typeOf = (reply: Reply<Page>) => reply.headers.get('content-type')?.split(';')[0];
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('the format', () => {
  it.each<[string | undefined, string]>([
    [undefined, 'application/json'],
    ['*/*', 'application/json'],
    ['application/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/json'],
    ['application/x-ndjson', 'application/x-ndjson'],
    ['application/ndjson', 'application/x-ndjson'],
    ['text/csv', 'text/csv'],
    ['TEXT/CSV', 'text/csv'],
    ['text/csv; charset=utf-8', 'text/csv'],
    ['application/json;q=0.5, text/csv', 'text/csv'],
    ['text/csv;q=0.5, application/json', 'application/json'],
    ['application/x-ndjson;q=0, */*;q=0.1', 'application/json'],
  ])('for Accept %s is %s', async (accept, type) => {
    const headers = { authorization: `Bearer ${key}`, ...(accept !== undefined && { accept }) };
    const reply = await rawCall(stack, 'GET', `/v1/events?${DAY}`, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']?.split(';')[0]).toBe(type);
  });

  it.each(['application/xml', 'image/png', '__proto__', 'text/csv;q=0'])(
    'for Accept %s there is none',
    async (accept) => {
      expect(problem((await get(DAY, { accept })) as never, 406).detail).toContain('text/csv');
    },
  );

  it.each([
    ['json', 'application/json'],
    ['ndjson', 'application/x-ndjson'],
    ['csv', 'text/csv'],
  ])('%s can be named, whatever is accepted', async (format, type) => {
    expect(typeOf(await get(`${DAY}&format=${format}`, { accept: 'image/png' }))).toBe(type);
  });
});

describe('NDJSON', () => {
  it('has the events of the JSON answer, one a line', async () => {
    const { events } = (await get(DAY)).body;
    expect(actions(events)).toEqual(['plain', '=cmd()', 'naïve, "quoted"\nline']);
    expect(linesOf((await get(`${DAY}&format=ndjson`)).text)).toEqual(events);
    expect((await get('action=nothing&format=ndjson')).text).toBe('');
  });
});

describe('CSV', () => {
  it('has a line of names, quotes what has to be, and disarms formulas', async () => {
    const { text } = await get(
      `${DAY}&format=csv&fields=action,reason,actor.name,userAgent,targets.name,targets.id,raw.rows.n,raw.text`,
    );
    expect(text).toBe(
      [
        'action,reason,actor.name,userAgent,targets.name,targets.id,raw.rows.n,raw.text',
        'plain,,,,"Plan ""B"", final",f1; f2,1; 2,"a\nb"',
        "'=cmd(),'+1,'@jane,'-x,,,,",
        '"naïve, ""quoted""\nline",,Ünï ☃,,,,,',
        '',
      ].join('\r\n'),
    );
  });

  it('has columns of its own when none are named', async () => {
    const [names = ''] = (await get(`${DAY}&format=csv`)).text.split('\r\n');
    expect(names.split(',')).toEqual(expect.arrayContaining(['id', 'time', 'actor.email', 'targets.name', 'outcome']));
    expect((await get('action=nothing&format=csv&fields=id,raw')).text).toBe('id,raw\r\n');
  });

  it('has each column once', async () => {
    expect((await get(`action=nothing&format=csv&fields=${Array(400).fill('raw')}`)).text).toBe('raw\r\n');
  });

  it('writes whole values as JSON', async () => {
    const [, row] = (await get(`${DAY}&format=csv&action=plain&fields=actor,raw.rows`)).text.split('\r\n');
    expect(row).toBe('"{""id"":""u1"",""email"":""jane@example.com"",""type"":""user""}","{""n"":1}; {""n"":2}"');
  });
});

describe('fields', () => {
  it.each<[string, object]>([
    ['action', { action: 'plain' }],
    ['actor.email,actor.id', { actor: { email: 'jane@example.com', id: 'u1' } }],
    ['targets.id', { targets: [{ id: 'f1' }, { id: 'f2' }] }],
    ['targets.name', { targets: [{ name: 'Plan "B", final' }, {}] }],
    ['targets.id,targets.name', { targets: [{ id: 'f1', name: 'Plan "B", final' }, { id: 'f2' }] }],
    ['raw.size,raw.rows.n', { raw: { size: 5, rows: [{ n: 1 }, { n: 2 }] } }],
    ['raw.nope,actor.__proto__,actor.toString,action.length,actor..id', {}],
    ['raw', { raw: { size: 5, rows: [{ n: 1 }, { n: 2 }], text: 'a\nb' } }],
    ['raw.size,raw', { raw: { size: 5, rows: [{ n: 1 }, { n: 2 }], text: 'a\nb' } }],
  ])('%s', async (fields, expected) => {
    expect((await get(`action=plain&fields=${fields}`)).body.events).toEqual([expected]);
  });
});

describe('the next page', () => {
  it.each(['json', 'ndjson', 'csv'])('of %s stands in the headers', async (format) => {
    const seen: string[] = [];
    let query = `${DAY}&q=&limit=1&fields=action&format=${format}&ip=`.replace(/&(q|ip)=/g, '');
    for (let page = 0; page < 5; page += 1) {
      const reply = await get(query);
      seen.push(reply.text);
      const next = reply.headers.get('annals-next');
      const [, link] = /^<\/v1\/events\?([^>]*)>; rel="next"$/.exec(reply.headers.get('link') ?? '') ?? [];
      expect(new URLSearchParams(link).get('cursor')).toBe(next);
      if (format === 'json') expect(reply.body.next).toBe(next);
      if (link === undefined) break;
      query = link;
    }
    expect(seen.filter((text) => /plain|cmd|line/.test(text))).toHaveLength(3);
  });

  it('cannot be led astray by what was asked', async () => {
    const reply = await get(`q=${encodeURIComponent('e>; rel="x", <http://evil.example')}&limit=1`);
    expect(reply.status).toBe(200);
    const all = await get(
      `q=a&action=${encodeURIComponent('plain>;\r\nx: y')}&action=plain&action=${encodeURIComponent('=cmd()')}&limit=1`,
    );
    expect(all.headers.get('link')).toMatch(/^<\/v1\/events\?[^<>\s"]+>; rel="next"$/);
    expect(all.headers.get('x')).toBeNull();
  });
});

describe('what has left the hot store', () => {
  it.each(['ndjson', 'csv'])('stands in a header of %s, with SQL that runs', async (format) => {
    const reply = await get(`from=${OLD.slice(0, 10)}&q=${encodeURIComponent('Ärger ☃')}&format=${format}`);
    const header = reply.headers.get('annals-incomplete') ?? '';
    expect(header).toMatch(/^[\x20-\x7e]+$/);
    const [{ source, hotFrom, sql }] = JSON.parse(header);
    expect({ source, hotFrom }).toEqual({ source: 'custom', hotFrom: expect.stringMatching(/Z$/) });
    expect(actions(await stack.sql(sql))).toEqual(['ärger ☃']);
  });

  it.each([
    `q=${encodeURIComponent("'\r\nset-cookie: a=b\r\n\r\n<html>")}`,
    `actor=${encodeURIComponent('x\r\nannals-next: y')}`,
    `action=${encodeURIComponent('\u0085\u2028☃\u007f')}`,
  ])('lets nothing into other headers: %s', async (query) => {
    const reply = await get(`from=2020-01-01&format=csv&${query}`);
    expect(reply.status).toBe(200);
    expect(reply.headers.get('set-cookie')).toBeNull();
    expect(reply.headers.get('annals-next')).toBeNull();
    expect(reply.headers.get('annals-incomplete')).toMatch(/^[\x20-\x7e]+$/);
  });

  it.each([
    ['a long text', `q=${'%C3%A4'.repeat(1000)}`],
    ['many sources', Array.from({ length: 50 }, (_, index) => `source=${`s${index}`.padEnd(150, 'x')}`).join('&')],
    [
      'many sources and a next page',
      `source=custom&limit=1&${Array.from({ length: 49 }, (_, index) => `source=${`s${index}`.padEnd(150, 'x')}`).join('&')}`,
    ],
  ])('keeps headers within what API Gateway lets through: %s', async (_, query) => {
    const headers = { authorization: `Bearer ${key}` };
    const reply = await rawCall(stack, 'GET', `/v1/events?from=2020-01-01&format=csv&${query}`, headers);
    expect(reply.status).toBe(200);
    expect(reply.headers['annals-incomplete']).toMatch(/^\[/);
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html: 10,240 bytes in all
    expect(Object.entries(reply.headers).join('\r\n').length).toBeLessThan(9_500);
  });
});

describe('a large answer', () => {
  it('comes compressed, or is refused to who does not take that', async () => {
    // Texts that do not compress: 44 events of 100 KB, in two requests.
    const text = (seed: number) =>
      Array.from({ length: 12_500 }, (_, index) =>
        ((seed * 7919 + index * 104_729) ** 2 % 4_294_967_291).toString(16).padStart(8, '0'),
      ).join('');
    for (const first of [0, 22]) {
      const body = Array.from({ length: 22 }, (_, index) =>
        event({ action: 'big', raw: { text: text(first + index) } }),
      );
      expect((await stack.call('POST', '/v1/events', { key, body })).status).toBe(202);
    }
    const all = await stack.page('action=big&fields=raw&limit=1000', key);
    expect(all).toHaveLength(44);
    const page = await get('action=big&fields=raw&limit=1000');
    expect(page.text.length).toBeLessThan(6_000_000);
    expect(page.body.next).not.toBeNull();
  });

  it('is refused to who does not take it compressed', async () => {
    // As CSV each quote takes three bytes.
    const body = new Uint8Array(
      gzipSync(JSON.stringify(event({ action: 'quotes', raw: { text: '"'.repeat(1_600_000) } }))),
    );
    await stack.call('POST', '/v1/events', { key, body, headers: { 'content-type': 'application/gzip' } });
    const path = '/v1/events?action=quotes&fields=raw&format=csv';
    const plain = await rawCall(stack, 'GET', path, { authorization: `Bearer ${key}` });
    expect(plain.status).toBe(406);
    expect(plain.headers['content-type']).toBe('application/problem+json');
    const once = await stack.call('GET', path, { key });
    expect(once.text.length).toBeGreaterThan(4_500_000);
  });

  it('of raw events that compress well is a page like others', async () => {
    const body = Array.from({ length: 6 }, (_, index) =>
      event({ action: 'airy', raw: { index, air: ' '.repeat(600_000) } }),
    );
    for (let batch = 0; batch < 2; batch += 1) {
      const own = body.map((one, index) => ({ ...one, id: `airy-${batch}-${index}` }));
      const headers = { 'content-type': 'application/gzip' };
      const sent = await stack.call('POST', '/v1/events', {
        key,
        headers,
        body: new Uint8Array(gzipSync(JSON.stringify(own))),
      });
      expect(sent.status).toBe(202);
    }
    const page = await get('action=airy&fields=raw&limit=1000');
    expect(page.status).toBe(200);
    expect(page.text.length).toBeLessThan(6_000_000);
    expect(await stack.page('action=airy&fields=raw.index&limit=1000', key)).toHaveLength(12);
    const plain = await rawCall(stack, 'GET', '/v1/events?action=airy&fields=raw&limit=1000', {
      authorization: `Bearer ${key}`,
    });
    expect([200, 406]).toContain(plain.status);
  });
});
