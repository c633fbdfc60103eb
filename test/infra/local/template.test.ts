import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TemplateError } from '../../../infra/local/template/error.ts';
import { readTemplate } from '../../../infra/local/template.ts';
import { tempDir, writeAssembly } from './template-support.ts';

const role = (...statements: object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {},
    Policies: [{ PolicyName: 'P', PolicyDocument: { Version: '2012-10-17', Statement: statements } }],
  },
});
const lambda = (properties: object = {}) => ({
  Type: 'AWS::Lambda::Function',
  Properties: {
    Code: { S3Bucket: { 'Fn::Sub': `assets-\${AWS::AccountId}-\${AWS::Region}` }, S3Key: 'code.zip' },
    Handler: 'index.handler',
    Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
    Runtime: 'nodejs24.x',
    ...properties,
  },
});
const table = {
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: {
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    Replicas: [{ Region: { Ref: 'AWS::Region' } }],
  },
};
const bundles = { code: 'export const handler = async () => 1;' };
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

function outputs(values: Record<string, unknown>, resources: Record<string, object> = {}, rest: object = {}) {
  const Outputs = Object.fromEntries(Object.entries(values).map(([name, Value]) => [name, { Value }]));
  return readTemplate(writeAssembly(resources, { rest: { ...rest, Outputs } })).outputs;
}

describe('functions and roles', () => {
  it('resolves code, environment and role', () => {
    const file = writeAssembly(
      {
        Role: role(allow('dynamodb:Query', { 'Fn::GetAtt': ['Events', 'Arn'] })),
        Extra: {
          Type: 'AWS::IAM::Policy',
          Properties: {
            PolicyName: 'Extra',
            Roles: [{ Ref: 'Role' }],
            PolicyDocument: {
              Statement: allow(['s3:GetObject'], '*', { Condition: { Bool: { 'aws:SecureTransport': true } } }),
            },
          },
        },
        Events: table,
        Logs: { Type: 'AWS::Logs::LogGroup', Properties: {} },
        Fn: lambda({
          Environment: { Variables: { TABLE: { Ref: 'Events' } } },
          Timeout: 29,
          MemorySize: 1024,
          LoggingConfig: { LogGroup: { Ref: 'Logs' }, LogFormat: 'JSON' },
        }),
      },
      { bundles },
    );
    const template = readTemplate(file);
    const [fn] = template.functions;
    expect(fn).toMatchObject({
      id: 'Fn',
      name: 'Test-Fn',
      handler: 'index.handler',
      environment: { TABLE: 'Test-Events' },
      timeoutSeconds: 29,
      memoryMb: 1024,
      logGroup: 'Test-Logs',
    });
    expect(fn?.assetDir).toMatch(/asset\.code$/);
    expect(fn?.role.statements).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:Query'],
        Resource: ['arn:aws:dynamodb:us-east-1:000000000000:table/Test-Events'],
      },
      {
        Effect: 'Allow',
        Action: ['s3:GetObject'],
        Resource: ['*'],
        Condition: { Bool: { 'aws:SecureTransport': ['true'] } },
      },
    ]);
    expect(template.principals).toEqual([fn?.role]);
  });

  it('reads what becomes of asynchronous invocations that fail', () => {
    const config = (properties: object = {}) => ({
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', ...properties },
    });
    const attempts = (more: Record<string, object>) =>
      readTemplate(writeAssembly({ Role: role(), Fn: lambda(), ...more }, { bundles })).functions[0]?.asynchronous;
    expect(attempts({})).toEqual({ retryAttempts: 2 });
    expect(attempts({ Config: config() })).toEqual({ retryAttempts: 2 });
    const once = config({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 });
    expect(attempts({ Config: once })).toEqual({ retryAttempts: 0 });
    expect(() => attempts({ Config: config({ Qualifier: 'live' }) })).toThrow(/Config can't be run locally.*Qualifier/);
    const onward = { OnFailure: { Destination: 'arn:aws:sqs:us-east-1:000000000000:dead' } };
    expect(() => attempts({ Config: config({ DestinationConfig: onward }) })).toThrow(/DestinationConfig/);
  });

  it('runs a function of a VPC like any other', () => {
    const VpcConfig = { SubnetIds: ['subnet-0a1b2c3d'], SecurityGroupIds: ['sg-0a1b2c3d'] };
    const file = writeAssembly({ Role: role(), Fn: lambda({ VpcConfig }) }, { bundles });
    expect(readTemplate(file).functions).toHaveLength(1);
  });

  it('gives new access keys and the same names at every reading', () => {
    const file = writeAssembly({ Role: role(), Events: table, Fn: lambda() }, { bundles });
    const [one, other] = [readTemplate(file), readTemplate(file)];
    expect(one.principals[0]?.accessKeyId).not.toBe(other.principals[0]?.accessKeyId);
    expect(one.tables).toEqual(other.tables);
    expect(one.functions[0]?.arn).toBe(other.functions[0]?.arn);
  });

  it('knows the managed policy of basic execution and no other', () => {
    const managed = (name: string) => ({
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          ManagedPolicyArns: [{ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]] }],
        },
      },
    });
    const { principals } = readTemplate(writeAssembly(managed('service-role/AWSLambdaBasicExecutionRole')));
    expect(principals[0]?.statements[0]?.Action).toContain('logs:PutLogEvents');
    expect(() => readTemplate(writeAssembly(managed('AdministratorAccess')))).toThrow(
      /AdministratorAccess is not known/,
    );
  });

  it.each([
    [
      'code that is in no asset',
      { Role: role(), Fn: lambda({ Code: { S3Bucket: 'b', S3Key: 'other.zip' } }) },
      /other\.zip/,
    ],
    ['layers', { Role: role(), Fn: lambda({ Layers: ['arn'] }) }, /AWS::Lambda::Function Fn .*Layers/],
    [
      'NotAction',
      { Role: role({ Effect: 'Allow', NotAction: 'x', Resource: '*' }) },
      /AWS::IAM::Role Role .*NotAction/,
    ],
    ['an unknown type', { Queue: { Type: 'AWS::SQS::Queue' } }, /can't run Queue: it does not know AWS::SQS::Queue/],
  ])('refuses %s', (_, resources, message) => {
    expect(() => readTemplate(writeAssembly(resources, { bundles }))).toThrow(message);
  });
});

