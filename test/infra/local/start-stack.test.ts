import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { buildSync } from 'esbuild';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { StartError } from '../../../infra/local/stack/error.ts';
import { writeLocalAccess } from '../../../infra/local/stack/files.ts';
import { type LocalStack, startStack } from '../../../infra/local/stack.ts';
import { tempDir, writeAssembly } from './template-support.ts';

const PROJECT = join(import.meta.dirname, '../../..');

/** An ES module with the AWS SDK inside, as functions are deployed. */
function bundle(contents: string): string {
  const { outputFiles } = buildSync({
    stdin: { contents, resolveDir: PROJECT },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

const write = bundle(`
  import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
  const client = new DynamoDBClient({ maxAttempts: 1 });
  export const handler = async (event) => {
    const { id } = event.pathParameters;
    await client.send(new PutItemCommand({ TableName: process.env.TABLE, Item: { pk: { S: id } } }));
    return { statusCode: 202, body: id };
  };`);
const deliver = bundle(`
  import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
  const client = new FirehoseClient({ maxAttempts: 1 });
  export const handler = async ({ Records }) => {
    const lines = Records.map(({ dynamodb }) => ({ Data: Buffer.from(JSON.stringify({ id: dynamodb.NewImage.pk.S })) }));
    await client.send(new PutRecordBatchCommand({ DeliveryStreamName: process.env.STREAM, Records: lines }));
  };`);

const att = (id: string, name = 'Arn') => ({ 'Fn::GetAtt': [id, name] });
const role = (...grants: [string[], unknown][]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    Policies: [
      {
        PolicyName: 'Grants',
        PolicyDocument: { Statement: grants.map(([Action, Resource]) => ({ Effect: 'Allow', Action, Resource })) },
      },
    ],
  },
});
const lambda = (name: string, roleId: string, Variables: object) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: 'assets', S3Key: `${name}.zip` },
    Handler: 'index.handler',
    Role: att(roleId),
    Runtime: 'nodejs24.x',
    Timeout: 10,
    MemorySize: 256,
    Environment: { Variables },
  },
});

const templateFile = writeAssembly(
  {
    Events: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      },
    },
    Landing: { Type: 'AWS::S3::Bucket' },
    Columns: {
      Type: 'AWS::Glue::Table',
      Properties: { TableInput: { Name: 'landing', StorageDescriptor: { Columns: [{ Name: 'id', Type: 'string' }] } } },
    },
    Stream: {
      Type: 'AWS::KinesisFirehose::DeliveryStream',
      Properties: {
        ExtendedS3DestinationConfiguration: {
          BucketARN: att('Landing'),
          RoleARN: att('StreamRole'),
          Prefix: 'landing/day=!{timestamp:yyyy-MM-dd}/',
          ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
          FileExtension: '.parquet',
          DataFormatConversionConfiguration: {
            Enabled: true,
            OutputFormatConfiguration: { Serializer: { ParquetSerDe: {} } },
            SchemaConfiguration: {
              TableName: { Ref: 'Columns' },
              DatabaseName: 'db',
              Region: 'us-east-1',
              CatalogId: '000000000000',
            },
          },
        },
      },
    },
    StreamRole: role([['s3:*', 'glue:*'], '*']),
    WriteRole: role([['dynamodb:PutItem'], att('Events')]),
    DeliverRole: role(
      [['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], att('Events', 'StreamArn')],
      [['dynamodb:ListStreams'], '*'],
      [['firehose:PutRecordBatch'], att('Stream')],
    ),
    Write: lambda('write', 'WriteRole', { TABLE: { Ref: 'Events' } }),
    Deliver: lambda('deliver', 'DeliverRole', { STREAM: { Ref: 'Stream' } }),
    Mapping: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Deliver' },
        EventSourceArn: att('Events', 'StreamArn'),
        StartingPosition: 'TRIM_HORIZON',
        MaximumBatchingWindowInSeconds: 5,
      },
    },
    Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { ProtocolType: 'HTTP' } },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: att('Write'),
        PayloadFormatVersion: '2.0',
      },
    },
    Route: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: 'PUT /{id}',
        Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
      },
    },
  },
  {
    bundles: { write, deliver },
    rest: {
      Outputs: {
        ApiUrl: { Value: att('Api', 'ApiEndpoint') },
        LandingBucket: { Value: { Ref: 'Landing' } },
        EventsTable: { Value: { Ref: 'Events' } },
      },
    },
  },
);

const running: LocalStack[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((stack) => stack.close()));
});

