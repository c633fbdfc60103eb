import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Reply, startTestStack, type TestStack } from '../support/stack.ts';
import { actions, event, pathsOf, problem } from './support.ts';

interface Accepted {
  readonly ids: (string | null)[];
  readonly stored: number;
  readonly existing: string[];
  readonly problems?: { index: number; path: string; message: string }[];
}

let stack: TestStack;
beforeAll(async () => {
  stack = await startTestStack();
});
afterAll(() => stack?.close());

const post = (body: unknown, headers: Record<string, string> = {}, query = ''): Promise<Reply<Accepted>> =>
  stack.call('POST', `/v1/events${query}`, { body, headers });
const lines = (events: object[]) => events.map((one) => `${JSON.stringify(one)}\n`).join('');
const gzip = (text: string) => new Uint8Array(gzipSync(text));
const byId = async (id: unknown) => (await stack.call('GET', `/v1/events/${id}`)).body;
const stored = async (reply: Reply<Accepted>) => actions(await Promise.all(reply.body.ids.map(byId)));
const JSON_TYPE = { 'content-type': 'application/json' };
const NDJSON = { 'content-type': 'application/x-ndjson' };
const GZIP = { 'content-type': 'application/gzip' };

describe('what a body may be', () => {
  const two = (name: string) => [event({ action: `${name}.1` }), event({ action: `${name}.2` })];
  it.each<[string, (name: string) => unknown, Record<string, string>]>([
    ['an array', (name) => two(name), JSON_TYPE],
    ['an array with a charset', (name) => two(name), { 'content-type': 'application/json; charset=utf-8' }],
    ['NDJSON', (name) => lines(two(name)), NDJSON],
    ['NDJSON without a last line break', (name) => lines(two(name)).trim(), NDJSON],
    ['a compressed array', (name) => gzip(JSON.stringify(two(name))), GZIP],
    ['compressed NDJSON', (name) => gzip(lines(two(name))), GZIP],
    ['NDJSON with Content-Encoding', (name) => gzip(lines(two(name))), { ...NDJSON, 'content-encoding': 'gzip' }],
  ])('takes %s and answers the ids in order', async (name, body, headers) => {
    const sent = await post(body(name), headers);
    expect({ status: sent.status, text: sent.text }).toMatchObject({ status: 202 });
    expect(sent.body).toMatchObject({ stored: 2, existing: [] });
    expect(await stored(sent)).toEqual([`${name}.1`, `${name}.2`]);
    expect(sent.headers.get('x-request-id')).toMatch(/\S/);
  });

  it.each<[string, (text: string) => unknown, Record<string, string>]>([
    ['JSON', (text) => text, JSON_TYPE],
    ['a line', (text) => text, NDJSON],
    ['compressed JSON', gzip, GZIP],
  ])('takes one event as %s', async (name, body, headers) => {
    const sent = await post(body(JSON.stringify(event({ action: name }))), headers);
    expect(sent.body).toMatchObject({ stored: 1, existing: [] });
    expect(await stored(sent)).toEqual([name]);
  });

  it.each<[string, () => unknown, Record<string, string>]>([
    ['gzip labelled JSON', () => gzip('[]'), JSON_TYPE],
    ['gzip labelled JSON twice', () => gzip('[]'), { ...JSON_TYPE, 'content-encoding': 'gzip' }],
    ['text', () => '[]', { 'content-type': 'text/plain' }],
    ['a form', () => 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
  ])('refuses %s with 415, naming application/gzip', async (_, body, headers) => {
    expect(problem((await post(body(), headers)) as never, 415).detail).toContain('application/gzip');
  });

  it.each<[string, unknown, Record<string, string>]>([
    ['nothing', '', JSON_TYPE],
    ['no event', '[]', JSON_TYPE],
    ['no line', '\n\n', NDJSON],
    ['half a document', '{"action":', JSON_TYPE],
    ['what is not gzip', '{}', GZIP],
    ['half a gzip', gzipSync('{"action":"x"}').subarray(0, 15), GZIP],
    ['200,000 brackets', '['.repeat(200_000), JSON_TYPE],
    [
      '200,000 brackets with a long number',
      `${'['.repeat(200_000)}12345678901234567890${']'.repeat(200_000)}`,
      JSON_TYPE,
    ],
  ])('answers 400 to %s', async (_, body, headers) => {
    problem((await post(body, headers)) as never, 400);
  });
});

describe('limits', () => {
  const MIB_4 = 4 * 1024 * 1024;
  const padded = (size: number) => {
    const text = JSON.stringify(event({ action: 'padded', raw: { pad: '' } }));
    return text.replace('"pad":""', `"pad":"${'x'.repeat(size - text.length)}"`);
  };

  it('takes 1,000 events at once, and tells at the next time that they are there', async () => {
    const many = Array.from({ length: 1000 }, (_, index) =>
      event({ action: `bulk.${index}`, source: 'custom.sharded' }),
    );
    const sent = await post(many);
    expect(sent.body).toMatchObject({ stored: 1000, existing: [] });
    expect(new Set(sent.body.ids).size).toBe(1000);
    const again = await post(lines(many), NDJSON);
    expect(again.body).toEqual({ ids: sent.body.ids, stored: 0, existing: sent.body.ids });
    expect(actions(await stack.page('source=custom.sharded&limit=1000')).sort()).toEqual(actions(many).sort());
  });

  it('refuses 1,001', async () => {
    const many = Array.from({ length: 1001 }, () => event({ source: 'custom.refused' }));
    expect(problem((await post(many)) as never, 413).detail).toContain('1001');
    expect(problem((await post(lines(many), NDJSON)) as never, 413).detail).toContain('1001');
    expect(await stack.page('source=custom.refused')).toEqual([]);
  });

  it.each<[string, (text: string) => unknown, Record<string, string>]>([
    ['plain', (text) => text, JSON_TYPE],
    ['compressed', gzip, GZIP],
  ])('takes 4 MiB and not a byte more, %s', async (_, body, headers) => {
    const fits = padded(MIB_4);
    expect(Buffer.byteLength(fits)).toBe(MIB_4);
    const sent = await post(body(fits), headers);
    expect(sent.body).toMatchObject({ stored: 1 });
    expect(problem((await post(body(padded(MIB_4 + 1)), headers)) as never, 413).detail).toContain('4 MiB');
  });

  it('refuses what explodes when it is decompressed', async () => {
    problem((await post(new Uint8Array(gzipSync(Buffer.alloc(50_000_000, ' '))), GZIP)) as never, 413);
  });

  it('keeps a raw event whole that is too large for the table', async () => {
    const raw = { noise: randomBytes(1_000_000).toString('base64') };
    const sent = await post(event({ action: 'large', raw }));
    const [id] = sent.body.ids;
    expect((await byId(id))['raw']).toEqual(raw);
    const [listed] = await stack.page('action=large&fields=raw');
    expect(listed).toEqual({ raw });
    const text = JSON.stringify(raw);
    const [row] = await stack.sql(`select raw, raw_sha256, raw_size from events where id = '${id}'`);
    expect(row).toEqual({
      raw: null,
      raw_sha256: createHash('sha256').update(text).digest('hex'),
      raw_size: text.length,
    });
  });

  it('asks for less than 200 KiB beside raw', async () => {
    const targets = Array.from({ length: 1000 }, (_, index) => ({ type: 'file', id: `${index}`.padEnd(250, '-') }));
    expect(problem((await post(event({ targets }))) as never, 400).problems).toEqual([
      { index: 0, path: '', message: expect.stringContaining('200 KiB') },
    ]);
  });
});

describe('what an event may say', () => {
  it('keeps every canonical field', async () => {
    const full = {
      time: '2026-03-04T05:06:07.890Z',
      action: 'invoice.delete',
      actor: { id: 'u1', name: 'Jane', email: 'Jane@Example.com', type: 'user', role: 'clerk' },
      source: 'custom.billing',
      product: 'Billing',
      category: 'activity_audit',
      type: 'delete_resource',
      outcome: 'failure',
      targets: [
        { type: 'invoice', id: 'i1', name: 'Invoice 1' },
        { type: 'user', email: 'joe@example.com' },
      ],
      ip: '2001:db8::1',
      userAgent: 'curl/8',
      session: 's1',
      location: { country: 'AT', region: 'Wien', city: 'Wien', asn: 'AS1' },
      device: { id: 'd1', name: 'Laptop', type: 'laptop', os: 'Linux' },
      reason: 'not allowed',
      credential: { id: 'c1', name: 'key', type: 'api_key' },
      identityProvider: 'okta',
      mfa: { method: 'totp', flagged: true, enrollment: 'e1' },
      changes: [
        { attribute: 'state', old: 'open', new: { to: ['deleted', 1, null] } },
        { attribute: 'n', old: null },
      ],
      tier: '180d',
      raw: { any: { thing: [1, 'two', null, { three: 3.5 }] } },
    };
    const sent = await post({ ...full, id: 'own-1', tenant: 'main' });
    const { id, receivedAt, connection, ...found } = await byId(sent.body.ids[0]);
    expect(found).toEqual({
      ...full,
      tenant: 'main',
      changes: [{ attribute: 'state', old: 'open', new: '{"to":["deleted",1,null]}' }, { attribute: 'n' }],
    });
    expect(id).toBe(sent.body.ids[0]);
    expect(connection).toMatch(/^key_[0-9a-f]{16}$/);
    expect(Math.abs(Date.now() - Date.parse(String(receivedAt)))).toBeLessThan(60_000);
  });

  it('fills in what was left out, and takes times with any offset', async () => {
    const sent = await post({ action: 'least', actor: { type: 'system' }, time: '2026-03-04T06:06:07+01:00' });
    expect(await byId(sent.body.ids[0])).toMatchObject({
      time: '2026-03-04T05:06:07.000Z',
      source: 'custom',
      product: 'custom',
      category: null,
      type: null,
      outcome: 'unknown',
      targets: [],
      changes: [],
      tier: '365d',
    });
  });

  it('never rounds an integer', async () => {
    const text = JSON.stringify(event({ action: 'digits', raw: { n: '#', deep: [{ m: '##' }] } }))
      .replace('"#"', '9007199254740993')
      .replace('"##"', '-123456789012345678901234567890');
    const [id] = (await post(text)).body.ids;
    const raw = '{"deep":[{"m":-123456789012345678901234567890}],"n":9007199254740993}';
    const sorted = (answer: string) => answer.replace(/\s/g, '');
    for (const path of [
      `/v1/events/${id}`,
      '/v1/events?action=digits&fields=raw',
      '/v1/events?action=digits&fields=raw.n,raw.deep.m&format=ndjson',
    ]) {
      const { text: answer } = await stack.call('GET', path);
      expect(sorted(answer)).toContain('"n":9007199254740993');
      expect(sorted(answer)).toContain('-123456789012345678901234567890');
    }
    expect((await stack.call('GET', '/v1/events?action=digits&fields=raw.n&format=csv')).text).toContain(
      '9007199254740993',
    );
    const [row] = await stack.sql(`select raw, raw_sha256, raw_size from events where id = '${id}'`);
    expect(row).toMatchObject({ raw_sha256: null, raw_size: expect.any(Number) });
    expect(
      String(row?.['raw'])
        .split(/[,:{}[\]]/)
        .sort(),
    ).toEqual(raw.split(/[,:{}[\]]/).sort());
  });

  it('never rounds an integer of a change', async () => {
    const text = JSON.stringify(
      event({ action: 'digits.changed', changes: [{ attribute: 'n', old: '#', new: { v: '##' } }] }),
    )
      .replace('"#"', '9007199254740993')
      .replace('"##"', '9007199254740995');
    const [id] = (await post(text)).body.ids;
    expect((await byId(id))['changes']).toEqual([
      { attribute: 'n', old: '9007199254740993', new: '{"v":9007199254740995}' },
    ]);
  });

  it.each<[string, string]>([
    ['astral characters', '𝕵𝖆𝖓𝖊 👩‍🚀 ﷽'],
    ['separators of lines', 'a\u2028b\u2029c\u0085d'],
    ['controls', 'a\u0000b\u0001\u001b[31m\u007f'],
    ['half a surrogate pair', 'a\ud800b'],
    ['other half', '\udfff'],
    ['markup and quotes', `<script>'";--</script>\\`],
    ['a right-to-left override', '\u202egnp.exe'],
  ])('keeps %s as they are, also in the archive', async (_, text) => {
    const sent = await post(event({ action: text, actor: { name: text }, raw: { [text]: text } }));
    expect(sent.body).toMatchObject({ stored: 1 });
    const [id] = sent.body.ids;
    const found = await byId(id);
    expect(found).toMatchObject({ action: text, actor: { name: text } });
    expect(found['raw']).toEqual({ [text]: text });
    expect(await stack.sql(`select id from events where id = '${id}'`)).toHaveLength(1);
  });

  it('takes keys that mean something to JavaScript for what they are', async () => {
    const raw = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":2}},"toString":"t","hasOwnProperty":null}';
    const sent = await post(JSON.stringify(event({ action: 'proto', raw: '#' })).replace('"#"', raw));
    const { text } = await stack.call('GET', `/v1/events/${sent.body.ids[0]}`);
    expect(text).toContain('"__proto__":{"polluted":1}');
    const picked = await stack.call(
      'GET',
      '/v1/events?action=proto&fields=raw.__proto__.polluted,raw.constructor,raw.toString',
    );
    expect(picked.text).toContain(
      '{"raw":{"__proto__":{"polluted":1},"constructor":{"prototype":{"x":2}},"toString":"t"}}',
    );
    expect(
      pathsOf((await post(JSON.stringify(event()).replace('{', '{"__proto__":{"tier":"180d"},'))) as never),
    ).toEqual(['__proto__']);
  });

  it('takes no long number for an object', async () => {
    const text = JSON.stringify(event({ raw: '#' })).replace('"#"', '12345678901234567890');
    expect(pathsOf((await post(text)) as never)).toEqual(['raw']);
    expect(pathsOf((await post('[12345678901234567890]')) as never)).toEqual(['']);
  });

  it('takes 65,536 characters of a change and no more', async () => {
    const change = (size: number) => event({ changes: [{ attribute: 'a', new: 'x'.repeat(size) }] });
    expect((await post(change(65_536))).body).toMatchObject({ stored: 1 });
    expect(pathsOf((await post(change(65_537))) as never)).toEqual(['changes.0']);
  });

  it('keeps such keys in a change, too', async () => {
    const text = JSON.stringify(event({ action: 'proto.changed', changes: [{ attribute: 'a', new: '#' }] })).replace(
      '"#"',
      '{"__proto__":{"x":1},"y":2}',
    );
    const [id] = (await post(text)).body.ids;
    expect((await byId(id))['changes']).toEqual([{ attribute: 'a', new: '{"__proto__":{"x":1},"y":2}' }]);
  });

  const nested = (depth: number, core = '1') => '['.repeat(depth) + core + ']'.repeat(depth);
  it.each([100, 990, 1_500, 3_000, 200_000])(
    'refuses what is nested %i deep with 400, or gives it back',
    async (depth) => {
      for (const core of ['1', '12345678901234567890']) {
        const field = (more: object) =>
          JSON.stringify(event({ action: `deep.${depth}.${core.length}`, ...more })).replace(
            '"#"',
            nested(depth, core),
          );
        for (const body of [field({ raw: { deep: '#' } }), field({ changes: [{ attribute: 'a', new: '#' }] })]) {
          const sent = await post(body);
          expect([202, 400]).toContain(sent.status);
          if (sent.status === 400) problem(sent as never, 400);
          else {
            const found = await stack.call('GET', `/v1/events/${sent.body.ids[0]}`);
            expect(found.status).toBe(200);
            expect(found.text).toContain(nested(depth, core));
          }
        }
      }
      const unknown = JSON.stringify(event({ nope: '#' })).replace('"#"', nested(depth));
      expect(pathsOf((await post(unknown)) as never)).toEqual([depth < 1_000 ? 'nope' : '']);
    },
  );

  it('names the event that is nested too deeply, and with partial stores the others', async () => {
    const deep = JSON.stringify(event({ action: 'deep', raw: { deep: '#' } })).replace('"#"', nested(200_000));
    const body = `[${JSON.stringify(event({ action: 'beside.deep' }))},${deep}]`;
    expect(problem((await post(body)) as never, 400).problems).toEqual([
      { index: 1, path: expect.any(String), message: expect.stringContaining('deep') },
    ]);
    expect(await stack.page('action=beside.deep')).toEqual([]);
    const sent = await post(body, {}, '?partial=true');
    expect(sent.body).toMatchObject({ stored: 1, ids: [expect.any(String), null], problems: [{ index: 1 }] });
  });
});

describe('sending again', () => {
  it('changes nothing for the same own id, whatever the order of keys', async () => {
    const one = { id: 'retry-1', ...event({ action: 'retried', raw: { a: 1, b: 2 } }) };
    const { raw: _, ...rest } = one as Record<string, unknown>;
    const first = await post(one);
    const second = await post({ raw: { b: 2, a: 1 }, ...rest });
    expect(first.body).toMatchObject({ stored: 1, existing: [] });
    expect(second.status).toBe(202);
    expect(second.body).toEqual({ ids: first.body.ids, stored: 0, existing: first.body.ids });
    expect(await stack.page('action=retried')).toHaveLength(1);
  });

  it('changes nothing without an own id either, but tells equal events of one batch apart', async () => {
    const one = event({ action: 'twin' });
    const first = await post([one, one]);
    expect(new Set(first.body.ids).size).toBe(2);
    const second = await post([one, one, one]);
    expect(second.body).toMatchObject({ stored: 1, existing: first.body.ids });
    expect(await stack.page('action=twin')).toHaveLength(3);
  });

  it('stores one of many that come at once', async () => {
    const one = { id: 'race-1', ...event({ action: 'raced' }) };
    const replies = await Promise.all(Array.from({ length: 3 }, () => post(one)));
    expect(replies.map(({ status }) => status)).toEqual(Array(3).fill(202));
    expect(replies.reduce((sum, { body }) => sum + body.stored, 0)).toBe(1);
    expect(new Set(replies.flatMap(({ body }) => body.ids)).size).toBe(1);
    expect(await stack.page('action=raced')).toHaveLength(1);
  });

  it('stores one of many that contradict each other, and answers 409 to the others', async () => {
    const one = event({ id: 'race-2', action: 'contradicted' });
    const replies = await Promise.all(Array.from({ length: 3 }, (_, index) => post({ ...one, reason: `${index}` })));
    expect(replies.map(({ status }) => status).sort()).toEqual([202, 409, 409]);
    const [found, ...more] = await stack.page('action=contradicted');
    expect(more).toEqual([]);
    expect(found?.['reason']).toBe(`${replies.findIndex(({ status }) => status === 202)}`);
  });

  it.each([
    ['content', { reason: 'other' }],
    ['a time', { time: new Date(Date.now() - 86_400_000).toISOString() }],
    ['a tier', { tier: 'indefinite' }],
    ['raw', { raw: { a: 2 } }],
  ])('answers 409 when %s differs, and what is stored stays', async (name, change) => {
    const one = event({ id: `conflict-${name}`, action: `first ${name}`, raw: { a: 1 } });
    const [id] = (await post(one)).body.ids;
    const before = await byId(id);
    const beside = event({ action: `beside ${name}` });
    const again = (await post([beside, { ...one, ...change }])) as unknown as Reply;
    const conflict = problem(again, 409);
    expect(conflict).toMatchObject({ stored: 1, ids: [expect.any(String), id], conflicts: [{ index: 1, id }] });
    expect(await byId(id)).toEqual(before);
    expect(await stack.page(`action=${encodeURIComponent(`first ${name}`)}`)).toHaveLength(1);
    expect(await stack.page(`action=${encodeURIComponent(`beside ${name}`)}`)).toHaveLength(1);
  });

  it('answers 409 to a contradiction within one body', async () => {
    const one = event({ id: 'inner', action: 'inner' });
    const reply = (await post([one, one, { ...one, reason: 'other' }])) as unknown as Reply;
    expect(problem(reply, 409)).toMatchObject({ stored: 1, conflicts: [{ index: 2 }] });
    expect((await stack.page('action=inner')).map(({ reason }) => reason)).toEqual([undefined]);
  });
});

describe('what is not valid', () => {
  it('is told all at once, and nothing is stored', async () => {
    const bodies = [
      event({ action: 'valid but refused' }),
      {},
      { ...event(), action: '', time: 'yesterday', ip: '10.0.0.1:80', colour: 'red', outcome: 'maybe' },
      'text',
      null,
      [],
      event({ actor: { type: 'user' } }),
      event({ actor: { email: '', nick: 'j' } }),
      event({ time: '1969-12-31T23:59:59Z' }),
      event({ time: new Date(Date.now() + 25 * 3_600_000).toISOString() }),
      event({ time: '2026-02-30T00:00:00Z' }),
      event({ time: '2026-02-01T00:00:00' }),
      event({ type: 'account_login', category: 'activity_audit' }),
      event({ type: 'no_such_type' }),
      event({ tenant: 'other' }),
      event({ source: 'github.webhook' }),
      event({ source: 'annals.audit' }),
      event({ source: 'custom.#' }),
      event({ tier: '10y', raw: [], targets: [{ id: 'x' }], id: 'x'.repeat(257) }),
      event({ connection: 'x', receivedAt: 'x', flags: [] }),
      event({ action: 'x'.repeat(8193), changes: [{ new: 1 }], id: '' }),
    ];
    const reply = (await post(bodies)) as unknown as Reply;
    const { problems = [] } = problem(reply, 400);
    for (const { message } of problems) expect(message).toMatch(/^[A-Za-z].{5,}/);
    const found = problems.map(({ index, path }) => `${index} ${path}`.trim()).sort();
    const expected = [
      ...['1 action', '1 actor', '1 time'],
      ...['2 action', '2 time', '2 ip', '2 colour', '2 outcome'],
      ...['3', '4', '5', '6 actor', '7 actor.email', '7 actor.nick', '8 time', '9 time', '10 time', '11 time'],
      ...['12 category', '13 type', '14 tenant', '15 source', '16 source', '17 source'],
      ...['18 tier', '18 raw', '18 targets.0.type', '18 id', '19 connection', '19 receivedAt', '19 flags'],
      ...['20 action', '20 changes.0.attribute', '20 id'],
    ];
    expect(found).toEqual(expected.sort());
    expect(problems.find(({ index, path }) => index === 1 && path === 'action')?.message).toBe('is required');
    expect(await stack.page('action=valid%20but%20refused')).toEqual([]);
  });

  it('is told by line', async () => {
    const reply = (await post(
      `${JSON.stringify(event({ action: 'line 0' }))}\nnope\n{}\n`,
      NDJSON,
    )) as unknown as Reply;
    const { problems = [] } = problem(reply, 400);
    expect(new Set(problems.map(({ index }) => index))).toEqual(new Set([1, 2]));
    expect(problems[0]?.message).toContain('JSON');
    expect(await stack.page('action=line%200')).toEqual([]);
  });

  it('is left out with ?partial=true, and the others are stored', async () => {
    const reply = await post([{}, event({ action: 'partial' }), { ...event(), ip: 'x' }], {}, '?partial=true');
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({ ids: [null, expect.any(String), null], stored: 1, existing: [] });
    expect(reply.body.problems?.map(({ index, path }) => `${index} ${path}`)).toEqual([
      ...['0 time', '0 action', '0 actor'],
      '2 ip',
    ]);
    expect(await stack.page('action=partial')).toHaveLength(1);
  });

  it('is left out by line, too', async () => {
    const text = `nope\n${JSON.stringify(event({ action: 'partial line' }))}\n`;
    const reply = await post(text, NDJSON, '?partial=true');
    expect(reply.body).toMatchObject({
      ids: [null, expect.any(String)],
      stored: 1,
      problems: [{ index: 0, path: '' }],
    });
  });

  it('may be told at great length', async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `"k${index}":0`).join();
    const reply = await post(`{${keys}}`);
    expect(reply.status).toBe(400);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
  });

  it.each([
    ['?partial=yes', ['partial']],
    ['?partial', ['partial']],
    ['?Partial=true&dryRun=true', ['Partial', 'dryRun']],
  ])('as a parameter is named: %s', async (query, names) => {
    expect(pathsOf((await post(event({ action: 'parameter' }), {}, query)) as never)).toEqual(names);
    expect(await stack.page('action=parameter')).toEqual([]);
  });
});
