import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FakeReply } from '../../../../infra/local/vendors/fake.ts';
import { fakeGithub } from '../../../../infra/local/vendors/github.audit.ts';
import {
  CredentialError,
  CursorExpiredError,
  ForeignHostError,
  LogUnavailableError,
  PermissionError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../../../shared/polling/errors.ts';
import { nextLink } from '../../../../shared/sources/github.audit/link.ts';
import { poller } from '../../../../shared/sources/github.audit/poller.ts';
import { githubAudit } from '../../../../shared/sources/github.audit/source.ts';
import { ago, altered, HOUR, pagesOf, polled, WINDOW } from './polled.ts';

const cloud = (more = {}) => poller.connect({ organization: 'northwind-labs', ...more });
const parametersOf = (url: URL | undefined) => Object.fromEntries(url?.searchParams ?? []);

describe('a connection', () => {
  test.each([
    ['https://api.github.com', 'github.com', 'https://api.github.com', 180],
    ['https://api.northwind.ghe.com/', 'northwind.ghe.com', 'https://api.northwind.ghe.com', 180],
    ['https://git.example.com/api/v3/', 'git.example.com', 'https://git.example.com', undefined],
    ['http://127.0.0.1:8080', '127.0.0.1', 'http://127.0.0.1:8080', 180],
  ])('at %s has origin %s, asks only %s, and knows what is kept', (baseUrl, origin, host, keptDays) => {
    const collector = cloud({ baseUrl });
    expect(collector).toMatchObject({ origin, hosts: [host] });
    expect(collector.streams.map(({ name, keepsSeconds }) => [name, keepsSeconds])).toEqual([
      ['web', keptDays && keptDays * 86_400],
      ['git', keptDays && 7 * 86_400],
    ]);
  });

  test('of github.com has the origin that an import has', () => {
    expect(cloud().origin).toBe(githubAudit.defaultOrigin);
  });

  test('can do without Git events', () => {
    expect(cloud({ git: false }).streams.map(({ name }) => name)).toEqual(['web']);
  });

  test('re-reads what GitHub may deliver late, within what it keeps', () => {
    for (const stream of cloud().streams) {
      expect(stream.overlapSeconds).toBeGreaterThanOrEqual(900);
      expect(stream.lateSeconds).toBeGreaterThanOrEqual(86_400);
      expect(stream.lateSeconds).toBeLessThan(stream.keepsSeconds ?? Number.POSITIVE_INFINITY);
    }
  });

  test('alone stays below 1,750 requests an hour', () => {
    expect(3_600_000 / (poller.pauseMs ?? 0)).toBeLessThan(1_750);
  });

  test.each([
    [{}, 'give either'],
    [{ organization: 'a', enterprise: 'b' }, 'give either'],
    [{ organization: 'https://github.com/a' }, 'NAME'],
    [{ enterprise: '..' }, 'NAME'],
    [{ organization: 'a', include: 'all' }, 'include'],
    [{ organization: 'a', baseUrl: 'http://git.example.com/api/v3' }, 'https'],
    [{ organization: 'a', app: { clientId: 'Iv1', installationId: 7 } }, 'installationId'],
  ])('%j is refused', (settings, said) => {
    expect(() => poller.connect(settings)).toThrow(said);
  });

  test.each([
    ['token', `ghp_${'x1'.repeat(18)}`, true],
    ['token', `github_pat_${'x1_'.repeat(20)}`, true],
    ['token', 'a1'.repeat(20), true],
    ['token', fakeGithub.secrets['token'] ?? '', true],
    ['token', 'hunter2', false],
    ['token', '-----BEGIN RSA PRIVATE KEY-----', false],
    ['privateKey', '-----BEGIN RSA PRIVATE KEY-----\nAA==\n-----END RSA PRIVATE KEY-----\n', true],
    ['privateKey', '-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n', false],
  ])('the secret %s may be %j: %s', (name, value, good) => {
    expect(poller.secrets[name]?.pattern?.test(value)).toBe(good);
  });
});

describe('a page', () => {
  test('is asked for oldest first, within closed bounds of time, by stream', async () => {
    const vendor = polled();
    await pagesOf(vendor, {
      stream: 'git',
      from: new Date('2026-06-14T11:59:59.400Z'),
      to: new Date('2026-06-15T11:59:58.001Z'),
    });
    const [request] = vendor.requests;
    expect(request?.url.href.split('?')[0]).toBe('https://api.github.com/orgs/northwind-labs/audit-log');
    expect(parametersOf(request?.url)).toEqual({
      include: 'git',
      order: 'asc',
      per_page: '100',
      phrase: 'created:2026-06-14T11:59:59Z..2026-06-15T11:59:59Z',
    });
    expect(request?.headers).toMatchObject({
      accept: 'application/vnd.github+json',
      'x-github-api-version': '2022-11-28',
      'user-agent': expect.stringContaining('annals'),
      authorization: `Bearer ${fakeGithub.secrets['token']}`,
    });
  });

  test('of an enterprise on a server of its own is there', async () => {
    const settings = { baseUrl: 'https://git.example.com/api/v3', organization: undefined, enterprise: 'northwind' };
    const { collector: _, ...vendor } = polled();
    const collector = poller.connect(settings);
    const server = polled({ settings: { baseUrl: settings.baseUrl } });
    expect(await pagesOf(server)).toEqual([[8, 6, 4, 2, 0]]);
    expect(server.requests[0]?.url.pathname).toBe('/api/v3/orgs/northwind-labs/audit-log');
    await expect(pagesOf({ ...vendor, collector })).rejects.toThrow(ForeignHostError);
    expect(vendor.requests).toEqual([]);
  });

  test('may be as small as one row', async () => {
    const { collector, client } = polled();
    const page = await collector.page({ ...WINDOW, limit: 1 }, client);
    expect(page.events).toHaveLength(1);
    expect(page.next).toBeDefined();
  });

  test('has the rows of its stream only', async () => {
    expect(await pagesOf(polled(), { stream: 'web' })).toEqual([[8, 6, 4, 2, 0]]);
    expect(await pagesOf(polled(), { stream: 'git' })).toEqual([[9, 7, 5, 3, 1]]);
  });

  test('leads to the next one, and the last to none', async () => {
    const vendor = polled({ rows: 20 });
    vendor.world.pageSize = 7;
    const pages = await pagesOf(vendor);
    expect(pages.map(({ length }) => length)).toEqual([7, 7, 6]);
    expect(new Set(pages.flat()).size).toBe(20);
    // The search is ours in every request, and the credential goes nowhere else.
    for (const { url } of vendor.requests) {
      expect(url.pathname).toBe('/orgs/northwind-labs/audit-log');
      expect(parametersOf(url)).toMatchObject(parametersOf(vendor.requests[0]?.url));
    }
  });

  test('of an empty window is the only one', async () => {
    expect(await pagesOf(polled({ rows: 0 }))).toEqual([[]]);
  });

  test('older than three months is there', async () => {
    const vendor = polled({ rows: 0 });
    vendor.world.add(1, ago(150 * 24 * HOUR));
    expect(await pagesOf(vendor, { from: ago(151 * 24 * HOUR), to: ago(149 * 24 * HOUR) })).toEqual([[1]]);
  });

  test('splits an instant without losing a row of it', async () => {
    const vendor = polled({ rows: 0 });
    for (let n = 0; n < 9; n += 1) vendor.world.add(n, ago(HOUR));
    vendor.world.pageSize = 2;
    expect((await pagesOf(vendor)).flat().toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('goes on where it was after a day, and after the token was replaced', async () => {
    let token = fakeGithub.secrets['token'] ?? '';
    const vendor = polled({ secrets: () => ({ token }) });
    vendor.world.pageSize = 3;
    const { next } = await vendor.collector.page(WINDOW, vendor.client);
    vendor.world.advance(24 * HOUR);
    token = `ghp_${'n3w'.repeat(12)}`;
    vendor.world.rotate({ token });
    const page = await vendor.collector.page({ ...WINDOW, ...(next !== undefined && { cursor: next }) }, vendor.client);
    expect(page.events.map(fakeGithub.numberOf)).toEqual([2, 0]);
  });

  test('has every row of any history once, whatever the page size', async () => {
    const seconds = fc.array(fc.integer({ min: 1, max: 7_200 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(seconds, fc.integer({ min: 1, max: 9 }), async (times, pageSize) => {
        const vendor = polled({ rows: 0 });
        times.forEach((second, n) => {
          vendor.world.add(n, ago(second * 500));
        });
        vendor.world.pageSize = pageSize;
        const numbers = (await pagesOf(vendor, { from: ago(HOUR) })).flat();
        expect(numbers.toSorted((a, b) => a - b)).toEqual(times.map((_, n) => n));
      }),
      { numRuns: 30 },
    );
  });

  test('keeps large integers as they are', async () => {
    const body = '[{"_document_id":"x","@timestamp":1748000000123,"token_id":9007199254740993123}]';
    const reply: FakeReply = { status: 200, headers: { 'content-type': 'application/json' }, body };
    const { collector, client } = polled({ instead: () => reply });
    expect(JSON.stringify((await collector.page(WINDOW, client)).events)).toBe(body);
  });

  test.each<[string, FakeReply]>([
    ['an object', { status: 200, body: { message: 'ok' } }],
    ['a row that is no object', { status: 200, body: [{}, 'row'] }],
    ['a website', { status: 200, body: '<html></html>' }],
  ])('that is %s is not taken', async (_, reply) => {
    const { collector, client } = polled({ instead: () => reply });
    await expect(collector.page(WINDOW, client)).rejects.toThrow(VendorUnavailableError);
  });
});

describe('links', () => {
  const linking = (link: string) => altered(fakeGithub, (reply) => ({ ...reply, headers: { ...reply.headers, link } }));
  const nextOf = async (link: string) => {
    const { collector, client } = polled({ fake: linking(link) });
    return (await collector.page(WINDOW, client)).next;
  };

  test.each([
    'https://api.github.com.example.net/organizations/1/audit-log?after=x',
    'http://api.github.com/organizations/1/audit-log?after=x',
    '//169.254.169.254/latest?after=x',
    'https://',
  ])('to %s are not followed', async (link) => {
    await expect(nextOf(`<${link}>; rel="next"`)).rejects.toThrow(ForeignHostError);
  });

  test('give what they add to the search, decoded once', async () => {
    const link =
      '<https://api.github.com/organizations/7/audit-log?order=desc&phrase=x&after=MS%3D%253D&before=>; rel="next"';
    expect(await nextOf(link)).toEqual({ after: 'MS=%3D' });
    expect(await nextOf('</x?page=2>; rel=next')).toEqual({ page: '2' });
  });

  test('are found in any header that has them', () => {
    const text = fc.string({ unit: fc.constantFrom(...'abc=&?%/,;" ') });
    const others = fc.array(fc.tuple(text, fc.constantFrom('first', 'prev', 'last', 'nextish')));
    fc.assert(
      fc.property(
        text,
        others,
        others,
        fc.constantFrom('rel="next"', 'rel=next', 'title="a, <b>"; REL="up next"'),
        (target, before, after, rel) => {
          const other = ([to, relation]: [string, string]) => `<${to}>; rel="${relation}"`;
          const header = [...before.map(other), `<${target}>; ${rel}`, ...after.map(other)].join(', ');
          expect(nextLink(header)).toBe(target);
          expect(nextLink([...before, ...after].map(other).join(', '))).toBeUndefined();
        },
      ),
    );
  });

  test('are looked for in anything', () => {
    fc.assert(fc.property(fc.string(), (header) => ['string', 'undefined'].includes(typeof nextLink(header))));
    expect(nextLink(undefined)).toBeUndefined();
  });
});

describe('what GitHub refuses', () => {
  const answer = (reply: FakeReply) => polled({ instead: () => reply });

  test('for good with 401 is the credential', async () => {
    const vendor = polled({ secrets: () => ({ token: `ghp_${'0ld'.repeat(12)}` }) });
    await expect(pagesOf(vendor)).rejects.toThrow(CredentialError);
    expect(vendor.requests).toHaveLength(2);
  });

  test('with 404 is no log', async () => {
    const vendor = polled({ settings: { organization: 'someone-else' } });
    await expect(pagesOf(vendor)).rejects.toThrow(LogUnavailableError);
    await expect(pagesOf(vendor)).rejects.toThrow(/orgs\/someone-else.*owner.*Enterprise.*api\/v3/);
  });

  test('with 422 for a cursor begins the window anew, and is an error without one', async () => {
    const { collector, client } = polled();
    const cursor = { after: Buffer.from('yesterday').toString('base64') };
    await expect(collector.page({ ...WINDOW, cursor }, client)).rejects.toThrow(CursorExpiredError);
    const refused = answer({ status: 422, body: { message: 'Validation Failed' } });
    await expect(pagesOf(refused)).rejects.toThrow(VendorRefusedError);
    expect(refused.requests).toHaveLength(1);
  });

  test('with 403 and nothing about limits is a permission, and is asked once', async () => {
    const vendor = answer({
      status: 403,
      headers: { 'x-ratelimit-remaining': '1700', 'x-ratelimit-reset': '1781524800' },
      body: { message: 'Must have admin rights to Repository.' },
    });
    await expect(pagesOf(vendor)).rejects.toThrow(PermissionError);
    expect(vendor.requests).toHaveLength(1);
  });
});
