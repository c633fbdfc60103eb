import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../infra/bundle.ts';
import { COLUMNS } from '../../shared/archive/columns.ts';
import { eventsViewSql, VIEW_COLUMNS } from '../../shared/archive/view.ts';
import { list, resource, resourcesOf, synthesizeTemplate, written } from './synthesized.ts';

const template = synthesizeTemplate();
const properties = (type: string, name: string) => resource(template, type, name).Properties;

describe('tables', () => {
  const table = (name: string) => properties('AWS::DynamoDB::GlobalTable', `EventStore${name}`);

  it('are the two, on demand, keyed by pk and sk, with no index', () => {
    expect(resourcesOf(template, 'AWS::DynamoDB::GlobalTable')).toHaveLength(2);
    for (const { KeySchema, BillingMode, GlobalSecondaryIndexes, LocalSecondaryIndexes } of [
      table('Events'),
      table('Control'),
    ]) {
      expect(KeySchema).toEqual([
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ]);
      expect(BillingMode).toBe('PAY_PER_REQUEST');
      expect(GlobalSecondaryIndexes ?? LocalSecondaryIndexes).toBeUndefined();
    }
  });

  it('can be recovered, are encrypted and protected from deletion', () => {
    for (const { Replicas, SSESpecification } of [table('Events'), table('Control')]) {
      expect(Replicas).toHaveLength(1);
      expect(Replicas[0].PointInTimeRecoverySpecification).toEqual({ PointInTimeRecoveryEnabled: true });
      expect(Replicas[0].DeletionProtectionEnabled).toBe(true);
      expect(SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    }
  });

  it('expire events by expiresAt and stream what comes in', () => {
    expect(table('Events').TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
    expect(table('Events').StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
    expect(table('Control').StreamSpecification).toBeUndefined();
    expect(table('Control').TimeToLiveSpecification).toBeUndefined();
  });
});

describe('buckets', () => {
  const names = ['BucketsLanding', 'BucketsArchive', 'BucketsFailures'];
  const policy = (name: string) => properties('AWS::S3::BucketPolicy', `${name}Policy`).PolicyDocument.Statement;

  it.each(names)('%s is private, encrypted, versioned and speaks TLS only', (name) => {
    expect(properties('AWS::S3::Bucket', name)).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(policy(name)).toContainEqual(
      expect.objectContaining({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  it('are the three, and no lifecycle rule of theirs deletes an object that is not sealed', () => {
    expect(resourcesOf(template, 'AWS::S3::Bucket')).toHaveLength(names.length + 1);
    const aborts = {
      Id: 'AbortUploads',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    };
    const rules = names.map((name) => properties('AWS::S3::Bucket', name).LifecycleConfiguration.Rules);
    const inLanding = { Prefix: 'landing/', Status: 'Enabled' };
    const expires = { ExpirationInDays: 7, NoncurrentVersionExpiration: { NoncurrentDays: 1 } };
    expect(rules).toEqual([
      [
        aborts,
        { Id: 'ExpireSealed', ...inLanding, ...expires, TagFilters: [{ Key: 'sealed', Value: 'true' }] },
        { Id: 'TidyUp', ...inLanding, ExpiredObjectDeleteMarker: true },
      ],
      [aborts],
      [aborts],
    ]);
  });

  it('and one of exports, as private, in which nothing stays longer than a week', () => {
    const { VersioningConfiguration, ...bucket } = properties('AWS::S3::Bucket', 'ExportingBucket');
    const {
      VersioningConfiguration: _,
      LifecycleConfiguration,
      ...landing
    } = properties('AWS::S3::Bucket', 'BucketsLanding');
    expect(VersioningConfiguration).toBeUndefined();
    expect(bucket).toEqual({
      ...landing,
      LifecycleConfiguration: { Rules: [{ Id: 'Expire', Status: 'Enabled', ExpirationInDays: 7 }] },
    });
    expect(policy('ExportingBucket')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });

  it('of which only the archive has Object Lock', () => {
    expect(names.map((name) => properties('AWS::S3::Bucket', name).ObjectLockEnabled)).toEqual([
      undefined,
      true,
      undefined,
    ]);
  });

  it('let the archive be written once and never deleted from', () => {
    const [, onlyNewKeys, nobodyDeletes] = policy('BucketsArchive');
    expect(onlyNewKeys).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: 's3:PutObject',
      Condition: { Null: { 's3:if-none-match': 'true' } },
    });
    expect(nobodyDeletes).toMatchObject({
      Effect: 'Deny',
      Principal: { AWS: '*' },
      Action: ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention'],
    });
    for (const { Resource } of [onlyNewKeys, nobodyDeletes]) expect(written(Resource)).toBe('{BucketsArchive.Arn}/*');
    const { StringNotEquals } = nobodyDeletes.Condition;
    expect(written(StringNotEquals['aws:PrincipalArn'])).toBe('arn:{AWS::Partition}:iam::{AWS::AccountId}:root');
  });
});

describe('catalogue', () => {
  const landing = properties('AWS::Glue::Table', 'CatalogLandingTable').TableInput;
  const view = properties('AWS::Glue::Table', 'CatalogEventsView').TableInput;
  const typesOf = (columns: { Name: string; Type: string }[]) => columns.map(({ Name, Type }) => [Name, Type]);

  it('projects the landing partitions, so that none has to be added', () => {
    expect(landing.Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.ingest_date.type': 'date',
      'projection.ingest_date.format': 'yyyy-MM-dd',
      'projection.ingest_date.range': '2024-01-01,NOW+1DAYS',
      'projection.ingest_date.interval': '1',
      'projection.ingest_date.interval.unit': 'DAYS',
    });
    expect(written(landing.Parameters['storage.location.template'])).toBe(
      `s3://{BucketsLanding}/landing/ingest_date=\${ingest_date}/`,
    );
    expect(landing.PartitionKeys).toMatchObject([{ Name: 'ingest_date', Type: 'string' }]);
    expect(written(landing.StorageDescriptor.Location)).toBe('s3://{BucketsLanding}/landing/');
    expect(typesOf(landing.StorageDescriptor.Columns)).toEqual(COLUMNS.map(({ name, type }) => [name, type]));
  });

  it('has the view events in the form in which Athena stores views', () => {
    expect(view.TableType).toBe('VIRTUAL_VIEW');
    expect(view.Parameters.presto_view).toBe('true');
    expect(typesOf(view.StorageDescriptor.Columns)).toEqual(VIEW_COLUMNS.map(({ name, type }) => [name, type]));
    const [, encoded] = /^\/\* Presto View: (\S+) \*\/$/.exec(view.ViewOriginalText) ?? [];
    const definition = JSON.parse(Buffer.from(encoded ?? '', 'base64').toString());
    expect(definition).toMatchObject({
      originalSql: eventsViewSql({ landing: '"annals_prod"."landing"', archive: '"annals_prod"."archive"' }),
      catalog: 'awsdatacatalog',
      schema: 'annals_prod',
    });
    expect(definition.columns.map(({ name }: { name: string }) => name)).toEqual(VIEW_COLUMNS.map(({ name }) => name));
    expect(definition.columns[0]).toEqual({ name: 'id', type: 'varchar' });
  });

  it('stops a query at the scan limit, whatever the client asks', () => {
    expect(properties('AWS::Athena::WorkGroup', 'CatalogWorkgroup').WorkGroupConfiguration).toMatchObject({
      BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
      EnforceWorkGroupConfiguration: true,
      ManagedQueryResultsConfiguration: { Enabled: true },
    });
  });
});

describe('way to the archive', () => {
  it('makes Parquet by day of receipt out of JSON', () => {
    const stream = properties('AWS::KinesisFirehose::DeliveryStream', 'LandingStream');
    expect(stream.DeliveryStreamEncryptionConfigurationInput).toEqual({ KeyType: 'AWS_OWNED_CMK' });
    const destination = stream.ExtendedS3DestinationConfiguration;
    expect(destination).toMatchObject({
      Prefix: 'landing/ingest_date=!{timestamp:yyyy-MM-dd}/',
      ErrorOutputPrefix: 'errors/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/',
      FileExtension: '.parquet',
      CompressionFormat: 'UNCOMPRESSED',
      CloudWatchLoggingOptions: { Enabled: true },
    });
    const conversion = destination.DataFormatConversionConfiguration;
    expect(conversion.Enabled).toBe(true);
    expect(conversion.InputFormatConfiguration).toEqual({ Deserializer: { OpenXJsonSerDe: {} } });
    expect(conversion.OutputFormatConfiguration).toEqual({ Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } });
    expect(written(conversion.SchemaConfiguration.TableName)).toBe('{CatalogLandingTable}');
    expect(written(destination.BucketARN)).toBe('{BucketsLanding.Arn}');
  });

  it('takes new events only, and sets aside what it gives up before the stream forgets it', () => {
    const mapping = properties('AWS::Lambda::EventSourceMapping', 'DeliveryMapping');
    expect(written(mapping.EventSourceArn)).toBe('{EventStoreEvents.StreamArn}');
    expect(written(mapping.FunctionName)).toBe('{FunctionsDeliverHandler}');
    expect(mapping.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) => JSON.parse(Pattern))).toEqual([
      { eventName: ['INSERT'], dynamodb: { NewImage: { codec: { S: [{ exists: true }] } } } },
    ]);
    expect(written(mapping.DestinationConfig.OnFailure.Destination)).toBe('{BucketsFailures.Arn}');
    expect(mapping).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MetricsConfig: { Metrics: ['EventCount'] },
    });
    expect(mapping.MaximumRetryAttempts).toBeGreaterThan(0);
    expect(mapping.MaximumRecordAgeInSeconds).toBeLessThanOrEqual(22 * 3600);
  });
});

describe('functions', () => {
  const functions = resourcesOf(template, 'AWS::Lambda::Function');

  it('are as many as are bundled, on arm64 and Node 24, each with a role and a JSON log of its own', () => {
    expect(functions).toHaveLength(FUNCTION_NAMES.length);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], Handler: 'index.handler' });
      expect(Properties.Environment.Variables.NODE_OPTIONS).toBe('--enable-source-maps');
      expect(Properties.LoggingConfig.LogFormat).toBe('JSON');
    }
    const distinct = (path: (properties: { Role: unknown; LoggingConfig: { LogGroup: unknown } }) => unknown) =>
      new Set(functions.map(([, { Properties }]) => written(path(Properties)))).size;
    expect(distinct(({ Role }) => Role)).toBe(FUNCTION_NAMES.length);
    expect(distinct(({ LoggingConfig }) => LoggingConfig.LogGroup)).toBe(FUNCTION_NAMES.length);
  });

  it.each([
    [
      'FunctionsIngest',
      29,
      'ARCHIVE_BUCKET ARCHIVE_LOCK CONTROL_TABLE EVENTS_TABLE FAILURES_BUCKET SHARDS TENANT TIERS',
    ],
    [
      'FunctionsWebhook',
      10,
      'ARCHIVE_BUCKET ARCHIVE_LOCK CONTROL_TABLE EVENTS_TABLE FAILURES_BUCKET SECRET_PREFIX SHARDS TENANT TIERS',
    ],
    [
      'FunctionsQuery',
      29,
      'ARCHIVE_BUCKET CONTROL_TABLE EVENTS_TABLE EXPORTS_BUCKET EXPORT_FUNCTION SHARDS TENANT TIERS VERIFY_FUNCTION',
    ],
    [
      'FunctionsAdmin',
      29,
      'ARCHIVE_BUCKET CONTROL_TABLE EVENTS_TABLE POLL_FUNCTION PRIVATE_POLL_FUNCTION RETAIN_FUNCTION SECRET_PREFIX SHARDS TENANT TIERS',
    ],
    ['FunctionsPage', 10, ''],
    ['FunctionsDeliver', 120, 'DELIVERY_STREAM'],
    ['PollingDispatch', 50, 'CONTROL_TABLE POLL_FUNCTION PRIVATE_POLL_FUNCTION'],
    ['SealingSeal', 900, 'ARCHIVE_BUCKET ARCHIVE_LOCK ARCHIVE_RETENTION LANDING_BUCKET SIGNING_KEY'],
    ['VerificationVerify', 900, 'ARCHIVE_BUCKET ARCHIVE_RETENTION CONTROL_TABLE SIGNING_KEY'],
    [
      'VerificationReconcile',
      900,
      'ARCHIVE_BUCKET ARCHIVE_RETENTION CONTROL_TABLE DELIVERY_STREAM EVENTS_TABLE LANDING_BUCKET SHARDS TENANT',
    ],
    [
      'ExportingExport',
      900,
      'ARCHIVE_BUCKET CONTROL_TABLE EVENTS_TABLE EXPORTS_BUCKET SHARDS SIGNING_KEY TENANT TIERS',
    ],
    ['RetentionRetain', 900, 'ARCHIVE_BUCKET ARCHIVE_LOCK CONTROL_TABLE'],
    ['ReplayingReplay', 900, 'ARCHIVE_BUCKET ARCHIVE_LOCK EVENTS_TABLE SHARDS TENANT'],
    [
      'PollingPoll',
      600,
      'ARCHIVE_BUCKET ARCHIVE_LOCK CONTROL_TABLE EVENTS_TABLE FAILURES_BUCKET SECRET_PREFIX SHARDS TENANT TIERS',
    ],
  ])('%s has %i seconds and is told %s', (name, timeout, told) => {
    const { Timeout, Environment } = properties('AWS::Lambda::Function', `${name}Handler`);
    expect(Timeout).toBe(timeout);
    const common = ['NODE_OPTIONS', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME', 'STAGE'];
    expect(Object.keys(Environment.Variables).sort()).toEqual(
      [...(told === '' ? [] : told.split(' ')), ...common].sort(),
    );
  });

  it('write logs that are kept for 90 days', () => {
    const groups = resourcesOf(template, 'AWS::Logs::LogGroup');
    // Those of Firehose and of the API are the two others.
    expect(groups).toHaveLength(FUNCTION_NAMES.length + 2);
    for (const [, { Properties }] of groups) expect(Properties.RetentionInDays).toBe(90);
  });
});

