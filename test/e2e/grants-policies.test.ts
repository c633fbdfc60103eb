import fc from 'fast-check';
import { describe, expect, inject, it } from 'vitest';
import { decide, isAllowed } from '../../infra/local/aws/iam.ts';
import { readTemplate } from '../../infra/local/template.ts';
import { eventId, identityOf } from '../../shared/event/id.ts';
import { SourceName, TenantName } from '../../shared/names.ts';
import { daysKey, entityKey, eventKey, firstSeenKey, shardOf } from '../../shared/store/keys.ts';

const template = readTemplate(inject('templateFile'));
const { outputs, principals, tables, buckets, keys } = template;
const events = tables.find(({ name }) => name === outputs['EventsTable'])?.arn ?? '';
const storing = /^(Functions(Ingest|Webhook|Query|Admin)|PollingPoll|ReplayingReplay)Role/;

const CHANGES = ['PutItem', 'DeleteItem', 'BatchWriteItem', 'PartiQLUpdate', 'PartiQLDelete'];
const TABLE_CHANGES = [
  'CreateTableReplica',
  'DeleteResourcePolicy',
  'DeleteTable',
  'DeleteTableReplica',
  'EnableKinesisStreamingDestination',
  'ImportTable',
  'PutResourcePolicy',
  'RestoreTableFromBackup',
  'RestoreTableToPointInTime',
  'UpdateContinuousBackups',
  'UpdateTable',
  'UpdateTimeToLive',
];
const OBJECT_CHANGES = [
  'BypassGovernanceRetention',
  'DeleteObject',
  'DeleteObjectTagging',
  'DeleteObjectVersion',
  'DeleteObjectVersionTagging',
  'ObjectOwnerOverrideToBucketOwner',
  'PutObjectAcl',
  'PutObjectLegalHold',
  'PutObjectRetention',
  'PutObjectTagging',
  'PutObjectVersionAcl',
  'PutObjectVersionTagging',
  'ReplicateDelete',
  'ReplicateObject',
];
const BUCKET_CHANGES = [
  'DeleteBucket',
  'DeleteBucketPolicy',
  'PutBucketAcl',
  'PutBucketObjectLockConfiguration',
  'PutBucketOwnershipControls',
  'PutBucketPolicy',
  'PutBucketPublicAccessBlock',
  'PutBucketVersioning',
  'PutEncryptionConfiguration',
  'PutLifecycleConfiguration',
  'PutReplicationConfiguration',
  'PutIntelligentTieringConfiguration',
  'PutAccessPointPolicy',
  'CreateAccessPoint',
  'CreateJob',
];
const SEALED_KEYS = ['archive/event_date=2026-11-01/main/2026-11-01-1.parquet', 'plans/x', 'digests/x', 'keys/x'];
const KEY_CHANGES = [
  'CancelKeyDeletion',
  'CreateGrant',
  'DeleteImportedKeyMaterial',
  'DisableKey',
  'PutKeyPolicy',
  'RetireGrant',
  'RevokeGrant',
  'ScheduleKeyDeletion',
  'UpdateAlias',
  'UpdatePrimaryRegion',
];

// Values as their makers let them through.
const tenant = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/).filter((text) => TenantName.safeParse(text).success);
const source = fc
  .oneof(fc.stringMatching(/^[a-z0-9_]{1,20}(\.[a-z0-9_-]{1,20}){0,2}$/), fc.constantFrom('days', 'entity', 'first'))
  .filter((text) => SourceName.safeParse(text).success);
const time = fc
  .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
const shards = fc.integer({ min: 1, max: 64 });
const identity = fc.record({ tenant, source, origin: fc.string(), key: fc.string() }).map((parts) => identityOf(parts));
/** Whatever a vendor or producer calls somebody, also what is made to look like a day row. */
const identifier = fc
  .tuple(fc.string({ unit: 'binary', minLength: 1, maxLength: 600 }), fc.constantFrom('', '#days', '#days#', '*#days'))
  .map(([text, end]) => `${text}${end}`.toLowerCase());

