import type { FakeReply, FakeRequest, FakeVendor } from '../../../../infra/local/vendors/fake.ts';
import { fakeM365AzureAd } from '../../../../infra/local/vendors/m365.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import type { Collector, Page, Poller, Vendor } from '../../../../shared/polling/poller.ts';
import { poller as azureAd } from '../../../../shared/sources/m365.azure_ad/poller.ts';
import { directVendor, MemoryWorld } from '../../../support/direct-vendor.ts';

export const NOW = new Date('2026-05-20T12:00:00Z');
export const SIGN_INS = 'Audit.AzureActiveDirectory';
const API = 'https://manage.office.com';
const LOGIN = 'https://login.microsoftonline.com';

export interface Options {
  readonly fake?: FakeVendor;
  readonly poller?: Poller;
  readonly stream?: string;
  readonly settings?: JsonObject;
  readonly secrets?: () => Readonly<Record<string, string>>;
  readonly instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
}

/** A connection with the settings that people have, its addresses served by a fake; by default for Entra ID. */
export function connect({
  fake = fakeM365AzureAd,
  poller = azureAd,
  stream = SIGN_INS,
  settings = {},
  secrets,
  instead,
}: Options = {}) {
  const { tenantId, clientId } = fake.settings(API) as { tenantId: string; clientId: string };
  const collector = poller.connect({ tenantId, clientId, ...settings });
  const world = new MemoryWorld(fake, { now: NOW, stream });
  const { client, requests } = directVendor(fake, world, collector, {
    ...(secrets && { secrets }),
    ...(instead && { instead }),
  });
  const between = (from: string | Date, to: string | Date, done: ReadonlySet<string> = new Set()) =>
    readWindow(collector, client, { stream, from: new Date(from), to: new Date(to), done }, fake);
  const forget = () => (requests as FakeRequest[]).splice(0);
  return { collector, world, client, requests, between, forget, fake, tenantId, clientId };
}

export interface Read {
  readonly pages: readonly Page[];
  /** Numbers of the events, as they came. */
  readonly numbers: readonly number[];
  readonly missing: readonly string[];
  readonly done: ReadonlySet<string>;
}

/** Reads a window to its end, as the engine does. */
export async function readWindow(
  collector: Collector,
  vendor: Vendor,
  request: { readonly stream: string; readonly from: Date; readonly to: Date; readonly done: ReadonlySet<string> },
  fake: FakeVendor,
): Promise<Read> {
  const pages: Page[] = [];
  const done = new Set(request.done);
  for (let page: Page | undefined; page === undefined || page.next !== undefined; ) {
    page = await collector.page({ ...request, done, ...(page?.next !== undefined && { cursor: page.next }) }, vendor);
    // What is kept of a cursor is its JSON.
    pages.push(JSON.parse(JSON.stringify(page)));
    for (const key of page.done ?? []) done.add(key);
    if (pages.length > 1_000) throw new Error('the window has no end');
  }
  return {
    pages,
    numbers: pages.flatMap(({ events }) => events.map((raw) => fake.numberOf(raw))),
    missing: pages.flatMap(({ missing }) => missing ?? []),
    done,
  };
}

/** Whole minutes before or after NOW. */
export function minutes(count: number): Date {
  return new Date(NOW.getTime() + count * 60_000);
}

export function isBlob({ url }: FakeRequest): boolean {
  return url.pathname.includes('/activity/feed/audit/');
}

export function isList({ url }: FakeRequest): boolean {
  return url.pathname.endsWith('/subscriptions/content');
}

export function isStart({ url }: FakeRequest): boolean {
  return url.pathname.endsWith('/subscriptions/start');
}

export function isToken({ url }: FakeRequest): boolean {
  return url.origin === LOGIN && url.pathname.endsWith('/oauth2/token');
}
