import { describe, expect, it } from 'vitest';
import { bare, list, resourcesOf, synthesizeTemplate, type Template, written } from './synthesized.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

const template = synthesizeTemplate();
const roles = rolesOf(template);

function rolesOf(one: Template): (readonly [string, Statement[]])[] {
  return resourcesOf(one, 'AWS::IAM::Role').map(
    ([
      id,
      {
        Properties: { Policies },
      },
    ]) => {
      const statements = Policies.flatMap(({ PolicyDocument }: { PolicyDocument: { Statement: Statement[] } }) =>
        list(PolicyDocument.Statement),
      );
      return [bare(id), statements] as const;
    },
  );
}

/** Every single permission, as `action on resource`. */
function permissions(statements: readonly Statement[]): string[] {
  return statements
    .flatMap(({ Action, Resource, Condition }) =>
      list(Action).flatMap((action) =>
        list(Resource).map(
          (one) => `${action} on ${written(one)}${Condition ? ` if ${JSON.stringify(Condition)}` : ''}`,
        ),
      ),
    )
    .sort();
}

const EVENTS = '{EventStoreEvents.Arn}';
const CONTROL = '{EventStoreControl.Arn}';
const PARAMETERS = 'arn:{AWS::Partition}:ssm:{AWS::Region}:{AWS::AccountId}:parameter/annals/prod/connections/*';
const GLUE = 'arn:{AWS::Partition}:glue:{AWS::Region}:{AWS::AccountId}';
const logs = (name: string, construct = 'Functions') => [
  `logs:CreateLogStream on {${construct}${name}Logs.Arn}`,
  `logs:PutLogEvents on {${construct}${name}Logs.Arn}`,
];
const only = (...partitions: string[]) =>
  JSON.stringify({
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  });
const ONLY_DAYS = only('*#days');
const ADD = [
  `dynamodb:PartiQLInsert on ${EVENTS}`,
  `dynamodb:UpdateItem on ${EVENTS} if ${ONLY_DAYS}`,
  `dynamodb:BatchGetItem on ${EVENTS}`,
];
const NOTE_USE = `dynamodb:PutItem on ${CONTROL} if ${only('key-use')}`;
const STORE = [...ADD, `dynamodb:GetItem on ${CONTROL}`];
const KEEP_RAW = ['PutObject', 'PutObjectRetention'].map((one) => `s3:${one} on {BucketsArchive.Arn}/raw/*`);
const POLL = [
  ...ADD,
  `dynamodb:GetItem on ${CONTROL} if ${only('connection')}`,
  `dynamodb:Query on ${CONTROL} if ${only('job', 'hastened')}`,
  `dynamodb:PutItem on ${CONTROL} if ${only('job')}`,
  ...KEEP_RAW,
  's3:PutObject on {BucketsFailures.Arn}/conflicts/*',
  `ssm:GetParameter on ${PARAMETERS}`,
  `ssm:PutParameter on ${PARAMETERS}`,
];

const SEALED = ['archive/*', 'plans/*', 'digests/*', 'keys/*'];