const keyOfOtherItem = fc.oneof(
  fc
    .tuple(tenant, source, time, shards, identity)
    .map(([t, s, at, count, id]) => eventKey(t, s, at.slice(0, 10), shardOf(eventId(at, id), count))),
  fc
    .tuple(tenant, identifier, time, shards, identity)
    .map(([t, name, at, count, id]) => entityKey(t, name, shardOf(eventId(at, id), count))),
  fc.tuple(tenant, source, identity).map(([t, s, id]) => firstSeenKey(t, s, id)),
);

describe.each(principals)('$name', ({ name, statements }) => {
  const may = (action: string, resource: string, leadingKeys: readonly string[] = []) =>
    isAllowed(statements, { action, resource, context: { 'dynamodb:LeadingKeys': leadingKeys } });

  it('may update day rows only if it stores events', () => {
    fc.assert(
      fc.property(tenant, (one) => {
        expect(may('dynamodb:UpdateItem', events, [daysKey(one)])).toBe(storing.test(name));
      }),
    );
  });

  it('can not update an event, a pointer or a first-seen row, whatever they are called', () => {
    fc.assert(
      fc.property(tenant, keyOfOtherItem, (one, key) => {
        expect(may('dynamodb:UpdateItem', events, [key])).toBe(false);
        // One request for both.
        expect(may('dynamodb:UpdateItem', events, [daysKey(one), key])).toBe(false);
      }),
      { numRuns: 1000 },
    );
    expect(may('dynamodb:UpdateItem', events)).toBe(false);
  });

  it('can not replace or delete an item', () => {
    fc.assert(
      fc.property(fc.oneof(keyOfOtherItem, tenant.map(daysKey)), (key) => {
        expect(CHANGES.filter((action) => may(`dynamodb:${action}`, events, [key]))).toEqual([]);
      }),
    );
  });

  it('can not change the table', () => {
    expect([...CHANGES, ...TABLE_CHANGES].filter((action) => may(`dynamodb:${action}`, events))).toEqual([]);
  });

  it.each(buckets)('can not change objects of $name, nor its rules', ({ name: bucket }) => {
    const arn = `arn:aws:s3:::${bucket}`;
    const keys = ['raw/x', 'landing/x', 'errors/x', 'conflicts/x', 'rejects/x', 'aws/lambda/x', 'x', ...SEALED_KEYS];
    const objects = keys.map((key) => `${arn}/${key}`);
    const changes = OBJECT_CHANGES.filter((action) => objects.some((one) => may(`s3:${action}`, one)));
    // What is sealed is tagged in landing, which is what lets it expire there; nothing else can be marked.
    const marks = name.startsWith('SealingSealRole') && /landing/.test(bucket) ? ['PutObjectVersionTagging'] : [];
    // A retention can be set where something is put, or made longer; only who may bypass it can make one shorter
    // (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html).
    const ofArchive = bucket === outputs['ArchiveBucket'];
    const puts = /^(SealingSeal|Functions(Ingest|Webhook)|PollingPoll|ReplayingReplay)Role/.test(name);
    // Holds and locks of what is there are kept by one function alone.
    const keeps = name.startsWith('RetentionRetainRole') ? ['PutObjectLegalHold', 'PutObjectRetention'] : [];
    const locks = ofArchive ? [...keeps, ...(puts ? ['PutObjectRetention'] : [])] : [];
    expect(changes).toEqual([...locks, ...marks]);
    expect(BUCKET_CHANGES.filter((action) => may(`s3:${action}`, arn) || may(`s3:${action}`, '*'))).toEqual([]);
  });

  it('can not take the key that digests are signed with away, and can not sign unless it seals', () => {
    for (const { arn } of keys) {
      expect(KEY_CHANGES.filter((action) => may(`kms:${action}`, arn))).toEqual([]);
      if (arn === outputs['SigningKey']) expect(may('kms:Sign', arn)).toBe(name.startsWith('SealingSealRole'));
    }
  });

  it('may do nothing outside of the services that it works with', () => {
    const services = new Set(statements.flatMap(({ Action }) => Action.map((action) => action.replace(/:.*/, ''))));
    const expected = ['dynamodb', 'firehose', 'glue', 'kms', 'lambda', 'logs', 's3', 'ssm'];
    expect([...services].filter((service) => !expected.includes(service))).toEqual([]);
  });
});

