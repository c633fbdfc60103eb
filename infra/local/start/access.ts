import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { authenticate, createApiKey, isRefusal } from '../../../shared/control/keys.ts';
import { ControlTable } from '../../../shared/control/table.ts';
import { type LocalAccess, readLocalAccess, writeLocalAccess } from '../stack/files.ts';
import type { LocalStack } from '../stack.ts';

/**
 * Sees to it that `local.json` holds this start's URL and an API key with every scope: the one that it holds already if
 * it is still good, else a new one.
 */
export async function ensureAccess(stack: LocalStack, dir: string): Promise<LocalAccess> {
  const dynamo = new DynamoDBClient({
    endpoint: stack.endpoint.url,
    region: stack.endpoint.region,
    credentials: stack.endpoint.credentials,
  });
  const control = new ControlTable(dynamo, stack.outputs['ControlTable'] ?? '');
  const tenant = stack.outputs['Tenant'] ?? 'main';
  const before = readLocalAccess(dir);
  const isGood = before?.tenant === tenant && !isRefusal(await authenticate(control, before.key, new Date()));
  const key = isGood
    ? before.key
    : (await createApiKey(control, { tenant, name: 'local admin', scopes: ['ingest', 'read', 'admin'] })).key;
  dynamo.destroy();
  const access = { url: stack.url, key, tenant };
  writeLocalAccess(dir, access);
  return access;
}
