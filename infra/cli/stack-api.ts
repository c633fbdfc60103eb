import { userInfo } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type AuditEntry, recordAct } from '../../shared/audit.ts';
import { newApiKey, revokeKey, type Scope, storeApiKey } from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import type { Api } from './api.ts';
import { stackOutputs } from './stack-outputs.ts';

const KEY_MS = 15 * 60_000;
const PATIENCE_MS = 20_000;

/**
 * Works with a deployed stack, through a key of its own for as long as that takes: made with the deployer's AWS credentials,
 * and revoked afterwards. Both are written down.
 *
 * @throws ConfigurationError when there is no such stack.
 */
export async function withStackApi<T>(
  stack: string,
  scopes: Scope[],
  purpose: string,
  work: (api: Api) => Promise<T>,
): Promise<T> {
  const { ApiUrl, Tenant: tenant, ControlTable: table, EventsTable } = await stackOutputs(stack);
  const dynamo = new DynamoDBClient({});
  const control = new ControlTable(dynamo, table);
  const store = new EventStore({ dynamo, table: EventsTable, shards: {} });
  const record = (entry: AuditEntry) => recordAct(store, tenant, entry, new Date(), () => PATIENCE_MS);
  const now = new Date();
  const expiresAt = new Date(now.getTime() + KEY_MS).toISOString();
  const made = newApiKey({ name: `${purpose} by ${userInfo().username}`, scopes, expiresAt, tenant }, now);
  const { id, name } = made.record;
  // Written down first: a key that nobody knows of must not come to be.
  await record({ ...entryOf('key.create', id, name), changes: [{ attribute: 'scopes', new: scopes.join(' ') }] });
  await storeApiKey(control, made);
  try {
    return await work({ url: ApiUrl.replace(/\/$/, ''), key: made.text });
  } finally {
    await revokeKey(control, tenant, id, new Date());
    await record(entryOf('key.revoke', id, name));
    dynamo.destroy();
  }
}

/** An act of the deployer upon an API key, as it is written down. */
export function entryOf(action: 'key.create' | 'key.revoke', id: string, name: string): AuditEntry {
  return {
    action,
    outcome: 'success',
    actor: { type: 'user', name: userInfo().username, role: 'deployer' },
    target: { type: 'api_key', id: `key_${id}`, name },
  };
}
