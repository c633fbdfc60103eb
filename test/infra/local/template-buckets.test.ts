import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../../infra/local/template.ts';
import { writeAssembly } from './template-support.ts';

const bucketOf = (Properties: object) => {
  const [bucket] = readTemplate(writeAssembly({ Bucket: { Type: 'AWS::S3::Bucket', Properties } })).buckets;
  return bucket;
};
const rules = (...Rules: object[]) => bucketOf({ LifecycleConfiguration: { Rules } })?.lifecycle;

describe('a bucket', () => {
  it('has versions where the template says', () => {
    expect(bucketOf({})).toMatchObject({ versioned: false });
    expect(bucketOf({ VersioningConfiguration: { Status: 'Enabled' } })).toMatchObject({ versioned: true });
  });

  it('has Object Lock with its default retention, and so versions', () => {
    expect(bucketOf({ ObjectLockEnabled: true })).toMatchObject({ versioned: true, objectLock: {} });
    const lock = (DefaultRetention: object) => ({
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
    });
    expect(bucketOf(lock({ Mode: 'GOVERNANCE', Years: 7 }))?.objectLock).toEqual({
      defaultRetention: { mode: 'GOVERNANCE', length: 7, unit: 'years' },
    });
    expect(bucketOf(lock({ Mode: 'COMPLIANCE', Days: 30 }))?.objectLock).toEqual({
      defaultRetention: { mode: 'COMPLIANCE', length: 30, unit: 'days' },
    });
    expect(() => bucketOf(lock({ Mode: 'COMPLIANCE', Days: 30, Years: 1 }))).toThrow(/not both/);
    expect(() => bucketOf({ ...lock({ Mode: 'COMPLIANCE', Days: 30 }), ObjectLockEnabled: false })).toThrow(
      /without ObjectLockEnabled/,
    );
  });

  it('has the lifecycle rules that remove or move something', () => {
    expect(
      rules(
        { Id: 'a', Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } },
        { Id: 'b', Status: 'Disabled', ExpirationInDays: 1 },
        {
          Id: 'c',
          Status: 'Enabled',
          Prefix: 'landing/',
          TagFilters: [{ Key: 'sealed', Value: 'yes' }],
          ExpirationInDays: 7,
        },
        {
          Id: 'd',
          Status: 'Enabled',
          ExpiredObjectDeleteMarker: true,
          NoncurrentVersionExpiration: { NoncurrentDays: 3, NewerNoncurrentVersions: 1 },
          Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 0 }],
        },
      ),
    ).toEqual([
      { prefix: 'landing/', tags: { sealed: 'yes' }, expirationDays: 7, expiredMarkers: false },
      {
        prefix: '',
        tags: {},
        expiredMarkers: true,
        noncurrent: { days: 3, keep: 1 },
        transition: { days: 0, storageClass: 'GLACIER_IR' },
      },
    ]);
  });

  it.each([
    [
      'a filter that is not known',
      { LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 1, ObjectSizeGreaterThan: 1 }] } },
    ],
    [
      'a storage class that nothing reads in place',
      {
        LifecycleConfiguration: {
          Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }] }],
        },
      },
    ],
    [
      'another least size of what is moved',
      { LifecycleConfiguration: { Rules: [], TransitionDefaultMinimumObjectSize: 'varies_by_storage_class' } },
    ],
    ['suspended versions', { VersioningConfiguration: { Status: 'Suspended' } }],
    ['events', { NotificationConfiguration: {} }],
    ['replication', { ReplicationConfiguration: {} }],
  ])('with %s can’t be run', (_, properties) => {
    expect(() => bucketOf(properties)).toThrow(/AWS::S3::Bucket Bucket can't be run locally/);
  });
});

describe('a key', () => {
  const KeyPolicy = {
    Statement: [
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' },
    ],
  };
  const key = (more: object = {}) => ({
    Type: 'AWS::KMS::Key',
    Properties: { KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY', KeyPolicy, Description: 'signs', ...more },
  });

  it('is read with its aliases, and other resources may name it', () => {
    const alias = (AliasName: string, TargetKeyId: object) => ({
      Type: 'AWS::KMS::Alias',
      Properties: { AliasName, TargetKeyId },
    });
    const resources = {
      Key: key(),
      Other: key({ Enabled: false }),
      One: alias('alias/one', { 'Fn::GetAtt': ['Key', 'Arn'] }),
      Two: alias('alias/two', { Ref: 'Key' }),
    };
    const rest = {
      Outputs: {
        Id: { Value: { Ref: 'Key' } },
        Arn: { Value: { 'Fn::GetAtt': ['Key', 'Arn'] } },
        Alias: { Value: { Ref: 'One' } },
      },
    };
    const file = writeAssembly(resources, { rest });
    const { keys, outputs } = readTemplate(file);
    const [id = '', other] = keys.map((one) => one.id);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(other).not.toBe(id);
    expect(keys[0]).toEqual({
      id,
      arn: `arn:aws:kms:us-east-1:000000000000:key/${id}`,
      spec: 'RSA_3072',
      description: 'signs',
      enabled: true,
      aliases: ['alias/one', 'alias/two'],
      policy: [
        { Effect: 'Allow', Action: ['kms:*'], Resource: ['*'], Principal: { AWS: 'arn:aws:iam::000000000000:root' } },
      ],
    });
    expect(keys[1]).toMatchObject({ enabled: false, aliases: [] });
    expect(outputs).toEqual({ Id: id, Arn: keys[0]?.arn, Alias: 'alias/one' });
    expect(readTemplate(file).keys).toEqual(keys);
  });

  it.each([
    ['symmetric', { KeySpec: 'SYMMETRIC_DEFAULT' }],
    ['for encryption', { KeyUsage: 'ENCRYPT_DECRYPT' }],
    ['rotated', { EnableKeyRotation: true }],
  ])('that is %s can’t be run', (_, more) => {
    expect(() => readTemplate(writeAssembly({ Key: key(more) }))).toThrow(/AWS::KMS::Key Key can't be run locally/);
  });
});

it('saved queries are passed over', () => {
  const resources = {
    Saved: { Type: 'AWS::Athena::NamedQuery' },
    Prepared: { Type: 'AWS::Athena::PreparedStatement' },
  };
  expect(readTemplate(writeAssembly(resources)).buckets).toEqual([]);
});
