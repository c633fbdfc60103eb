import type { FakeEvent, FakeVendor, World } from '../../infra/local/vendors/fake.ts';
import { type Fault, serveVendor, type VendorServer } from '../../infra/local/vendors/server.ts';
import { polledConnection } from '../../shared/polling/polled.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import { Rig, type RigOptions, START } from './polling.ts';

export interface MutableWorld extends World {
  secrets: Readonly<Record<string, string>>;
  tokenGeneration: number;
  pageSize?: number;
  /** How far the vendor's clock is ahead of ours. */
  skewMs: number;
}

/** A {@link Rig} with a fake vendor behind HTTP. */
export interface VendorRig {
  readonly rig: Rig;
  readonly world: MutableWorld;
  readonly server: VendorServer;
  /** Adds events to the vendor's history; `arrives` defaults to `at`. */
  happen(...events: { n: number; at: Date; arrives?: Date; stream?: string }[]): void;
  /** What goes wrong with the vendor's requests, by their number from now. */
  fault(wrong?: (request: number) => Fault | undefined): void;
  close(): Promise<void>;
}

/**
 * Connects to a fake vendor; the connection takes no history unless `backfillFrom` says so.
 *
 * @param options `settings` are added to what the fake says.
 */
export async function startVendorRig(
  vendor: FakeVendor,
  options: RigOptions & { pageSize?: number; settings?: Record<string, unknown> } = {},
): Promise<VendorRig> {
  const source = sourceNamed(vendor.source);
  if (!source?.poller) throw new TypeError(`${vendor.source} has no poller`);
  const history: FakeEvent[] = [];
  let clock = () => options.start ?? START;
  const world: MutableWorld = {
    skewMs: 0,
    secrets: vendor.secrets,
    tokenGeneration: 1,
    ...(options.pageSize !== undefined && { pageSize: options.pageSize }),
    now: () => new Date(clock().getTime() + world.skewMs),
    events: (stream) =>
      history
        .filter((event) => (stream === undefined || event.stream === stream) && event.arrives <= clock())
        .sort((a, b) => a.arrives.getTime() - b.arrives.getTime()),
    rotate: (secrets) => {
      world.secrets = { ...world.secrets, ...secrets };
    },
  };
  let wrong: ((request: number) => Fault | undefined) | undefined;
  let faultsFrom = 0;
  const server = await serveVendor(vendor, world, { fault: (_request, number) => wrong?.(number - faultsFrom) });
  const settings = { ...vendor.settings(server.url), ...options.settings } as Record<string, never>;
  const { origin, streams } = source.poller.connect(settings);
  const rig = new Rig(
    { source: source.name, origin, settings },
    polledConnection,
    (raws, receivedAt) => {
      const provenance = { tenant: 'main', connection: 'rig', origin, tier: '365d' as const };
      const { prepared, origins } = acceptVendorEvents(source, raws, {
        ...provenance,
        receivedAt: receivedAt.toISOString(),
      });
      return prepared.map(({ event: { id, time } }, index) => {
        const raw = raws[origins[index] ?? -1];
        return { id, time, number: raw === undefined ? Number.NaN : vendor.numberOf(raw) };
      });
    },
    options,
  );
  clock = rig.now;
  rig.secrets = vendor.secrets;
  return {
    rig,
    world,
    server,
    happen: (...events) => {
      for (const { n, at, arrives = at, stream = streams[0]?.name ?? '' } of events) {
        history.push({ at, arrives, stream, raw: vendor.event(n, at, stream) });
      }
    },
    fault: (faults) => {
      wrong = faults;
      faultsFrom = server.requests.length;
    },
    close: () => server.close(),
  };
}