const EXPECTED: Record<string, string[]> = {
  FunctionsIngestRole: [
    ...logs('Ingest'),
    ...STORE,
    NOTE_USE,
    ...KEEP_RAW,
    's3:PutObject on {BucketsFailures.Arn}/conflicts/*',
  ],
  FunctionsWebhookRole: [
    ...logs('Webhook'),
    ...STORE,
    ...KEEP_RAW,
    's3:PutObject on {BucketsFailures.Arn}/conflicts/*',
    's3:PutObject on {BucketsFailures.Arn}/rejects/*',
    `ssm:GetParameter on ${PARAMETERS}`,
    `dynamodb:PutItem on ${CONTROL} if ${only('hastened')}`,
  ],
  FunctionsQueryRole: [
    ...logs('Query'),
    ...STORE,
    NOTE_USE,
    `dynamodb:Query on ${EVENTS}`,
    `dynamodb:Query on ${CONTROL}`,
    's3:GetObject on {BucketsArchive.Arn}/raw/*',
    'lambda:InvokeFunction on {VerificationVerifyHandler.Arn}',
    'lambda:InvokeFunction on {ExportingExportHandler.Arn}',
    `dynamodb:PutItem on ${CONTROL} if ${only('export')}`,
    's3:GetObject on {ExportingBucket.Arn}/exports/*',
  ],
  FunctionsAdminRole: [
    ...logs('Admin'),
    ...STORE,
    ...['PutItem', 'Query', 'DeleteItem'].map((one) => `dynamodb:${one} on ${CONTROL}`),
    ...['PutParameter', 'GetParameter', 'DeleteParameter'].map((one) => `ssm:${one} on ${PARAMETERS}`),
    'lambda:InvokeFunction on {PollingPollHandler.Arn}',
    'lambda:InvokeFunction on {RetentionRetainHandler.Arn}',
  ],
  FunctionsPageRole: logs('Page'),
  FunctionsDeliverRole: [
    ...logs('Deliver'),
    ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map(
      (one) => `dynamodb:${one} on {EventStoreEvents.StreamArn}`,
    ),
    'dynamodb:ListStreams on *',
    'firehose:PutRecordBatch on {LandingStream.Arn}',
    's3:PutObject on {BucketsFailures.Arn}/aws/lambda/*',
    's3:ListBucket on {BucketsFailures.Arn}',
  ],
  PollingPollRole: [...logs('Poll', 'Polling'), ...POLL],
  PollingDispatchRole: [
    ...logs('Dispatch', 'Polling'),
    `dynamodb:Query on ${CONTROL} if ${only('connection', 'job', 'hastened')}`,
    'lambda:InvokeFunction on {PollingPollHandler.Arn}',
  ],
  SealingSealRole: [
    ...logs('Seal', 'Sealing'),
    's3:GetObjectVersion on {BucketsLanding.Arn}/landing/*',
    's3:PutObjectVersionTagging on {BucketsLanding.Arn}/landing/*',
    's3:ListBucket on {BucketsLanding.Arn}',
    's3:ListBucketVersions on {BucketsLanding.Arn}',
    ...['GetObjectVersion', 'PutObject', 'PutObjectRetention'].flatMap((one) =>
      SEALED.map((prefix) => `s3:${one} on {BucketsArchive.Arn}/${prefix}`),
    ),
    `s3:ListBucketVersions on {BucketsArchive.Arn} if ${JSON.stringify({ StringLike: { 's3:prefix': SEALED } })}`,
    'kms:Sign on {SealingSigningKey.Arn}',
    'kms:GetPublicKey on {SealingSigningKey.Arn}',
  ],
  FingerprintsFingerprintRole: [
    ...logs('Fingerprint', 'Fingerprints'),
    'kms:GetPublicKey on {SealingSigningKey.Arn}',
    'kms:GetPublicKey on {ExportingSigningKey.Arn}',
  ],
  SealingScheduleRole: ['lambda:InvokeFunction on {SealingSealHandler.Arn}'],
  VerificationVerifyRole: [
    ...logs('Verify', 'Verification'),
    's3:ListBucketVersions on {BucketsArchive.Arn}',
    ...['archive/*', 'digests/*', 'keys/*', 'raw/*'].map((one) => `s3:GetObjectVersion on {BucketsArchive.Arn}/${one}`),
    'kms:GetPublicKey on {SealingSigningKey.Arn}',
    `dynamodb:GetItem on ${CONTROL} if ${only('verify')}`,
    `dynamodb:PutItem on ${CONTROL} if ${only('verify')}`,
  ],
  VerificationReconcileRole: [
    ...logs('Reconcile', 'Verification'),
    's3:ListBucketVersions on {BucketsLanding.Arn}',
    's3:GetObjectVersion on {BucketsLanding.Arn}/landing/*',
    's3:ListBucketVersions on {BucketsArchive.Arn}',
    ...['archive/*', 'digests/*'].map((one) => `s3:GetObjectVersion on {BucketsArchive.Arn}/${one}`),
    `dynamodb:Query on ${EVENTS}`,
    `dynamodb:BatchGetItem on ${EVENTS}`,
    `dynamodb:Query on ${CONTROL} if ${only('connection', 'reconcile')}`,
    `dynamodb:PutItem on ${CONTROL} if ${only('reconcile')}`,
    'firehose:PutRecordBatch on {LandingStream.Arn}',
  ],
  ReplayingReplayRole: [
    ...logs('Replay', 'Replaying'),
    ...ADD,
    's3:ListBucketVersions on {BucketsArchive.Arn}',
    ...['archive/*', 'digests/*'].map((one) => `s3:GetObjectVersion on {BucketsArchive.Arn}/${one}`),
    ...KEEP_RAW,
  ],
  RetentionRetainRole: [
    ...logs('Retain', 'Retention'),
    's3:ListBucketVersions on {BucketsArchive.Arn}',
    's3:GetObjectVersion on {BucketsArchive.Arn}/digests/*',
    ...['GetObjectRetention', 'PutObjectRetention'].flatMap((one) =>
      [...SEALED, 'raw/*'].map((prefix) => `s3:${one} on {BucketsArchive.Arn}/${prefix}`),
    ),
    ...['GetObjectLegalHold', 'PutObjectLegalHold'].flatMap((one) =>
      ['archive/*', 'raw/*'].map((prefix) => `s3:${one} on {BucketsArchive.Arn}/${prefix}`),
    ),
    `dynamodb:Query on ${CONTROL} if ${only('hold')}`,
  ],
  RetentionScheduleRole: ['lambda:InvokeFunction on {RetentionRetainHandler.Arn}'],
  ExportingExportRole: [
    ...logs('Export', 'Exporting'),
    `dynamodb:Query on ${EVENTS}`,
    `dynamodb:BatchGetItem on ${EVENTS}`,
    's3:GetObject on {BucketsArchive.Arn}/raw/*',
    ...['GetItem', 'PutItem', 'DeleteItem'].map((one) => `dynamodb:${one} on ${CONTROL} if ${only('export')}`),
    `dynamodb:Query on ${CONTROL} if ${only('export', 'connection', 'job')}`,
    's3:PutObject on {ExportingBucket.Arn}/exports/*',
    `s3:ListBucketVersions on {BucketsArchive.Arn} if ${JSON.stringify({ StringLike: { 's3:prefix': ['digests/*'] } })}`,
    's3:GetObjectVersion on {BucketsArchive.Arn}/digests/*',
    'kms:Sign on {ExportingSigningKey.Arn}',
    'kms:GetPublicKey on {ExportingSigningKey.Arn}',
  ],
  ExportingScheduleRole: ['lambda:InvokeFunction on {ExportingExportHandler.Arn}'],
  VerificationVerifyScheduleRole: ['lambda:InvokeFunction on {VerificationVerifyHandler.Arn}'],
  VerificationReconcileScheduleRole: ['lambda:InvokeFunction on {VerificationReconcileHandler.Arn}'],
  PollingScheduleRole: ['lambda:InvokeFunction on {PollingDispatchHandler.Arn}'],
  LandingStreamRole: [
    ...['AbortMultipartUpload', 'GetObject', 'PutObject'].flatMap((one) => [
      `s3:${one} on {BucketsLanding.Arn}/landing/*`,
      `s3:${one} on {BucketsLanding.Arn}/errors/*`,
    ]),
    ...['GetBucketLocation', 'ListBucket', 'ListBucketMultipartUploads'].map(
      (one) => `s3:${one} on {BucketsLanding.Arn}`,
    ),
    ...['GetTable', 'GetTableVersion', 'GetTableVersions'].flatMap((one) => [
      `glue:${one} on ${GLUE}:catalog`,
      `glue:${one} on ${GLUE}:database/{CatalogDatabase}`,
      `glue:${one} on ${GLUE}:table/{CatalogDatabase}/{CatalogLandingTable}`,
    ]),
    'logs:PutLogEvents on arn:{AWS::Partition}:logs:{AWS::Region}:{AWS::AccountId}:log-group:{LandingStreamLogs}:log-stream:{LandingStreamLogStream}',
  ],
};

