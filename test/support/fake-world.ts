import type { FakeEvent, FakeReply, FakeRequest, FakeVendor, World } from '../../infra/local/vendors/fake.ts';
import { type Fault, serveVendor, type VendorServer } from '../../infra/local/vendors/server.ts';

/** A fake vendor on loopback whose secrets, clock, history and manners a test can change while it is asked. */
export interface LiveVendor {
  readonly url: string;
  readonly server: VendorServer;
  /** What a connection says to reach it; `more` adds to it. */
  connection(name: string, more?: object): Record<string, unknown>;
  /** Secrets that are good now. */
  secrets: Readonly<Record<string, string>>;
  /** How far its clock is ahead of ours. */
  skewMs: number;
  /** What goes wrong with every request, until it is undefined again. */
  fault: ((request: FakeRequest) => Fault | undefined) | undefined;
  /** Awaited before every answer. */
  before: () => Promise<void>;
  /** Adds events `from` to `to`, both included, a second apart, the first at `at`. */
  happen(from: number, to: number, at: Date, stream?: string): void;
  close(): Promise<void>;
}

export async function startVendor(fake: FakeVendor, stream: string): Promise<LiveVendor> {
  const history: FakeEvent[] = [];
  const world: World = {
    now: () => new Date(Date.now() + live.skewMs),
    events: (of) => history.filter((event) => of === undefined || event.stream === of),
    get secrets() {
      return live.secrets;
    },
    tokenGeneration: 1,
    rotate: (secrets) => {
      live.secrets = { ...live.secrets, ...secrets };
    },
  };
  const waiting: FakeVendor = {
    ...fake,
    async handle(request, of): Promise<FakeReply> {
      await live.before();
      return fake.handle(request, of);
    },
  };
  const server = await serveVendor(waiting, world, { fault: (request) => live.fault?.(request) });
  const live: LiveVendor = {
    url: server.url,
    server,
    connection: (name, more = {}) => ({
      name,
      source: fake.source,
      // Another account for each: what one connection stored is no repeat of another's.
      origin: `${name}.example.com`,
      settings: fake.settings(server.url),
      secrets: fake.secrets,
      allowedAddresses: ['127.0.0.1'],
      backfillFrom: new Date(Date.now() - 86_400_000).toISOString(),
      ...more,
    }),
    secrets: fake.secrets,
    skewMs: 0,
    fault: undefined,
    before: async () => {},
    happen(from, to, at, of = stream) {
      for (let n = from; n <= to; n += 1) {
        const time = new Date(at.getTime() + (n - from) * 1_000);
        history.push({ at: time, arrives: time, stream: of, raw: fake.event(n, time, of) });
      }
    },
    close: () => server.close(),
  };
  return live;
}