describe('API', () => {
  it('sends each route to its function', () => {
    const integrations = new Map(
      resourcesOf(template, 'AWS::ApiGatewayV2::Integration').map(([id, { Properties }]) => [id, Properties]),
    );
    const routes = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const [, [, { Ref }]] = Properties.Target['Fn::Join'];
      const integration = integrations.get(Ref);
      expect(integration).toMatchObject({ PayloadFormatVersion: '2.0', TimeoutInMillis: 29_000 });
      expect(Properties.AuthorizationType).toBe('NONE');
      return `${Properties.RouteKey} -> ${/Functions(\w+)Handler/.exec(written(integration.IntegrationUri))?.[1]}`;
    });
    expect(routes.sort()).toEqual([
      '$default -> Query',
      'DELETE /v1/connections/{id} -> Admin',
      'DELETE /v1/holds/{id} -> Admin',
      'DELETE /v1/keys/{id} -> Admin',
      'DELETE /v1/searches/{id} -> Admin',
      'GET / -> Page',
      'GET /assets/{file} -> Page',
      'GET /v1/connections -> Admin',
      'GET /v1/connections/{id} -> Admin',
      'GET /v1/connections/{id}/backfills -> Query',
      'GET /v1/connections/{id}/intervals -> Query',
      'GET /v1/counts -> Query',
      'GET /v1/coverage -> Query',
      'GET /v1/events -> Query',
      'GET /v1/events/{id} -> Query',
      'GET /v1/events/{id}/proof -> Query',
      'GET /v1/exports -> Query',
      'GET /v1/exports/{id} -> Query',
      'GET /v1/holds -> Admin',
      'GET /v1/holds/{id} -> Admin',
      'GET /v1/keys -> Admin',
      'GET /v1/me -> Query',
      'GET /v1/openapi.json -> Query',
      'GET /v1/searches -> Query',
      'GET /v1/sources -> Query',
      'PATCH /v1/connections/{id} -> Admin',
      'PATCH /v1/searches/{id} -> Admin',
      'POST /v1/connections -> Admin',
      'POST /v1/connections/{id}/backfill -> Admin',
      'POST /v1/connections/{id}/test -> Admin',
      'POST /v1/events -> Ingest',
      'POST /v1/exports -> Query',
      'POST /v1/holds -> Admin',
      'POST /v1/keys -> Admin',
      'POST /v1/searches -> Admin',
      'POST /v1/webhooks/{connection} -> Webhook',
      'POST /v1/webhooks/{connection}/{token} -> Webhook',
    ]);
  });

  it('is throttled and logs every request without headers or query string', () => {
    const stage = properties('AWS::ApiGatewayV2::Stage', 'ApiStage');
    expect(stage).toMatchObject({
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1000 },
    });
    const logged = Object.values(JSON.parse(stage.AccessLogSettings.Format)).join(' ');
    expect(logged).toContain('$context.status');
    expect(logged).not.toMatch(/authori|header|querystring|identity\.apiKey/i);
  });
});