describe('The function that polls', () => {
  const role = principals.find(({ name }) => name.startsWith('PollingPollRole'));
  const control = tables.find(({ name }) => name === outputs['ControlTable'])?.arn ?? '';
  const may = (action: string, resource: string, leadingKeys: readonly string[] = []) =>
    isAllowed(role?.statements ?? [], { action, resource, context: { 'dynamodb:LeadingKeys': leadingKeys } });
  const CONTROL_ACTIONS = ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PutItem', 'UpdateItem', 'DeleteItem'];
  const REACHED: Readonly<Record<string, readonly string[]>> = {
    connection: ['GetItem'],
    job: ['Query', 'PutItem'],
    hastened: ['Query'],
  };

  it('writes nothing to the control table but its jobs, and reads no API key', () => {
    const partition = fc.oneof(
      fc.constantFrom(...Object.keys(REACHED), 'connections', 'jobs', 'job#x', 'key'),
      tenant.map((one) => `${one}#key`),
      fc.string(),
    );
    fc.assert(
      fc.property(partition, (one) => {
        const done = CONTROL_ACTIONS.filter((action) => may(`dynamodb:${action}`, control, [one]));
        // Some names are of members that every object has.
        expect(done).toEqual(Object.hasOwn(REACHED, one) ? REACHED[one] : []);
        // One request for both.
        expect(CONTROL_ACTIONS.filter((action) => may(`dynamodb:${action}`, control, [`${one}#key`, 'job']))).toEqual(
          [],
        );
      }),
    );
    expect(CONTROL_ACTIONS.filter((action) => may(`dynamodb:${action}`, control))).toEqual([]);
  });

  it("reads connections' secrets and no other parameter", () => {
    const arn = (path: string) => `arn:aws:ssm:us-east-1:000000000000:parameter/annals/${path}`;
    const ACTIONS = ['GetParameter', 'PutParameter', 'DeleteParameter', 'GetParameters', 'GetParametersByPath'];
    const done = (path: string) => ACTIONS.filter((action) => may(`ssm:${action}`, arn(path)));
    expect(done('prod/connections/main/github/0123')).toEqual(['GetParameter', 'PutParameter']);
    for (const path of [
      'prod/signing-key',
      'prod/connections',
      'prod',
      'dev/connections/main/github/0123',
      'connections/x',
    ])
      expect(done(path), path).toEqual([]);
  });
});

describe('The policy of the archive bucket', () => {
  const archive = buckets.find(({ name }) => name === outputs['ArchiveBucket']);
  const denials = (archive?.policy ?? []).map(({ Principal: _everybody, ...statement }) => statement);
  const denied = (action: string, context: Record<string, string[]> = {}, key = 'raw/x') =>
    decide(denials, {
      action,
      resource: `arn:aws:s3:::${archive?.name}/${key}`,
      context: { 'aws:SecureTransport': ['true'], ...context },
    }) === 'deny';

  it('is for everybody', () => {
    for (const { Effect, Principal } of archive?.policy ?? []) {
      expect(Effect).toBe('Deny');
      expect(Principal).toEqual({ AWS: '*' });
    }
  });

  it.each(['raw/x', ...SEALED_KEYS, 'x'])('lets nothing be written over, nor in parts, at %s', (key) => {
    expect(denied('s3:PutObject', {}, key)).toBe(true);
    // Uploads in parts and copies ask for the same, and the former can't carry the header.
    expect(denied('s3:PutObject', { 's3:ObjectCreationOperation': ['false'] }, key)).toBe(true);
    expect(denied('s3:PutObject', { 's3:if-none-match': ['*'] })).toBe(false);
  });

  it('lets nobody delete but the owner of the account', () => {
    const roots = { 'aws:PrincipalArn': ['arn:aws:iam::000000000000:root'] };
    const role = { 'aws:PrincipalArn': ['arn:aws:iam::000000000000:role/admin'] };
    for (const action of ['DeleteObject', 'DeleteObjectVersion', 'BypassGovernanceRetention']) {
      expect(denied(`s3:${action}`)).toBe(true);
      expect(denied(`s3:${action}`, role)).toBe(true);
      expect(denied(`s3:${action}`, roots)).toBe(false);
    }
  });
});
