import { spawnSync } from 'node:child_process';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createDynamo } from '../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../infra/local/aws/endpoint.ts';
import type { Hooks, Principal, TableDefinition } from '../../infra/local/types.ts';

export type Backend = 'dynalite' | 'dynamodb-local';

/**
 * The store that integration tests run on: dynalite, or with `ANNALS_TEST_BACKEND=dynamodb-local`, as CI sets it for a second
 * run, Amazon's DynamoDB Local where there is a Java that can run it. It is ten times slower.
 */
export const BACKEND: Backend =
  process.env['ANNALS_TEST_BACKEND'] === 'dynamodb-local' && hasJava() ? 'dynamodb-local' : 'dynalite';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';

export interface TestTables {
  readonly dynamo: DynamoDBClient;
  close(): Promise<void>;
}

/** The product's tables, empty, and a client that may do everything. */
export async function startTables(hooks: Hooks = {}): Promise<TestTables> {
  const table = (name: string): TableDefinition => ({
    name,
    arn: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
    keySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    attributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  });
  const database = await createDynamo({
    backend: BACKEND,
    tables: [table('events'), table('control')],
    region: REGION,
    accountId: ACCOUNT,
  });
  const operator: Principal = { name: 'operator', accessKeyId: 'AKIATEST', secretAccessKey: 'test', statements: [] };
  const endpoint = await startEndpoint({ services: [database.service], principals: [operator], hooks });
  const dynamo = new DynamoDBClient({ endpoint: endpoint.url, region: REGION, credentials: operator });
  return {
    dynamo,
    async close() {
      dynamo.destroy();
      await endpoint.close();
      await database.close();
    },
  };
}

/** `java -version` answers on standard error; version 17 is what the jar was compiled for. */
function hasJava(): boolean {
  const { stderr } = spawnSync('java', ['-version'], { encoding: 'utf8' });
  const found = Number(/version "(\d+)/.exec(stderr ?? '')?.[1] ?? 0) >= 17;
  if (!found) process.stderr.write('no Java 17 here: DynamoDB Local is left out, its tests run on dynalite only\n');
  return found;
}