describe('intrinsic functions', () => {
  it.each([
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
    ['Fn::Sub', { 'Fn::Sub': `\${AWS::StackName}/\${!kept}/\${AWS::URLSuffix}` }, `Test/\${kept}/amazonaws.com`],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': [`\${a}\${Bucket.Arn}`, { a: { Ref: 'AWS::Partition' } }] },
      'awsarn:aws:s3:::test-bucket',
    ],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['Fn::GetAtt with a dot', { 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:aws:s3:::test-bucket'],
    ['Fn::If', { 'Fn::If': ['IsHere', 'yes', 'no'] }, 'yes'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['Map', { Ref: 'AWS::Region' }, 'key'] }, 'found'],
    ['a parameter', { Ref: 'Parameter' }, 'given'],
  ])('resolves %s', (_, value, expected) => {
    const rest = {
      Parameters: { Parameter: { Type: 'String', Default: 'given' } },
      Mappings: { Map: { 'us-east-1': { key: 'found' } } },
      Conditions: {
        IsHere: {
          'Fn::And': [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] }, { 'Fn::Not': [{ Condition: 'Never' }] }],
        },
        Never: { 'Fn::Or': [{ 'Fn::Equals': ['a', 'b'] }] },
      },
    };
    expect(outputs({ Out: value }, { Bucket: { Type: 'AWS::S3::Bucket' } }, rest)).toEqual({ Out: expected });
  });

  it('leaves out resources and outputs whose condition does not hold, and AWS::NoValue', () => {
    const Conditions = { Never: { 'Fn::Equals': ['a', 'b'] } };
    const file = writeAssembly(
      {
        Gone: { Type: 'AWS::S3::Bucket', Condition: 'Never' },
        Kept: {
          Type: 'AWS::S3::Bucket',
          Properties: { BucketName: { 'Fn::If': ['Never', 'other', { Ref: 'AWS::NoValue' }] } },
        },
      },
      { rest: { Conditions, Outputs: { Out: { Value: 'x', Condition: 'Never' } } } },
    );
    const template = readTemplate(file);
    expect(template.buckets.map(({ name }) => name)).toEqual(['test-kept']);
    expect(template.outputs).toEqual({});
  });

  it.each([
    ['an unknown function', { 'Fn::Cidr': ['10.0.0.0/8'] }, /Fn::Cidr is not known/],
    ['an unknown reference', { Ref: 'Missing' }, /refers to Missing/],
    [
      'an unknown attribute',
      { 'Fn::GetAtt': ['Bucket', 'WebsiteURL'] },
      /attribute WebsiteURL of AWS::S3::Bucket Bucket/,
    ],
    ['a parameter without default', { Ref: 'Bare' }, /Bare has no default/],
  ])('refuses %s', (_, value, message) => {
    const rest = { Parameters: { Bare: { Type: 'String' } } };
    expect(() => outputs({ Out: value }, { Bucket: { Type: 'AWS::S3::Bucket' } }, rest)).toThrow(message);
  });

  it('refuses circular references', () => {
    const named = (other: string) => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName: { Ref: other } } });
    expect(() => readTemplate(writeAssembly({ A: named('B'), B: named('A') }))).toThrow(
      /circular reference: A -> B -> A/,
    );
  });
});

