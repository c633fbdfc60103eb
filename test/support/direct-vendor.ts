import type { FakeEvent, FakeReply, FakeRequest, FakeVendor, World } from '../../infra/local/vendors/fake.ts';
import type { Collector, VendorRequest } from '../../shared/polling/poller.ts';
import { VendorClient } from '../../shared/polling/vendor/client.ts';
import { VendorReply } from '../../shared/polling/vendor/reply.ts';

/** A vendor's history and clock, held in memory. */
export class MemoryWorld implements World {
  readonly #fake: FakeVendor;
  readonly #events: FakeEvent[] = [];
  readonly #stream: string;
  #now: Date;
  secrets: Readonly<Record<string, string>>;
  tokenGeneration = 0;
  pageSize?: number;

  constructor(fake: FakeVendor, { now, stream }: { now: Date; stream: string }) {
    this.#fake = fake;
    this.#now = now;
    this.#stream = stream;
    this.secrets = fake.secrets;
  }

  /** Event `n`, which happened at `at` and is given from `arrives` on. */
  add(n: number, at: Date, { arrives = at, stream = this.#stream }: { arrives?: Date; stream?: string } = {}): void {
    this.#events.push({ at, arrives, stream, raw: this.#fake.event(n, at, stream) });
    this.#events.sort((a, b) => a.arrives.getTime() - b.arrives.getTime());
  }

  advance(milliseconds: number): void {
    this.#now = new Date(this.#now.getTime() + milliseconds);
  }

  now(): Date {
    return this.#now;
  }

  events(stream?: string): readonly FakeEvent[] {
    return this.#events.filter((event) => event.arrives <= this.#now && (stream ?? event.stream) === event.stream);
  }

  rotate(secrets: Readonly<Record<string, string>>): void {
    this.secrets = secrets;
  }
}

export interface DirectVendor {
  readonly client: VendorClient;
  /** Every request so far. */
  readonly requests: readonly FakeRequest[];
}

/**
 * The real client in front of a fake vendor, without a network. Its waits take no time.
 *
 * @param secrets what the connection has; read for every request, `fresh` after a 401.
 * @param keep takes what the vendor replaced.
 * @param behindMs how far the client's clock is behind the vendor's.
 * @param instead asked before every request, with its number from 0: what to answer instead of the fake vendor.
 */
export function directVendor(
  fake: FakeVendor,
  world: World,
  collector: Pick<Collector, 'hosts' | 'authorizer' | 'throttled'>,
  {
    secrets = () => fake.secrets,
    keep = async () => undefined,
    behindMs = 0,
    instead = () => undefined,
  }: {
    secrets?: (fresh: boolean) => Readonly<Record<string, string>>;
    keep?: (secrets: Readonly<Record<string, string>>) => Promise<void>;
    behindMs?: number;
    instead?: (request: FakeRequest, number: number) => FakeReply | undefined;
  } = {},
): DirectVendor {
  const requests: FakeRequest[] = [];
  const send = async ({ method, url, headers, body = '' }: VendorRequest): Promise<VendorReply> => {
    const request = { method, url, headers: { host: url.host, ...headers }, body };
    requests.push(request);
    const reply = instead(request, requests.length - 1) ?? (await fake.handle(request, world));
    return asReply(url, reply, world.now());
  };
  const client = new VendorClient({
    collector,
    transport: { send },
    credentials: { read: async (fresh) => secrets(fresh), keep },
    clock: { now: () => new Date(world.now().getTime() - behindMs), sleep: async () => undefined },
    timeLeft: () => Number.POSITIVE_INFINITY,
  });
  return { client, requests };
}

/** A fake's reply as it would arrive: JSON as text, header names in lower case. */
export function asReply(url: URL, { status, headers = {}, body }: FakeReply, now: Date): VendorReply {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const type = typeof body === 'string' ? 'text/plain' : 'application/json';
  return new VendorReply(
    url.origin + url.pathname,
    status,
    { 'content-type': type, date: now.toUTCString(), ...given },
    text,
  );
}
