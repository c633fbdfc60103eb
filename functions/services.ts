import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SSMClient } from '@aws-sdk/client-ssm';
import { lockOfRaw } from '../shared/archive/lock.ts';
import { Connections } from '../shared/control/connections.ts';
import { KeyUse } from '../shared/control/key-use.ts';
import { Searches } from '../shared/control/searches.ts';
import { Secrets } from '../shared/control/secrets.ts';
import { ControlTable } from '../shared/control/table.ts';
import { Exports } from '../shared/export/exports.ts';
import { s3ObjectStore } from '../shared/objects.ts';
import { Hastened } from '../shared/polling/hasten.ts';
import { Jobs } from '../shared/polling/jobs.ts';
import { EventReader } from '../shared/store/event-reader.ts';
import { EventStore } from '../shared/store/event-store.ts';
import { environment } from './environment.ts';

/** A call that hangs must leave time to be repeated within the 29 seconds that an answer may take. */
const requestHandler = { connectionTimeout: 1_000, requestTimeout: 5_000 };

/** Made at first use and kept for the life of the execution environment. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

const dynamo = once(() => new DynamoDBClient({ requestHandler }));
const s3 = once(() => new S3Client({ requestHandler }));
const archive = once(() =>
  s3ObjectStore(s3(), environment('ARCHIVE_BUCKET'), () => lockOfRaw(new Date(), environment('ARCHIVE_LOCK'))),
);

/** What is refused, or contradicts what is stored, is kept here. */
export const failures = once(() => s3ObjectStore(s3(), environment('FAILURES_BUCKET')));

export const eventStore = once(
  () =>
    new EventStore({
      dynamo: dynamo(),
      table: environment('EVENTS_TABLE'),
      shards: environment('SHARDS'),
      archive: archive(),
    }),
);

export const eventReader = once(
  () =>
    new EventReader({
      dynamo: dynamo(),
      table: environment('EVENTS_TABLE'),
      days: eventStore().days,
      archive: archive(),
    }),
);

export const control = once(() => new ControlTable(dynamo(), environment('CONTROL_TABLE')));
export const connections = once(() => new Connections(control()));
export const jobs = once(() => new Jobs(control()));
export const exports = once(() => new Exports(control()));
export const searches = once(() => new Searches(control()));
export const keyUse = once(() => new KeyUse(control()));
export const hastened = once(() => new Hastened(control()));
export const secrets = once(() => new Secrets(new SSMClient({ requestHandler }), environment('SECRET_PREFIX')));
