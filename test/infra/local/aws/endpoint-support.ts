import { randomUUID } from 'node:crypto';
import type { Principal, Statement, TableDefinition } from '../../../../infra/local/types.ts';

export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';

export function principal(name: string, statements: readonly Statement[] = []): Principal {
  return { name, accessKeyId: `AKID${randomUUID()}`, secretAccessKey: 'secret', statements };
}

export function allow(
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: NonNullable<Statement['Condition']>,
): Statement {
  return { Effect: 'Allow', Action, Resource, ...(Condition !== undefined && { Condition }) };
}

/** Settings of an SDK client that signs as `who` and does not retry. */
export function clientOf(url: string, who: Principal) {
  return {
    endpoint: url,
    region: REGION,
    maxAttempts: 1,
    credentials: { accessKeyId: who.accessKeyId, secretAccessKey: who.secretAccessKey },
  };
}

export function table(name: string, streamed: boolean): TableDefinition {
  const arn = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`;
  return {
    name,
    arn,
    keySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    attributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
    ...(streamed && { streamArn: `${arn}/stream/2026-01-01T00:00:00.000` }),
  };
}

export const TABLES = [table('events', true), table('control', false)] as const;