describe('storage', () => {
  const glue = {
    Type: 'AWS::Glue::Table',
    Properties: {
      TableInput: {
        Name: 'landing',
        StorageDescriptor: { Columns: [{ Name: 'id', Type: 'string', Comment: 'an id' }] },
      },
    },
  };
  const stream = (conversion: object = {}) => ({
    Type: 'AWS::KinesisFirehose::DeliveryStream',
    Properties: {
      DeliveryStreamType: 'DirectPut',
      ExtendedS3DestinationConfiguration: {
        BucketARN: { 'Fn::GetAtt': ['Bucket', 'Arn'] },
        RoleARN: { 'Fn::GetAtt': ['Role', 'Arn'] },
        Prefix: 'landing/!{timestamp:yyyy}/',
        ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/',
        FileExtension: '.parquet',
        CloudWatchLoggingOptions: { Enabled: true, LogGroupName: { Ref: 'Logs' }, LogStreamName: { Ref: 'LogStream' } },
        DataFormatConversionConfiguration: {
          Enabled: true,
          OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'GZIP' } } },
          SchemaConfiguration: {
            TableName: { Ref: 'Glue' },
            DatabaseName: 'db',
            Region: { Ref: 'AWS::Region' },
            CatalogId: { Ref: 'AWS::AccountId' },
          },
          ...conversion,
        },
      },
    },
  });
  const logging = {
    Logs: { Type: 'AWS::Logs::LogGroup' },
    LogStream: { Type: 'AWS::Logs::LogStream', Properties: { LogGroupName: { Ref: 'Logs' } } },
  };

  it('reads tables with their streams', () => {
    const { tables } = readTemplate(writeAssembly({ Events: table }));
    expect(tables).toEqual([
      {
        name: 'Test-Events',
        arn: 'arn:aws:dynamodb:us-east-1:000000000000:table/Test-Events',
        streamArn: expect.stringMatching(/table\/Test-Events\/stream\//),
        keySchema: table.Properties.KeySchema,
        attributeDefinitions: table.Properties.AttributeDefinitions,
      },
    ]);
  });

  it('reads a bucket with the statements of its policy', () => {
    const { buckets } = readTemplate(
      writeAssembly({
        Bucket: { Type: 'AWS::S3::Bucket' },
        Policy: {
          Type: 'AWS::S3::BucketPolicy',
          Properties: {
            Bucket: { Ref: 'Bucket' },
            PolicyDocument: {
              Statement: [
                {
                  Effect: 'Deny',
                  Principal: '*',
                  Action: 's3:DeleteObject',
                  Resource: { 'Fn::Sub': `\${Bucket.Arn}/*` },
                },
              ],
            },
          },
        },
      }),
    );
    expect(buckets).toEqual([
      {
        name: 'test-bucket',
        versioned: false,
        lifecycle: [],
        policy: [
          { Effect: 'Deny', Principal: '*', Action: ['s3:DeleteObject'], Resource: ['arn:aws:s3:::test-bucket/*'] },
        ],
      },
    ]);
  });

  it('keeps bucket names within what S3 takes', () => {
    const id = `Bucket${'Long'.repeat(20)}ABCD1234`;
    const [bucket] = readTemplate(writeAssembly({ [id]: { Type: 'AWS::S3::Bucket' } })).buckets;
    expect(bucket?.name).toMatch(/^[a-z0-9-]{3,63}$/);
    expect(bucket?.name).toMatch(/abcd1234$/);
  });

  it('reads a delivery stream with the columns of its table', () => {
    const { deliveryStreams, principals } = readTemplate(
      writeAssembly({ Bucket: { Type: 'AWS::S3::Bucket' }, Role: role(), Glue: glue, Stream: stream(), ...logging }),
    );
    expect(deliveryStreams).toEqual([
      {
        name: 'Test-Stream',
        arn: 'arn:aws:firehose:us-east-1:000000000000:deliverystream/Test-Stream',
        bucket: 'test-bucket',
        prefix: 'landing/!{timestamp:yyyy}/',
        errorPrefix: 'errors/!{firehose:error-output-type}/',
        fileExtension: '.parquet',
        compression: 'GZIP',
        columns: [{ name: 'id', type: 'string' }],
        glue: { region: 'us-east-1', account: '000000000000', database: 'db', table: 'landing' },
        logGroupArn: 'arn:aws:logs:us-east-1:000000000000:log-group:Test-Logs:*',
        logStream: 'Test-LogStream',
        role: principals[0],
      },
    ]);
  });

  it('refuses a stream that converts to something else', () => {
    const orc = { OutputFormatConfiguration: { Serializer: { OrcSerDe: {} } } };
    expect(() =>
      readTemplate(
        writeAssembly({
          Bucket: { Type: 'AWS::S3::Bucket' },
          Role: role(),
          Glue: glue,
          Stream: stream(orc),
          ...logging,
        }),
      ),
    ).toThrow(/DeliveryStream Stream can't be run locally: .*OrcSerDe/);
  });
});

