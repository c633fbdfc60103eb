import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConnectionName, SourceName, TenantName } from '../names.ts';
import { TIERS } from '../retention.ts';
import type { Secrets } from './secrets.ts';
import type { ControlTable } from './table.ts';

/** An SSM parameter of the standard tier holds 4 KB: these, those they replaced, and until when those are good. */
const MAX_SECRET_BYTES = 1_900;
const SecretValues = z
  .record(z.string().min(1).max(64), z.string().min(8))
  .refine((secrets) => Buffer.byteLength(JSON.stringify(secrets)) <= MAX_SECRET_BYTES, {
    error: `must have at most ${MAX_SECRET_BYTES} bytes as JSON`,
  });

export type SecretValues = z.infer<typeof SecretValues>;

/** What the maker of a connection says. Secrets are written and never read back. */
export const ConnectionRequest = z.strictObject({
  name: ConnectionName,
  source: SourceName,
  /** The vendor-side account: an organization, tenant or host. It is part of event ids, and can't be changed. */
  origin: z.string().min(1).max(256).optional(),
  /** Overrides the source's retention tier. */
  tier: z.enum(TIERS).optional(),
  secrets: SecretValues.optional(),
});
export type ConnectionRequest = z.infer<typeof ConnectionRequest>;

/** What of a connection can be changed. New secrets take the place of the old ones, which stay good for 24 hours. */
export const ConnectionChange = z.strictObject({
  tier: z.enum(TIERS).nullable().optional(),
  secrets: SecretValues.optional(),
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
  readonly #control: ControlTable;

  constructor(control: ControlTable) {
    this.#control = control;
  }

  /** @param name as a caller gave it: what can't be a name has no connection. */
  async get(tenant: string, name: string): Promise<StoredConnection | undefined> {
    if (!ConnectionName.safeParse(name).success) return undefined;
    const item = await this.#control.get(partition(tenant), name);
    return item && parseItem(item);
  }

  async list(tenant: string): Promise<StoredConnection[]> {
    return (await this.#control.list(partition(tenant))).map(parseItem);
  }

  /**
   * Stores a new connection and its secrets.
   *
   * @returns false when the name is taken.
   */
  async create(connection: StoredConnection, values: SecretValues | undefined, secrets: Secrets): Promise<boolean> {
    const { tenant, name, secretReference } = connection;
    if (values) await secrets.create(secretReference, values);
    if (await this.#control.put(partition(tenant), name, connection, 'absent')) return true;
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
    const { tenant, name, secretReference } = after;
    if (values) await secrets.rotate(secretReference, values, now);
    return this.#control.put(partition(tenant), name, after, 'present');
  }

  /** Deletes the connection and its secrets; its events stay. Cut short, it can be done again. */
  async delete({ tenant, name, secretReference }: StoredConnection, secrets: Secrets): Promise<void> {
    await secrets.delete(secretReference);
    await this.#control.delete(partition(tenant), name);
  }
}

/** The connection that a request asks for; its secrets get a reference of their own, also when a name is used again. */
export function newConnection(
  tenant: string,
  { name, source, origin, tier, secrets = {} }: ConnectionRequest & { origin: string },
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
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
    secretReference: `${tenant}/${name}/${randomBytes(8).toString('hex')}`,
  };
}

/** The connection as a change leaves it. */
export function changedConnection(before: StoredConnection, change: ConnectionChange, now: Date): StoredConnection {
  const { tier: oldTier, ...rest } = before;
  const tier = change.tier === undefined ? oldTier : (change.tier ?? undefined);
  const secrets = [...new Set([...before.secrets, ...Object.keys(change.secrets ?? {})])];
  return { ...rest, ...(tier && { tier }), secrets, updatedAt: now.toISOString() };
}

/** A connection without what only the product needs. */
export function shown({ secretReference: _, ...connection }: StoredConnection): Connection {
  return connection;
}

function partition(tenant: string): string {
  return `${tenant}#connection`;
}

function parseItem({ pk: _pk, sk: _sk, ...item }: Record<string, unknown>): StoredConnection {
  return StoredConnection.parse(item);
}
