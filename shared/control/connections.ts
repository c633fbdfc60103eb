import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConnectionName, SourceName, TenantName } from '../names.ts';
import { isAddressBlock } from '../polling/vendor/addresses.ts';
import { TIERS } from '../retention.ts';
import type { Secrets } from './secrets.ts';
import type { Control } from './table.ts';

/** An SSM parameter holds 8 KB: these, those they replaced, and until when those are good. */
const MAX_SECRET_BYTES = 3_900;
const MAX_CERTIFICATE_BYTES = 16 * 1024;
const SecretValues = z
  .record(z.string().min(1).max(64), z.string().min(8))
  .refine((secrets) => Buffer.byteLength(JSON.stringify(secrets)) <= MAX_SECRET_BYTES, {
    error: `must have at most ${MAX_SECRET_BYTES} bytes as JSON`,
  });

export type SecretValues = z.infer<typeof SecretValues>;

/** How a connection's vendor is reached and what is read there; what can be changed later. */
const Reach = {
  /** What the source's poller wants to know, as its README says. */
  settings: z.record(z.string(), z.json()).optional(),
  /** `private` polls from inside the VPC of the deployment's setting `vpc`, and allows private addresses. */
  network: z.enum(['public', 'private']).optional(),
  /** Addresses and blocks (CIDR) that may be reached although they are not public. */
  allowedAddresses: z
    .array(z.string().refine(isAddressBlock, 'must be an address or a block such as 10.1.0.0/16'))
    .max(20)
    .optional(),
  /** PEM of the authority that signed the vendor's certificate, where that is a private one. */
  certificateAuthority: z
    .string()
    .max(MAX_CERTIFICATE_BYTES)
    .regex(/^\s*-----BEGIN CERTIFICATE-----/, 'must be certificates in PEM')
    .optional(),
};

/** What the maker of a connection says. Secrets are written and never read back. */
export const ConnectionRequest = z.strictObject({
  name: ConnectionName,
  source: SourceName,
  /** The vendor-side account: an organization, tenant or host. It is part of event ids, and can't be changed. */
  origin: z.string().min(1).max(256).optional(),
  /** Overrides the source's retention tier. */
  tier: z.enum(TIERS).optional(),
  secrets: SecretValues.optional(),
  ...Reach,
  /** How far back history is collected; absent means as far as the vendor keeps it. */
  backfillFrom: z.union([z.iso.date(), z.iso.datetime({ offset: true })]).optional(),
});
export type ConnectionRequest = z.infer<typeof ConnectionRequest>;

/** What of a connection can be changed. New secrets take the place of the old ones, which stay good for 24 hours. */
export const ConnectionChange = z.strictObject({
  tier: z.enum(TIERS).nullable().optional(),
  secrets: SecretValues.optional(),
  ...Reach,
  /** A paused connection is not polled; what happens meanwhile is collected afterwards, if the vendor still has it. */
  paused: z.boolean().optional(),
});
export type ConnectionChange = z.infer<typeof ConnectionChange>;

