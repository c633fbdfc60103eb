import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ConnectionName, SourceName, TenantName } from '../names.ts';
import { TIERS } from '../retention.ts';
import type { Secrets } from './secrets.ts';
import type { ControlTable } from './table.ts';

const SecretValues = z.record(z.string().min(1).max(64), z.string().min(8).max(2048));

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

const StoredConnection = Connection.extend({ secretReference: z.string().optional() });
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

  async get(tenant: string, name: string): Promise<StoredConnection | undefined> {
    const item = await this.#control.get(partition(tenant), name);
    return item && parseItem(item);
  }

  async list(tenant: string): Promise<StoredConnection[]> {
    return (await this.#control.list(partition(tenant))).map(parseItem);
  }

  /** @returns undefined when the name is taken. */
  async create(
    tenant: string,
    request: ConnectionRequest & { origin: string },
    secrets: Secrets,
    now: Date,
  ): Promise<StoredConnection | undefined> {
    const { name, source, origin, tier } = request;
    const secretReference = request.secrets && `${tenant}/${name}/${randomBytes(8).toString('hex')}`;
    if (request.secrets && secretReference !== undefined) await secrets.create(secretReference, request.secrets);
    const connection: StoredConnection = {
      id: `${tenant}.${name}`,
      tenant,
      name,
      source,
      origin,
      ...(tier && { tier }),
      secrets: Object.keys(request.secrets ?? {}),
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      ...(secretReference !== undefined && { secretReference }),
    };
    if (await this.#control.put(partition(tenant), name, connection, 'absent')) return connection;
    if (secretReference !== undefined) await secrets.delete(secretReference);
    return undefined;
  }

  /** @returns undefined when the connection is gone. */
  async change(
    before: StoredConnection,
    change: ConnectionChange,
    secrets: Secrets,
    now: Date,
  ): Promise<StoredConnection | undefined> {
    const { tier: oldTier, ...rest } = before;
    const tier = change.tier === undefined ? oldTier : (change.tier ?? undefined);
    let { secretReference } = before;
    if (change.secrets) {
      if (secretReference === undefined) {
        secretReference = `${before.tenant}/${before.name}/${randomBytes(8).toString('hex')}`;
        await secrets.create(secretReference, change.secrets);
      } else await secrets.rotate(secretReference, change.secrets, now);
    }
    const after: StoredConnection = {
      ...rest,
      ...(tier && { tier }),
      secrets: [...new Set([...before.secrets, ...Object.keys(change.secrets ?? {})])],
      updatedAt: now.toISOString(),
      ...(secretReference !== undefined && { secretReference }),
    };
    return (await this.#control.put(partition(before.tenant), before.name, after, 'present')) ? after : undefined;
  }

  /** Deletes the connection and its secrets; its events stay. */
  async delete({ tenant, name, secretReference }: StoredConnection, secrets: Secrets): Promise<void> {
    await this.#control.delete(partition(tenant), name);
    if (secretReference !== undefined) await secrets.delete(secretReference);
  }
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
