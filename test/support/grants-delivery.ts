import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { expect } from 'vitest';
import { startEventSource } from '../../infra/local/event-source.ts';
import type { InvokeResult } from '../../infra/local/lambda.ts';
import type { LocalEventSource } from '../../infra/local/template/functions.ts';
import { logGrants, type Scenario, scenariosOf, type World } from './grants-world.ts';

const STREAM = 'EventsTable/stream';
const CATALOG = ['catalog', 'database/annals_prod', 'table/annals_prod/landing'];

// Some grants only AWS itself makes use of. The local stack stops without them because these pages ask for them:
// - dynamodb:ListStreams
//   https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/iam-policy-example-lamda-process-dynamodb-streams.html
// - s3:ListBucket on the bucket for failures
//   https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
// - all of Firehose's but s3:PutObject
//   https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
const deliver = scenariosOf('FunctionsDeliverRole', [
  {
    name: 'an event reaches the archive',
    grants: ['firehose:PutRecordBatch on deliverystream/LandingStream'],
    run: eventLands,
  },
  {
    name: 'a new mapping reads the stream from its start',
    grants: [
      `dynamodb:DescribeStream on ${STREAM}`,
      `dynamodb:GetShardIterator on ${STREAM}`,
      `dynamodb:GetRecords on ${STREAM}`,
      'dynamodb:ListStreams on *',
    ],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await tenant.send();
      const read: string[] = [];
      await driveAnew(world, {}, async (text) => {
        read.push(text);
        return { payload: null };
      });
      expect(read.join()).toContain(id);
    },
  },
  {
    name: 'what the function can not deliver is set aside',
    grants: ['s3:PutObject on FailuresBucket/aws/lambda/*', 's3:ListBucket on FailuresBucket'],
    async run(world) {
      const tenant = await world.newTenant();
      const eventId = await tenant.send();
      const id = randomUUID();
      await driveAnew(world, { id, retryAttempts: 0, bisectBatchOnError: false }, async () => ({
        error: { errorType: 'Error', errorMessage: 'down' },
      }));
      expect((await world.objects('failures', `aws/lambda/${id}/`)).join()).toContain(eventId);
    },
  },
  {
    name: 'a failed call to Firehose is in the log',
    grants: logGrants('FunctionsDeliver'),
    async run(world) {
      const message = `refused ${randomUUID()}`;
      world.failNext('firehose:PutRecordBatch', { kind: 'error', status: 400, code: 'Injected', message });
      await eventLands(world);
      await world.logged('FunctionsDeliver', message);
    },
  },
]);

const firehose = scenariosOf('LandingStreamRole', [
  {
    name: 'an event reaches the archive',
    grants: [
      ...['AbortMultipartUpload', 'GetObject', 'PutObject'].map((one) => `s3:${one} on LandingBucket/landing/*`),
      ...['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'].map((one) => `s3:${one} on LandingBucket`),
      ...['GetTable', 'GetTableVersion', 'GetTableVersions'].flatMap((one) =>
        CATALOG.map((resource) => `glue:${one} on ${resource}`),
      ),
      'logs:PutLogEvents on log-group:LandingStreamLogs:log-stream:LandingStreamLogStream',
    ],
    run: eventLands,
  },
  {
    name: 'a record that can not be converted is kept',
    grants: ['AbortMultipartUpload', 'GetObject', 'PutObject'].map((one) => `s3:${one} on LandingBucket/errors/*`),
    async run(world) {
      const Data = Buffer.from(`no JSON ${randomUUID()}`);
      const [stream] = world.stack.template.deliveryStreams;
      await world.firehose.send(new PutRecordBatchCommand({ DeliveryStreamName: stream?.name, Records: [{ Data }] }));
      await world.settle();
      expect((await world.objects('landing', 'errors/')).join()).toContain(Data.toString('base64'));
    },
  },
]);

/** What the way from the table to the archive has its grants for. */
export const DELIVERY_SCENARIOS: readonly Scenario[] = [...deliver, ...firehose];

async function eventLands(world: World): Promise<void> {
  const tenant = await world.newTenant();
  const id = await tenant.send();
  await world.settle();
  expect(await world.landed(id)).toEqual([id]);
}

/**
 * Makes one more mapping like the template's, which has read nothing yet, and drives `invoke` with it: until everything
 * was handled, or something went wrong.
 */
async function driveAnew(
  { stack }: World,
  more: Partial<LocalEventSource>,
  invoke: (eventText: string) => Promise<InvokeResult>,
): Promise<void> {
  const [mapping] = stack.template.eventSources;
  const target = stack.template.functions.find(({ id }) => id === mapping?.functionId);
  if (mapping === undefined || target === undefined) throw new Error('the template has no mapping');
  const dir = join(stack.dir, `mapping-${randomUUID()}`);
  mkdirSync(dir);
  const wrong = Promise.withResolvers<void>();
  const source = startEventSource({
    definition: { ...mapping, ...more },
    function: target,
    invoke: (_functionId, event) => invoke(JSON.stringify(event)),
    endpointUrl: stack.endpoint.url,
    region: stack.endpoint.region,
    dir,
    // That the function fails, and that its records were set aside, is what a scenario may be about.
    onWarning: (message) => /gave up| fails: /.test(message) || wrong.resolve(),
  });
  await Promise.race([source.drain().catch(() => {}), wrong.promise]);
  await source.close();
}