/** A connection as it is stored and shown. */
export const Connection = z.strictObject({
  /** `<tenant>.<name>`: names it in addresses. */
  id: z.string(),
  tenant: TenantName,
  name: ConnectionName,
  source: SourceName,
  origin: z.string(),
  tier: z.enum(TIERS).optional(),
  /** Names of the secrets that are set. */
  secrets: z.array(z.string()),
  ...Reach,
  backfillFrom: z.string().optional(),
  /** When it was last paused; it still is unless `resumedAt` is later. */
  pausedAt: z.string().optional(),
  resumedAt: z.string().optional(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Connection = z.infer<typeof Connection>;

const StoredConnection = Connection.extend({ secretReference: z.string() });
export type StoredConnection = z.infer<typeof StoredConnection>;

const ID = /^([a-z0-9][a-z0-9-]{0,31})\.([a-z0-9][a-z0-9-]{0,63})$/;

/** The tenant and name in a connection's id; undefined when it can't be one. */
export function parseConnectionId(id: string): { tenant: string; name: string } | undefined {
  const [, tenant, name] = ID.exec(id) ?? [];
  return tenant === undefined || name === undefined ? undefined : { tenant, name };
}

/** Connections in the control table, their secrets in a {@link Secrets}. */
export class Connections {
  readonly #control: Control;

  constructor(control: Control) {
    this.#control = control;
  }

  /** @param name as a caller gave it: what can't be a name has no connection. */
  async get(tenant: string, name: string): Promise<StoredConnection | undefined> {
    if (!ConnectionName.safeParse(name).success) return undefined;
    const item = await this.#control.get(CONNECTIONS, `${tenant}.${name}`);
    return item && parseItem(item);
  }

  /** A tenant's connections, or those of all tenants. */
  async list(tenant?: string): Promise<StoredConnection[]> {
    return (await this.#control.list(CONNECTIONS, tenant === undefined ? undefined : `${tenant}.`)).map(parseItem);
  }

  /**
   * Stores a new connection and its secrets.
   *
   * @returns false when the name is taken.
   */
  async create(connection: StoredConnection, values: SecretValues | undefined, secrets: Secrets): Promise<boolean> {
    const { id, secretReference } = connection;
    if (values) await secrets.create(secretReference, values);
    if (await this.#control.put(CONNECTIONS, id, connection, 'absent')) return true;
    await secrets.delete(secretReference);
    return false;
  }

  /**
   * Stores a changed connection; secrets that are given take the place of those before.
   *
   * @returns false when the connection is gone.
   */
  async replace(
    after: StoredConnection,
    values: SecretValues | undefined,
    secrets: Secrets,
    now: Date,
  ): Promise<boolean> {
    const { id, secretReference } = after;
    if (values) await secrets.rotate(secretReference, values, now);
    if (await this.#control.put(CONNECTIONS, id, after, 'present')) return true;
    // Deleted meanwhile, and its secrets with it.
    if (values) await secrets.delete(secretReference);
    return false;
  }

  /** Deletes the connection and its secrets; its events stay. Cut short, it can be done again. */
  async delete({ id, secretReference }: StoredConnection, secrets: Secrets): Promise<void> {
    await secrets.delete(secretReference);
    await this.#control.delete(CONNECTIONS, id);
  }
}

/** The connection that a request asks for; its secrets get a reference of their own, also when a name is used again. */
export function newConnection(
  tenant: string,
  { name, source, origin, tier, secrets = {}, ...reach }: ConnectionRequest & { origin: string },
  now: Date,
): StoredConnection {
  return {
    id: `${tenant}.${name}`,
    tenant,
    name,
    source,
    origin,
    ...(tier && { tier }),
    secrets: Object.keys(secrets),
    ...reach,
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    secretReference: `${tenant}/${name}/${randomBytes(8).toString('hex')}`,
  };
}

/** The connection as a change leaves it. */
export function changedConnection(before: StoredConnection, change: ConnectionChange, now: Date): StoredConnection {
  const { tier: oldTier, ...rest } = before;
  const { tier: newTier, secrets: given, paused, ...reach } = change;
  const tier = newTier === undefined ? oldTier : (newTier ?? undefined);
  const secrets = [...new Set([...before.secrets, ...Object.keys(given ?? {})])];
  const at = now.toISOString();
  const pause =
    paused === undefined || paused === isPaused(before) ? {} : paused ? { pausedAt: at } : { resumedAt: at };
  return { ...rest, ...(tier && { tier }), ...reach, ...pause, secrets, updatedAt: at };
}

export function isPaused({ pausedAt, resumedAt }: Pick<Connection, 'pausedAt' | 'resumedAt'>): boolean {
  return pausedAt !== undefined && (resumedAt === undefined || resumedAt < pausedAt);
}

/** Tells a connection from one that had its name before. */
export function incarnationOf({ secretReference }: StoredConnection): string {
  return secretReference.slice(secretReference.lastIndexOf('/') + 1);
}

/** A connection without what only the product needs. */
export function shown({ secretReference: _, ...connection }: StoredConnection): Connection {
  return connection;
}

/** All connections are in one partition, so that one query tells the dispatcher which there are. */
const CONNECTIONS = 'connection';

function parseItem({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): StoredConnection {
  return StoredConnection.parse(item);
}
