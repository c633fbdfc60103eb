import { z } from 'zod';
import type { BucketDefinition, LifecycleRule } from '../types.ts';
import { TemplateError } from './error.ts';
import { PolicyDocument, toStatement } from './policies.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

const Length = z.int().positive().optional();

const ObjectLockConfiguration = z.strictObject({
  ObjectLockEnabled: z.literal('Enabled'),
  Rule: z
    .strictObject({
      DefaultRetention: z
        .strictObject({ Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), Days: Length, Years: Length })
        .refine(({ Days, Years }) => (Days === undefined) !== (Years === undefined), 'needs Days or Years, not both'),
    })
    .optional(),
});

// Every filter must be known: one that was read past would make a rule expire more than it may.
const LifecycleRuleProperties = z.strictObject({
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().default(''),
  TagFilters: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
  ExpirationInDays: Length,
  ExpiredObjectDeleteMarker: z.boolean().default(false),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: z.int().positive(), NewerNoncurrentVersions: z.int().min(0).default(0) })
    .optional(),
  Id: ignored,
  // The one class besides the standard one that is read in place.
  Transitions: z
    .array(z.strictObject({ StorageClass: z.literal('GLACIER_IR'), TransitionInDays: z.int().min(0) }))
    .max(1)
    .default([]),
  // Uploads in parts do not exist here.
  AbortIncompleteMultipartUpload: ignored,
});

const BucketProperties = z.strictObject({
  VersioningConfiguration: z.strictObject({ Status: z.literal('Enabled') }).optional(),
  ObjectLockEnabled: z.boolean().default(false),
  ObjectLockConfiguration: ObjectLockConfiguration.optional(),
  LifecycleConfiguration: z
    .strictObject({
      Rules: z.array(LifecycleRuleProperties),
      TransitionDefaultMinimumObjectSize: z.literal('all_storage_classes_128K').optional(),
    })
    .optional(),
  AbacStatus: ignored,
  BucketEncryption: ignored,
  BucketName: ignored,
  CorsConfiguration: ignored,
  IntelligentTieringConfigurations: ignored,
  InventoryConfigurations: ignored,
  LoggingConfiguration: ignored,
  MetricsConfigurations: ignored,
  OwnershipControls: ignored,
  PublicAccessBlockConfiguration: ignored,
  Tags: ignored,
});

const BucketPolicyProperties = z.object({ Bucket: z.string(), PolicyDocument });

/** @throws TemplateError for a bucket that sends events, is replicated, or is otherwise more than is known here. */
export function readBuckets(resources: Resources): BucketDefinition[] {
  const policies = resources.of('AWS::S3::BucketPolicy').map((one) => parseProperties(BucketPolicyProperties, one));
  return resources.of('AWS::S3::Bucket').map((resource) => {
    const { ref } = resource.identity;
    const properties = parseProperties(BucketProperties, resource);
    const { VersioningConfiguration, ObjectLockEnabled, ObjectLockConfiguration: lock } = properties;
    if (lock !== undefined && !ObjectLockEnabled)
      throw new TemplateError(`${resource.id} has an ObjectLockConfiguration without ObjectLockEnabled`);
    const retention = lock?.Rule?.DefaultRetention;
    const rules = (properties.LifecycleConfiguration?.Rules ?? []).filter(({ Status }) => Status === 'Enabled');
    return {
      name: ref,
      versioned: VersioningConfiguration !== undefined || ObjectLockEnabled,
      ...(ObjectLockEnabled && {
        objectLock: retention === undefined ? {} : { defaultRetention: toDefault(retention) },
      }),
      lifecycle: rules.map(toRule).filter(doesSomething),
      policy: policies
        .filter(({ Bucket }) => Bucket === ref)
        .flatMap(({ PolicyDocument: { Statement } }) =>
          Statement.map((one) => ({ ...toStatement(one), Principal: one.Principal })),
        ),
    };
  });
}

type Retention = NonNullable<NonNullable<z.infer<typeof ObjectLockConfiguration>['Rule']>['DefaultRetention']>;

function toDefault({ Mode, Days, Years }: Retention) {
  return Years === undefined
    ? ({ mode: Mode, length: Days ?? 0, unit: 'days' } as const)
    : ({ mode: Mode, length: Years, unit: 'years' } as const);
}

function doesSomething({ expirationDays, expiredMarkers, noncurrent, transition }: LifecycleRule): boolean {
  return expirationDays !== undefined || expiredMarkers || noncurrent !== undefined || transition !== undefined;
}

function toRule(rule: z.infer<typeof LifecycleRuleProperties>): LifecycleRule {
  const { NoncurrentVersionExpiration: noncurrent, ExpirationInDays, Transitions } = rule;
  const [transition] = Transitions;
  return {
    prefix: rule.Prefix,
    tags: Object.fromEntries(rule.TagFilters.map(({ Key, Value }) => [Key, Value])),
    expiredMarkers: rule.ExpiredObjectDeleteMarker,
    ...(ExpirationInDays !== undefined && { expirationDays: ExpirationInDays }),
    ...(noncurrent !== undefined && {
      noncurrent: { days: noncurrent.NoncurrentDays, keep: noncurrent.NewerNoncurrentVersions },
    }),
    ...(transition !== undefined && {
      transition: { days: transition.TransitionInDays, storageClass: transition.StorageClass },
    }),
  };
}