it('tells people and commands what they need to know', () => {
  const outputs = Object.fromEntries(
    Object.entries(template.Outputs).map(([name, { Value }]) => [name, written(Value)]),
  );
  expect(outputs).toEqual({
    ApiUrl: '{Api.ApiEndpoint}',
    Workgroup: '{CatalogWorkgroup}',
    Database: '{CatalogDatabase}',
    LandingBucket: '{BucketsLanding}',
    ArchiveBucket: '{BucketsArchive}',
    FailuresBucket: '{BucketsFailures}',
    ExportsBucket: '{ExportingBucket}',
    ExportKey: '{ExportingSigningKey.Arn}',
    ExportKeyFingerprint: '{Fingerprintsexports.Fingerprint}',
    SigningKey: '{SealingSigningKey.Arn}',
    SigningKeyFingerprint: '{Fingerprintssigning.Fingerprint}',
    ReconcileFunction: '{VerificationReconcileHandler}',
    ReplayFunction: '{ReplayingReplayHandler}',
    DeliverFunction: '{FunctionsDeliverHandler}',
    DeliveryStream: '{LandingStream}',
    EventsTable: '{EventStoreEvents}',
    ControlTable: '{EventStoreControl}',
    AlarmTopic: '{ObservabilityTopic}',
    Stage: 'prod',
    Tenant: 'main',
  });
});

it('keeps tables, buckets and the buckets’ policies when the stack goes', () => {
  for (const type of ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy']) {
    for (const [, { DeletionPolicy, UpdateReplacePolicy }] of resourcesOf(template, type)) {
      expect([DeletionPolicy, UpdateReplacePolicy]).toEqual(['Retain', 'Retain']);
    }
  }
});

it('has nothing that CDK adds by itself: no custom resource but our own, no policy beside the roles', () => {
  const types = new Set(Object.values(template.Resources).map(({ Type }) => Type));
  expect([...types].filter((type) => /^(Custom::|AWS::CloudFormation|AWS::IAM::(Managed)?Policy)/.test(type))).toEqual([
    'Custom::KeyFingerprint',
  ]);
  for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Permission')) {
    expect(list(Properties.Principal)).toEqual(['apigateway.amazonaws.com']);
    expect(written(Properties.SourceArn)).toContain('{Api}');
  }
});
