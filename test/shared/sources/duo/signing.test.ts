import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fakeDuoActivity } from '../../../../infra/local/vendors/duo.ts';
import { serveVendor } from '../../../../infra/local/vendors/server.ts';
import { systemClock } from '../../../../shared/polling/clock.ts';
import { VendorClient } from '../../../../shared/polling/vendor/client.ts';
import { Transport } from '../../../../shared/polling/vendor/transport.ts';
import { canonicalParameters, dateOf, signatureOf } from '../../../../shared/sources/duo/signing.ts';
import { poller } from '../../../../shared/sources/duo.activity/poller.ts';
import { MemoryWorld } from '../../../support/direct-vendor.ts';
import { MINUTE } from './window.ts';

const DATE = 'Tue, 21 Aug 2012 17:29:18 -0000';
const PARAMETERS =
  'limit=1000&maxtime=1547563184847&mintime=1516045230000&next_offset=1547486297000%2C5bea1c1e-612c-4f1d-b310-75fd31385b15&sort=ts%3Aasc';
const REQUEST = {
  date: DATE,
  method: 'get',
  host: 'API-00000000.duosecurity.com',
  path: '/admin/v2/logs/authentication',
  parameters: PARAMETERS,
  body: '',
};

describe('signing', () => {
  test('gives what the official client gives', () => {
    expect(signatureOf(REQUEST, 'not-a-real-secret-key-for-tests-only-000')).toBe(
      '3d6847403b32e478ba42fe2d69cc6174f08cee70998b6eea3b872554df665251781a34830f16c152683fa723481fdee13dc534cb25358341a1444b5a7e915e75',
    );
  });

  test.each(['date', 'method', 'host', 'path', 'parameters', 'body'] as const)('covers the %s', (part) => {
    const signed = signatureOf(REQUEST, 'key');
    expect(signatureOf({ ...REQUEST, [part]: `${REQUEST[part]}x` }, 'key')).not.toBe(signed);
  });

  test('writes dates as Duo does', () => {
    expect(dateOf(new Date('2012-08-21T17:29:18.999Z'))).toBe(DATE);
    expect(dateOf(new Date('2024-03-05T08:05:00Z'))).toBe('Tue, 05 Mar 2024 08:05:00 -0000');
  });

  test('sorts and encodes parameters', () => {
    const parameters: [string, string][] = [
      ['sort', 'ts:asc'],
      ['next_offset', '1547486297000,5bea1c1e-612c-4f1d-b310-75fd31385b15'],
      ['mintime', '1516045230000'],
      ['maxtime', '1547563184847'],
      ['limit', '1000'],
    ];
    expect(canonicalParameters(parameters)).toBe(PARAMETERS);
    expect(canonicalParameters([])).toBe('');
    expect(
      canonicalParameters([
        ["a b!'()*", '~._-+&=é'],
        ['a', '2'],
        ['a', '1'],
      ]),
    ).toBe('a=1&a=2&a%20b%21%27%28%29%2A=~._-%2B%26%3D%C3%A9');
  });

  test('whatever the parameters are, a server reads them as they were', () => {
    const text = fc.string({ unit: 'grapheme' }).map((value) => value.toWellFormed());
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text)), (parameters) => {
        const canonical = canonicalParameters(parameters);
        expect(canonical).toMatch(/^([A-Za-z0-9._~-]|%[0-9A-F]{2}|[&=])*$/);
        const byText = (a: unknown, b: unknown) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
        expect([...new URLSearchParams(canonical)].sort(byText)).toEqual([...parameters].sort(byText));
      }),
    );
  });

  test('the date and the signature arrive over HTTP as they were made', async () => {
    const now = new Date();
    const world = new MemoryWorld(fakeDuoActivity, { now, stream: 'activity' });
    const server = await serveVendor(fakeDuoActivity, world);
    const transport = new Transport({ rules: { privateNetworks: false, allowed: ['127.0.0.1'] } });
    const collector = poller.connect(fakeDuoActivity.settings(server.url));
    const client = new VendorClient({
      collector,
      transport,
      credentials: { read: async () => fakeDuoActivity.secrets, keep: async () => undefined },
      clock: { ...systemClock, now: () => now },
      timeLeft: () => MINUTE,
    });
    world.add(7, new Date(now.getTime() - 5 * MINUTE));
    try {
      const from = new Date(now.getTime() - 10 * MINUTE);
      const page = await collector.page({ stream: 'activity', from, to: now, done: new Set() }, client);
      expect(page.events.map(fakeDuoActivity.numberOf)).toEqual([7]);
      expect(server.requests).toHaveLength(1);
      expect(server.requests[0]?.headers['date']).toBe(dateOf(now));
    } finally {
      await Promise.all([server.close(), transport.close()]);
    }
  });
});
