import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { createApiKey, revokeKey } from '../../shared/control/keys.ts';
import { ControlTable } from '../../shared/control/table.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { stackOutputs } from './stack-outputs.ts';

/** An Annals that answers, in an account or on this machine. */
export interface Target {
  readonly url: string;
  readonly key: string;
  readonly sqlPauseMs: number;
  /** The one number that a statement answers. */
  count(sql: string): Promise<number>;
  close(): Promise<void>;
}

const KEY_MS = 3_600_000;
const ATHENA_PAUSE_MS = 1_000;

/** A deployed stack, through a key of its own that lives for an hour at most. */
export async function deployedTarget(stack: string): Promise<Target> {
  const outputs = await stackOutputs(stack);
  const { ApiUrl: url, Tenant: tenant } = outputs;
  const control = new ControlTable(new DynamoDBClient({}), outputs.ControlTable);
  const expiresAt = new Date(Date.now() + KEY_MS).toISOString();
  const { key, record } = await createApiKey(control, {
    tenant,
    name: 'smoke test',
    scopes: ['ingest', 'read'],
    expiresAt,
  });
  const athena = new AthenaClient({});
  return {
    url,
    key,
    sqlPauseMs: 20_000,
    count: (sql) => countByAthena(athena, sql, outputs),
    close: async () => void (await revokeKey(control, tenant, record.id, new Date())),
  };
}

/** What `npm start` runs from this folder. */
export async function localTarget(dir: string): Promise<Target> {
  const Local = z.object({ url: z.url(), key: z.string() });
  const path = join(dir, 'local.json');
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new ConfigurationError(`there is no ${path}: start Annals with npm start first`, { cause });
  });
  const { url, key } = Local.parse(JSON.parse(text));
  return {
    url,
    key,
    sqlPauseMs: 500,
    async count(sql) {
      // DuckDB is a development dependency and takes a while to load: only a local run needs it.
      const { runSql } = await import('../local/sql.ts');
      return Number((await runSql({ dir, sql })).rows[0]?.[0]);
    },
    close: async () => {},
  };
}

async function countByAthena(
  athena: AthenaClient,
  sql: string,
  outputs: { Workgroup: string; Database: string },
): Promise<number> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      WorkGroup: outputs.Workgroup,
      QueryExecutionContext: { Database: outputs.Database },
    }),
  );
  for (;;) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'FAILED' || State === 'CANCELLED')
      throw new ConfigurationError(`Athena: ${StateChangeReason ?? State}`);
    if (State === 'SUCCEEDED') break;
    await new Promise((resolve) => setTimeout(resolve, ATHENA_PAUSE_MS));
  }
  const { ResultSet } = await athena.send(new GetQueryResultsCommand({ QueryExecutionId }));
  return Number(ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue);
}
