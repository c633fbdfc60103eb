import { expect, test } from 'vitest';
import { fakeDuoAuth } from '../../../../infra/local/vendors/duo.ts';
import { duoAuth } from '../../../../shared/sources/duo.auth/source.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';
import { testVersion2 } from '../duo/version-2.ts';
import { pagesIn } from '../duo/window.ts';

testVersion2(duoAuth, fakeDuoAuth, 'authlogs');

test('its path', async () => {
  const collector = duoAuth.poller!.connect({ baseUrl: 'https://api-00000000.duosecurity.com' });
  const world = new MemoryWorld(fakeDuoAuth, { now: new Date('2024-06-03T08:00:00Z'), stream: 'authentication' });
  const { client, requests } = directVendor(fakeDuoAuth, world, collector);
  await pagesIn(collector, client, { from: new Date('2024-06-03T07:00:00Z'), to: new Date('2024-06-03T07:30:00Z') });
  expect(requests.map(({ method, url }) => [method, url.pathname])).toEqual([['GET', '/admin/v2/logs/authentication']]);
});