describe('what starts functions', () => {
  const base = { Role: role(), Fn: lambda() };
  const api = { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'x', ProtocolType: 'HTTP' } };
  const integration = {
    Type: 'AWS::ApiGatewayV2::Integration',
    Properties: {
      ApiId: { Ref: 'Api' },
      IntegrationType: 'AWS_PROXY',
      IntegrationUri: { 'Fn::GetAtt': ['Fn', 'Arn'] },
      PayloadFormatVersion: '2.0',
      TimeoutInMillis: 29_000,
    },
  };
  const route = (properties: object = {}) => ({
    Type: 'AWS::ApiGatewayV2::Route',
    Properties: {
      ApiId: { Ref: 'Api' },
      RouteKey: 'GET /v1/{id}',
      Target: { 'Fn::Join': ['', ['integrations/', { Ref: 'Integration' }]] },
      ...properties,
    },
  });

  it('reads routes', () => {
    const template = readTemplate(
      writeAssembly({ ...base, Api: api, Integration: integration, Route: route() }, { bundles }),
    );
    expect(template.routes).toEqual([{ routeKey: 'GET /v1/{id}', functionId: 'Fn', timeoutMs: 29_000 }]);
    expect(template.apiId).toMatch(/^[0-9a-f]{10}$/);
  });

  it('refuses authorizers', () => {
    const resources = {
      ...base,
      Api: api,
      Integration: integration,
      Route: route({ AuthorizationType: 'JWT', AuthorizerId: 'a' }),
    };
    expect(() => readTemplate(writeAssembly(resources, { bundles }))).toThrow(/Route Route .*AuthorizerId/);
  });

  it('reads event source mappings', () => {
    const mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        FunctionName: { Ref: 'Fn' },
        EventSourceArn: { 'Fn::GetAtt': ['Events', 'StreamArn'] },
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 500,
        MaximumBatchingWindowInSeconds: 5,
        BisectBatchOnFunctionError: true,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        MaximumRetryAttempts: 3,
        MaximumRecordAgeInSeconds: 3600,
        ParallelizationFactor: 4,
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['Bucket', 'Arn'] } } },
      },
    };
    const resources = { ...base, Events: table, Bucket: { Type: 'AWS::S3::Bucket' }, Mapping: mapping };
    const template = readTemplate(writeAssembly(resources, { bundles }));
    expect(template.eventSources).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/),
        functionId: 'Fn',
        streamArn: template.tables[0]?.streamArn,
        batchSize: 500,
        batchingWindowSeconds: 5,
        filters: [{ eventName: ['INSERT'] }],
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        retryAttempts: 3,
        maxRecordAgeSeconds: 3600,
        failureBucket: 'test-bucket',
      },
    ]);
  });

  it('reads schedules and leaves disabled ones out', () => {
    const schedule = (properties: object) => ({
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: { Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, Input: '{"a":1}' },
        ...properties,
      },
    });
    const resources = { ...base, Tick: schedule({}), Off: schedule({ State: 'DISABLED' }) };
    const { schedules, principals } = readTemplate(writeAssembly(resources, { bundles }));
    expect(schedules).toEqual([
      {
        id: 'Tick',
        arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/Test-Tick',
        expression: 'rate(1 minute)',
        functionId: 'Fn',
        input: '{"a":1}',
        role: principals[0],
      },
    ]);
    const elsewhere = { ...base, Tick: schedule({ ScheduleExpressionTimezone: 'Europe/Berlin' }) };
    expect(() => readTemplate(writeAssembly(elsewhere, { bundles }))).toThrow(
      /Schedule Tick .*ScheduleExpressionTimezone/,
    );
  });
});

it('says which file can not be read', () => {
  const dir = tempDir();
  const file = join(dir, 'Broken.template.json');
  expect(() => readTemplate(file)).toThrow(TemplateError);
  writeFileSync(file, '{"Resources":[]}');
  expect(() => readTemplate(file)).toThrow(/Broken\.template\.json is not a CloudFormation template/);
  writeFileSync(file, '{"Resources":{}}');
  expect(() => readTemplate(file)).toThrow(/Broken\.assets\.json can't be read as an asset manifest/);
});
