import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { FakeEvent, FakeVendor, World } from '../../infra/local/vendors/fake.ts';
import { type Fault, serveVendor, type VendorServer } from '../../infra/local/vendors/server.ts';
import {
  type ConnectionRequest,
  Connections,
  newConnection,
  type StoredConnection,
} from '../../shared/control/connections.ts';
import { Secrets } from '../../shared/control/secrets.ts';
import { ControlTable } from '../../shared/control/table.ts';
import type { JsonObject } from '../../shared/json.ts';
import { Hastened } from '../../shared/polling/hasten.ts';
import type { Job } from '../../shared/polling/job.ts';
import { Jobs } from '../../shared/polling/jobs.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import type { TestStack } from './stack.ts';

const DAY_MS = 86_400_000;

/** What the operator sees and does of a stack's connections, past the API and all roles. */
export interface Operator {
  readonly connections: Connections;
  readonly jobs: Jobs;
  readonly hastened: Hastened;
  readonly secrets: Secrets;
  close(): void;
}

export function operatorOf({ endpoint, outputs, template }: TestStack): Operator {
  const client = { endpoint: endpoint.url, region: endpoint.region, credentials: endpoint.credentials };
  const [dynamo, ssm] = [new DynamoDBClient(client), new SSMClient(client)];
  const control = new ControlTable(dynamo, outputs['ControlTable'] ?? '');
  const prefix = template.functions.find(({ id }) => id.startsWith('PollingPoll'))?.environment['SECRET_PREFIX'] ?? '';
  return {
    connections: new Connections(control),
    jobs: new Jobs(control),
    hastened: new Hastened(control),
    secrets: new Secrets(ssm, prefix),
    close() {
      dynamo.destroy();
      ssm.destroy();
    },
  };
}

/** A fake vendor behind HTTP, with a connection that the stack polls. */
export interface PolledVendor {
  readonly connection: StoredConnection;
  readonly server: VendorServer;
  /** The vendor's secrets as they are now. */
  readonly secrets: () => Readonly<Record<string, string>>;
  /** Another event of the vendor's, an hour ago unless `at` says otherwise. */
  happen(event: { n: number; at?: Date; more?: JsonObject }): void;
  jobs(): Promise<Job[]>;
  /** Ends the vendor, and deletes the connection with all that is remembered of it. */
  close(): Promise<void>;
}

/** Connects to a fake vendor, with a day of history to collect. */
export async function connectVendor(
  stack: TestStack,
  vendor: FakeVendor,
  options: {
    tenant?: string;
    /** Fields of the connection in place of those that fit the vendor. */
    connection?: Pick<ConnectionRequest, 'network' | 'secrets'> & { readonly origin?: string };
    fault?: () => Fault | undefined;
  } = {},
): Promise<PolledVendor> {
  const { tenant = 'main', fault = () => undefined } = options;
  const history: FakeEvent[] = [];
  const world = worldOf(vendor, history);
  const server = await serveVendor(vendor, world, { fault });
  const settings = vendor.settings(server.url);
  const collector = sourceNamed(vendor.source)?.poller?.connect(settings);
  if (!collector) throw new TypeError(`${vendor.source} has no poller`);
  const now = new Date();
  const request = {
    name: `v-${randomUUID().slice(0, 8)}`,
    source: vendor.source,
    // Another account for each test: what another one stored is no repeat.
    origin: `${collector.origin}/${randomUUID()}`,
    settings: settings as Record<string, never>,
    secrets: vendor.secrets,
    allowedAddresses: ['127.0.0.1'],
    backfillFrom: new Date(now.getTime() - DAY_MS).toISOString(),
    ...options.connection,
  };
  const operator = operatorOf(stack);
  const connection = newConnection(tenant, request, now);
  await operator.connections.create(connection, request.secrets, operator.secrets);
  return {
    connection,
    server,
    secrets: () => world.secrets,
    happen({ n, at = new Date(Date.now() - 3_600_000), more = {} }) {
      const stream = collector.streams[0]?.name ?? '';
      history.push({ at, arrives: at, stream, raw: { ...vendor.event(n, at, stream), ...more } });
    },
    jobs: () => operator.jobs.list(connection.id),
    async close() {
      await server.close();
      await operator.connections.delete(connection, operator.secrets);
      for (const job of await operator.jobs.list(connection.id)) await operator.jobs.delete(job);
      await operator.hastened.forget(connection.id);
      operator.close();
    },
  };
}

function worldOf(vendor: FakeVendor, history: readonly FakeEvent[]): World {
  let secrets = vendor.secrets;
  return {
    now: () => new Date(),
    events: (stream) => history.filter((event) => stream === undefined || event.stream === stream),
    get secrets() {
      return secrets;
    },
    tokenGeneration: 1,
    rotate: (changed) => {
      secrets = { ...secrets, ...changed };
    },
  };
}