async function start(dir: string, options: Partial<Parameters<typeof startStack>[0]> = {}) {
  const warnings: string[] = [];
  const stack = await startStack({ templateFile, dir, port: 0, log: (text) => warnings.push(text), ...options });
  running.push(stack);
  const put = async (id: string) => (await fetch(`${stack.url}/${id}`, { method: 'PUT' })).status;
  const landed = async () => {
    const s3 = new S3Client({
      endpoint: stack.endpoint.url,
      region: 'us-east-1',
      credentials: stack.endpoint.credentials,
      forcePathStyle: true,
    });
    const { Contents = [] } = await s3.send(
      new ListObjectsV2Command({ Bucket: stack.outputs['LandingBucket'], Prefix: 'landing/' }),
    );
    return Contents.length;
  };
  return { stack, put, landed, warnings };
}

describe('a template that runs', () => {
  it('takes a request through function, table, stream, function and delivery stream to the bucket', async () => {
    const dir = tempDir();
    const { stack, put, landed, warnings } = await start(dir);
    expect(stack.outputs['ApiUrl']).toBe(stack.url);
    expect(await put('one')).toBe(202);
    await stack.flush();
    expect(await landed()).toBe(1);
    const operator = new DynamoDBClient({
      endpoint: stack.endpoint.url,
      region: 'us-east-1',
      credentials: stack.endpoint.credentials,
    });
    const { Item } = await operator.send(
      new GetItemCommand({ TableName: stack.outputs['EventsTable'], Key: { pk: { S: 'one' } } }),
    );
    expect(Item).toEqual({ pk: { S: 'one' } });
    expect(JSON.parse(readFileSync(join(dir, 'stack.json'), 'utf8'))).toEqual({
      buckets: { landing: stack.outputs['LandingBucket'] },
    });
    // None of the roles may write logs, which is told.
    expect(warnings.filter((text) => !/may not write its log/.test(text))).toEqual([]);
  });

  it('flushes for the key of local.json', async () => {
    const dir = tempDir();
    const { stack, put, landed } = await start(dir);
    await put('one');
    const flush = (key: string) =>
      fetch(`${stack.url}/_local/flush`, { method: 'POST', headers: { authorization: `Bearer ${key}` } });
    expect((await flush('guessed')).status).toBe(401);
    writeLocalAccess(dir, { url: stack.url, key: 'right', tenant: 'main' });
    expect((await flush('right')).status).toBe(204);
    expect(await landed()).toBe(1);
  });

  it('keeps items and what was not delivered over a restart', async () => {
    const dir = tempDir();
    const refuse = { kind: 'error', status: 500, code: 'ServiceUnavailableException' } as const;
    const first = await start(dir, {
      hooks: { fault: ({ action }) => (action === 'firehose:PutRecordBatch' ? refuse : undefined) },
    });
    expect(await first.put('one')).toBe(202);
    const closing = performance.now();
    await first.stack.close();
    expect(performance.now() - closing).toBeLessThan(2000);
    const second = await start(dir);
    await second.stack.flush();
    expect(await second.landed()).toBe(1);
  });

  it('stops a function that lost a grant, at once, and lets it go on when it has it again', async () => {
    const { stack, put } = await start(tempDir());
    const writer = stack.principals.find(({ name }) => name === 'WriteRole');
    const statements = writer?.statements ?? [];
    expect(await put('one')).toBe(202);
    if (writer) writer.statements = [];
    expect(await put('two')).toBe(500);
    if (writer) writer.statements = statements;
    expect(await put('two')).toBe(202);
  });

  it('tells hooks of every call, with the role that made it', async () => {
    const seen: string[] = [];
    const observe = ({ principal, action }: { principal: string; action: string }, allowed: boolean) =>
      void seen.push(`${principal} ${action} ${allowed}`);
    const { stack, put } = await start(tempDir(), { hooks: { observe } });
    await put('one');
    await stack.flush();
    expect(seen).toContain('WriteRole dynamodb:PutItem true');
    expect(seen).toContain('DeliverRole firehose:PutRecordBatch true');
  });
});

describe('what keeps a stack from starting', () => {
  it('is another one in the same folder', async () => {
    const dir = tempDir();
    await start(dir);
    await expect(start(dir)).rejects.toThrow(/Annals is running in/);
  });

  it('is a port that is taken; the folder is free again after', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const dir = tempDir();
    await expect(start(dir, { port })).rejects.toThrow(StartError);
    await expect(start(dir, { port })).rejects.toThrow(`port ${port} can't be had (something else listens there)`);
    server.close();
    await start(dir);
  });

  it('is a template that can not be run', async () => {
    const dir = tempDir();
    const file = writeAssembly({ Queue: { Type: 'AWS::SQS::Queue' } });
    await expect(start(dir, { templateFile: file })).rejects.toThrow(/does not know AWS::SQS::Queue/);
    await vi.waitFor(() => start(dir));
  });
});