describe('roles', () => {
  it('are one for each function, one for each schedule and one for Firehose', () => {
    expect(roles.map(([name]) => name).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(roles)('%s may do exactly what is listed here', (name, statements) => {
    expect(permissions(statements)).toEqual(EXPECTED[name]?.toSorted());
  });

  it.each(roles)('%s has no managed policy, and only allows', (name, statements) => {
    const [, role] = resourcesOf(template, 'AWS::IAM::Role').find(([id]) => bare(id) === name)!;
    expect(role.Properties.ManagedPolicyArns).toBeUndefined();
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
  });
});

describe('with a setting vpc', () => {
  const vpc = { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
  const within = new Map(rolesOf(synthesizeTemplate({ vpc })));
  const ENI = [
    ...['AssignPrivateIpAddresses', 'UnassignPrivateIpAddresses', 'CreateNetworkInterface', 'DeleteNetworkInterface'],
    ...['DescribeNetworkInterfaces', 'DescribeSubnets'],
  ].map((one) => `ec2:${one} on *`);

  it('there is one role more, which may join the VPC, though not by its own code', () => {
    expect([...within.keys()].sort()).toEqual([...Object.keys(EXPECTED), 'PollingPrivatePollRole'].sort());
    const statements = within.get('PollingPrivatePollRole') ?? [];
    const effect = (wanted: string) => permissions(statements.filter(({ Effect }) => Effect === wanted));
    expect(effect('Allow')).toEqual([...logs('PrivatePoll', 'Polling'), ...POLL, ...ENI].sort());
    const byItself = JSON.stringify({ Null: { 'lambda:SourceFunctionArn': 'false' } });
    expect(effect('Deny')).toEqual(ENI.map((one) => `${one} if ${byItself}`).sort());
  });

  it('polls can be started there, and the others may do what they could before', () => {
    for (const [name, statements] of within) {
      const starts = ['PollingDispatchRole', 'FunctionsAdminRole'].includes(name);
      const more = starts ? ['lambda:InvokeFunction on {PollingPrivatePollHandler.Arn}'] : [];
      const expected = EXPECTED[name];
      if (expected) expect(permissions(statements)).toEqual([...expected, ...more].sort());
    }
  });
});

// The same once more as rules, so that whoever extends the lists above is stopped by what must never be in them.
describe.each(roles)('%s', (name, statements) => {
  const single = statements.flatMap((statement) =>
    list(statement.Action).flatMap((action) =>
      list(statement.Resource).map((one) => ({ action, resource: written(one), conditions: statement.Condition })),
    ),
  );

  it('has no wildcard action, and none on every resource but the one that knows no resource', () => {
    expect(single.filter(({ action }) => action.includes('*'))).toEqual([]);
    expect(single.filter(({ action, resource }) => resource === '*' && action !== 'dynamodb:ListStreams')).toEqual([]);
  });

  it('can neither replace nor delete an event', () => {
    const changes =
      /^dynamodb:(PutItem|DeleteItem|BatchWriteItem|PartiQLDelete|PartiQLUpdate|UpdateItem|DeleteTable|UpdateTable|.*TimeToLive)$/;
    const unconditional = single.filter(
      ({ action, resource, conditions }) =>
        changes.test(action) && resource.includes('EventStoreEvents') && JSON.stringify(conditions) !== ONLY_DAYS,
    );
    expect(unconditional).toEqual([]);
  });

  it('can write nothing but its own rows of the control table, unless it is what people change it through', () => {
    const written = single.filter(
      ({ action, resource }) => /^dynamodb:(Put|Update|Delete|Batch|PartiQL)/.test(action) && resource === CONTROL,
    );
    const conditions = written.map((one) => JSON.stringify(one.conditions));
    if (name === 'FunctionsAdminRole') expect(conditions).toEqual([undefined, undefined]);
    else
      expect(['job', 'hastened', 'verify', 'reconcile', 'export', 'key-use'].map((one) => only(one))).toEqual(
        expect.arrayContaining(conditions),
      );
  });

  it('can neither delete an object nor shorten how long it is kept', () => {
    const destructive =
      /^s3:(Delete|Bypass|PutObjectRetention|PutObjectLegalHold|PutLifecycle|PutBucket|PutEncryption|PutObjectVersion|ReplicateDelete|ObjectOwner)/;
    // Without the permission to bypass it, a retention can be made longer only; this one is for what it puts.
    const puts = single.filter(({ action }) => action === 's3:PutObject').map(({ resource }) => resource);
    const isForPuts = ({ action, resource }: { action: string; resource: string }) =>
      action === 's3:PutObjectRetention' && puts.includes(resource);
    // And this one lets landing objects expire, which is what sealing is for.
    const tags = ({ action }: { action: string }) =>
      action === 's3:PutObjectVersionTagging' && name === 'SealingSealRole';
    // It keeps holds and locks, as nobody else does; of holds it may lift those that are released.
    const keeps = ({ action, resource }: { action: string; resource: string }) =>
      name === 'RetentionRetainRole' &&
      /^s3:PutObject(Retention|LegalHold)$/.test(action) &&
      resource.startsWith('{BucketsArchive.Arn}/');
    const found = single.filter((one) => destructive.test(one.action) && !isForPuts(one) && !tags(one) && !keeps(one));
    expect(found).toEqual([]);
  });
});

it('the seal reads landing, what it has written itself and its public key, and nothing else', () => {
  const [, statements = []] = roles.find(([name]) => name === 'SealingSealRole') ?? [];
  const reads = permissions(statements).filter((one) =>
    /^\w+:(Get|BatchGet|List|Query|Scan|Describe|Select|Decrypt)/.test(one),
  );
  expect(reads.map((one) => one.replace(/ if .*/, '')).sort()).toEqual(
    [
      's3:GetObjectVersion on {BucketsLanding.Arn}/landing/*',
      's3:ListBucket on {BucketsLanding.Arn}',
      's3:ListBucketVersions on {BucketsLanding.Arn}',
      ...SEALED.map((prefix) => `s3:GetObjectVersion on {BucketsArchive.Arn}/${prefix}`),
      's3:ListBucketVersions on {BucketsArchive.Arn}',
      'kms:GetPublicKey on {SealingSigningKey.Arn}',
    ].sort(),
  );
});
