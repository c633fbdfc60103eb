import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../json.ts';
import {
  CursorExpiredError,
  LogUnavailableError,
  type VendorError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../polling/errors.ts';
import type { Reply, Throttle, Vendor } from '../../polling/poller.ts';
import { timeInUtc } from '../time.ts';
import { meaningOf } from './explain.ts';

const QUOTED = 300;
/** In which status an error comes is documented for none of its codes. */
const REFUSALS = [400, 404, 410];

/** A part of the log: where it is, and when it became available. */
export const Blob = z.object({
  contentId: z.string().min(1),
  contentUri: z.url(),
  contentCreated: z.string().transform((text, context) => {
    const time = new Date(timeInUtc(text) ?? '');
    if (!Number.isNaN(time.getTime())) return time.toISOString();
    context.addIssue({ code: 'custom', message: 'must be a time', input: text });
    return z.NEVER;
  }),
});
export type Blob = z.infer<typeof Blob>;

const Records = z.array(z.custom<JsonObject>(isJsonObject, 'must be an object'));
const Subscriptions = z.array(z.object({ contentType: z.string(), status: z.string() }));

export interface Listing {
  readonly blobs: readonly Blob[];
  /** Where the list goes on. */
  readonly next?: string;
}

/** The calls of the Office 365 Management Activity API for one tenant, as far as they are needed. */
export class ActivityFeed {
  readonly #root: string;
  readonly #publisher: string;

  /** @param publisher without one, callers share a pool of requests with everybody who sends none. */
  constructor(baseUrl: string, tenantId: string, publisher: string) {
    this.#root = `${baseUrl}/api/v1.0/${tenantId}/activity/feed`;
    this.#publisher = publisher;
  }

  /** The beginning of the list of what became available in `[from, to)`, both in whole seconds. */
  contentUrl(contentType: string, from: Date, to: Date): string {
    const window = new URLSearchParams({ contentType, startTime: seconds(from), endTime: seconds(to) });
    return `${this.#root}/subscriptions/content?${window}`;
  }

  /**
   * Reads a page of a list.
   *
   * @returns undefined when the tenant has no subscription to the content type.
   * @throws CursorExpiredError when Microsoft does not know the page any more.
   */
  async list(url: string, vendor: Vendor): Promise<Listing | undefined> {
    const reply = await vendor.get(this.#published(url), { accept: REFUSALS });
    const code = codeOf(reply);
    if (code === 'AF20022' || code === 'AF20023') return undefined;
    if (code === 'AF20031') throw new CursorExpiredError('Microsoft does not know this page of its list any more');
    if (reply.status >= 300) throw refusal(reply, url);
    // The reference calls the header NextPageUri, the page on troubleshooting NextPageUrl.
    const next = reply.headers['nextpageuri'] ?? reply.headers['nextpageurl'];
    return { blobs: reply.parse(z.array(Blob)), ...(next && { next: new URL(next, url).href }) };
  }

  /** A blob's records; undefined when Microsoft does not have it any more. */
  async fetch({ contentUri }: Blob, vendor: Vendor): Promise<readonly JsonObject[] | undefined> {
    const reply = await vendor.get(this.#published(contentUri), { accept: REFUSALS });
    if (reply.status < 300) return reply.parse(Records);
    if (reply.status === 410 || /^AF2005[012]$/.test(codeOf(reply) ?? '')) return undefined;
    throw refusal(reply, contentUri);
  }

  async isSubscribed(contentType: string, vendor: Vendor): Promise<boolean> {
    const url = `${this.#root}/subscriptions/list`;
    const reply = await vendor.get(this.#published(url), { accept: REFUSALS });
    if (reply.status >= 300) throw refusal(reply, url);
    return reply
      .parse(Subscriptions)
      .some((one) => one.contentType === contentType && one.status.toLowerCase() === 'enabled');
  }

  /** Starts a subscription without a webhook. One that is enabled already is refused with AF20024, which is as good. */
  async subscribe(contentType: string, vendor: Vendor): Promise<void> {
    const url = `${this.#root}/subscriptions/start?${new URLSearchParams({ contentType })}`;
    // Repeating would be against the pause that Microsoft wants between two starts, so 5xx is an answer here.
    const reply = await vendor.post(this.#published(url), { accept: [...REFUSALS, 500, 502, 503, 504] });
    if (reply.status >= 300 && codeOf(reply) !== 'AF20024') throw refusal(reply, url);
  }

  /** Every call wants the publisher, also those to addresses that Microsoft gave. The rest of these stays as it is. */
  #published(address: string): URL {
    const url = new URL(address);
    if (!/[?&]PublisherIdentifier=/i.test(url.search)) {
      url.search += `${url.search === '' ? '?' : '&'}PublisherIdentifier=${this.#publisher}`;
    }
    return url;
  }
}

/** Throttling is a 403 with AF429 in a text that is not always JSON; real 403s are something else. */
export function throttled({ text }: Pick<Reply, 'text'>): Throttle | undefined {
  return /\bAF429\b/.test(text) ? {} : undefined;
}

function codeOf({ status, text }: Reply): string | undefined {
  return status < 300 ? undefined : /\bAF(?:\d{5}|\d{3})\b/.exec(text)?.[0];
}

function refusal(reply: Reply, address: string): VendorError {
  const { status, text } = reply;
  const said = text.replace(/\s+/g, ' ').trim().slice(0, QUOTED);
  const { origin, pathname } = new URL(address);
  const what = `${origin}${pathname} was answered with ${status}${said === '' ? '' : `: ${said}`}`;
  // Microsoft's words where nobody has turned auditing on, at the end of a long text.
  if (/\bTenant [0-9a-f-]{36} does not exist/i.test(text)) {
    return new LogUnavailableError(
      'auditing is not turned on for the tenant: turn it on in the Purview portal under Audit; the log begins up to an hour later',
    );
  }
  if (status >= 500 || /^AF5\d{4}$/.test(codeOf(reply) ?? '')) return new VendorUnavailableError(what);
  const meaning = meaningOf(text);
  return new VendorRefusedError(meaning === undefined ? what : `${meaning} (${what})`, status, said);
}

/** As the API wants times: UTC without saying so, in whole seconds. */
function seconds(time: Date): string {
  return time.toISOString().slice(0, 19);
}
