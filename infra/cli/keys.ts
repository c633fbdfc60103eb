import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { recordAct } from '../../shared/audit.ts';
import {
  type KeyRequest,
  listKeys,
  NewKeyRequest,
  newApiKey,
  revokeKey,
  storeApiKey,
} from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { TenantName } from '../../shared/names.ts';
import { toProblems } from '../../shared/problems.ts';
import { EventStore } from '../../shared/store/event-store.ts';
import { print, runCommand } from './command.ts';
import { entryOf } from './stack-api.ts';
import { stackOutputs } from './stack-outputs.ts';

const USAGE = `usage: npm run keys -- create --stack NAME --name NAME [--scopes ingest,read,admin] [--sources a,b] [--expires TIME] [--tenant TENANT]
       npm run keys -- list   --stack NAME [--tenant TENANT]
       npm run keys -- revoke --stack NAME --id ID [--tenant TENANT]`;
const PATIENCE_MS = 20_000;

const OPTIONS = {
  stack: { type: 'string' },
  tenant: { type: 'string' },
  name: { type: 'string' },
  scopes: { type: 'string', default: 'ingest,read,admin' },
  sources: { type: 'string' },
  expires: { type: 'string' },
  id: { type: 'string' },
} as const;

/**
 * Manages API keys with the deployer's own AWS credentials, past the API: this is how the first key is made. What it does is
 * written down as an `annals.audit` event like any other administrative act.
 */
async function keys(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [action] = positionals;
  if (positionals.length !== 1 || values.stack === undefined) throw new ConfigurationError(USAGE);
  const outputs = await stackOutputs(values.stack);
  const dynamo = new DynamoDBClient({});
  const control = new ControlTable(dynamo, outputs.ControlTable);
  const store = new EventStore({ dynamo, table: outputs.EventsTable, shards: {} });
  const tenant = TenantName.parse(values.tenant ?? outputs.Tenant);
  const record = (act: 'key.create' | 'key.revoke', id: string, name: string) =>
    recordAct(store, tenant, entryOf(act, id, name), new Date(), () => PATIENCE_MS);

  if (action === 'create') {
    const request = requestOf(values);
    const made = newApiKey({ ...request, tenant }, new Date());
    await record('key.create', made.record.id, request.name);
    await storeApiKey(control, made);
    print(made.text);
  } else if (action === 'list') print(JSON.stringify(await listKeys(control, tenant), undefined, 2));
  else if (action === 'revoke' && values.id !== undefined) {
    const revoked = await revokeKey(control, tenant, values.id.replace(/^key_/, ''), new Date());
    if (!revoked) throw new ConfigurationError(`tenant ${tenant} has no key ${values.id}`);
    await record('key.revoke', revoked.id, revoked.name);
    print(`revoked ${revoked.id}`);
  } else throw new ConfigurationError(USAGE);
}

function requestOf({
  name,
  scopes,
  sources,
  expires,
}: {
  name?: string;
  scopes: string;
  sources?: string;
  expires?: string;
}): KeyRequest {
  const parsed = NewKeyRequest.safeParse({
    name,
    scopes: scopes.split(','),
    sources: sources?.split(','),
    expiresAt: expires,
  });
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError('the key can not be made', parsed.error.issues.flatMap(toProblems));
}

await runCommand(keys);
