import { z } from 'zod';
import { ConfigurationError } from '../shared/errors.ts';
import { SourceName, TenantName } from '../shared/names.ts';
import { TIERS } from '../shared/retention.ts';

// What CloudWatch Logs accepts as retentionInDays (PutRetentionPolicy).
const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const shards = z.int().min(1).max(64);
const certificateArn = z
  .string()
  .regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of an ACM certificate');
const hostName = z
  .string()
  .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, 'must be a host name in lower case');

/** EC2's ids are 8 hexadecimal digits, or 17 since 2018. */
const ec2Id = (kind: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be an id such as ${kind}-0123456789abcdef0`);

const SettingsSchema = z.strictObject({
  /**
   * Tells two deployments in one account apart: the stack is `Annals-<stage>`, the Athena workgroup `annals-<stage>`.
   * Another stage is another deployment, with its own tables and buckets.
   * @default 'prod'
   */
  stage: z
    .string()
    .regex(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/, 'must be 1 to 20 of a-z, 0-9 and -, starting with a letter')
    .default('prod'),
  /**
   * The tenant that commands work for when they name none.
   * @default 'main'
   */
  tenant: TenantName.default('main'),
  /**
   * How long events of a source stay in the hot store: `180d`, `365d` or `indefinite`.
   * @default - each source's own tier, as its README says
   */
  tiers: z.record(SourceName, z.enum(TIERS)).default({}),
  /**
   * Partitions that one day of a source is spread over, 1 to 64; `default` is for sources not named. One partition
   * takes 1,000 write units a second. A change counts for days not yet begun.
   * @default { default: 1 }
   */
  shards: z
    .record(SourceName, shards)
    .default({})
    .transform((counts) => ({ default: 1, ...counts })),
  /**
   * What becomes of tables and buckets when the stack is deleted. `destroy` is for trials: it takes away deletion
   * protection too. A bucket that holds objects must be emptied by hand before it can go.
   * @default 'retain'
   */
  removal: z.enum(['retain', 'destroy']).default('retain'),
  /**
   * What becomes of what is sealed. How long everything is locked, in years of 1 to 100, and how: what is locked in `governance` mode can be
   * deleted by whoever has the permission to bypass it, in `compliance` mode by nobody, the account's root included. A change
   * counts for days sealed from then on. `indefinite` locks for seven years, and again every year, so that no lock ends; it counts for
   * what is sealed already too, and a tenant's own retention then never comes to its end.
   * @default { retentionYears: 7, mode: 'governance', tenants: {}, storageClass: 'standard' }
   */
  archive: z
    .strictObject({
      retentionYears: z
        .union([z.int().min(1).max(100), z.literal('indefinite')], 'must be years, 1 to 100, or "indefinite"')
        .default(7),
      mode: z.enum(['governance', 'compliance']).default('governance'),
      /**
       * Years, 1 to 100, after which a tenant's sealed files go: counted from the newest event of a file and from its sealing,
       * whichever is later. It never shortens a lock or a legal hold: a file that has one stays until that is over as well, so
       * that with `retentionYears` `indefinite` for all, none goes.
       * @default {} - sealed files are kept for good
       */
      tenants: z.record(TenantName, z.strictObject({ retentionYears: z.int().min(1).max(100) })).default({}),
      /**
       * Where sealed files lie: `glacierInstantRetrieval` moves those of 128 KB and more there, once they are as many days old
       * as `transitionAfterDays` says (90 if absent). Athena reads them in place, for $0.03 a GB
       * (docs/athena.md).
       * @default 'standard'
       */
      storageClass: z.enum(['standard', 'glacierInstantRetrieval']).default('standard'),
      transitionAfterDays: z.int().min(1).max(36_500).optional(),
    })
    .refine(
      ({ storageClass, transitionAfterDays }) => transitionAfterDays === undefined || storageClass !== 'standard',
      {
        path: ['transitionAfterDays'],
        message: 'is of no use without "storageClass": "glacierInstantRetrieval"; remove it or set both',
      },
    )
    .prefault({}),
  /**
   * Address that alarms go to; the subscription has to be confirmed from the mail that SNS sends.
   * @default - alarms go to the topic `AlarmTopic`, which nobody listens to
   */
  alarmEmail: z.email('must be an e-mail address').optional(),
  /**
   * Host name of your own for the API, with a certificate in the stack's Region. Point the name at the output
   * `ApiDomainTarget` with a CNAME record.
   * @default - the host name that API Gateway gives
   */
  domain: z.strictObject({ name: hostName, certificateArn }).optional(),
  /**
   * Name or ARN of an IAM policy to put on every role as its permissions boundary.
   * @default - none
   */
  permissionsBoundary: z
    .string()
    .regex(
      /^([\w+=,.@-]{1,128}|arn:aws[a-z-]*:iam::(\d{12}|aws):policy\/[\w+=,.@/-]+)$/,
      'must be the name or the ARN of an IAM policy',
    )
    .optional(),
  /**
   * ARN of a KMS key for tables, buckets and the delivery stream. Its policy must let the account's IAM policies
   * decide, as that of a key made in the console does. Objects stay under the key they were written with.
   * @default - keys that AWS manages
   */
  kmsKeyArn: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f-]{36})$/,
      'must be the ARN of a KMS key, not of an alias: arn:aws:kms:<region>:<account>:key/<id>',
    )
    .optional(),
  /**
   * Tags on every resource that can carry them.
   * @default {}
   */
  tags: z
    .record(
      z.string().regex(/^(?!aws:).{1,128}$/, 'must be 1 to 128 characters and not start with aws:'),
      z.string().max(256),
    )
    .refine((tags) => Object.keys(tags).length <= 50, 'must be at most 50')
    .default({}),
  /**
   * Gigabytes (2^30 bytes) that one Athena query may scan before it is stopped.
   * @default 100
   */
  scanLimitGb: z.int().min(1).max(100_000).default(100),
  /**
   * Days that function and access logs are kept.
   * @default 90
   */
  logRetentionDays: z
    .literal(LOG_RETENTION_DAYS, `must be one of ${LOG_RETENTION_DAYS.join(', ')}, as CloudWatch Logs takes no other`)
    .default(90),
  /**
   * Requests a second that the API takes, and how many at once above that. Over it, API Gateway answers 429 without
   * invoking a function; some vendors do not send such a webhook again.
   * @default { rate: 500, burst: 1000 }
   */
  throttle: z
    .strictObject({
      rate: z.int().min(1).max(10_000).default(500),
      burst: z.int().min(1).max(5_000).default(1_000),
    })
    .prefault({}),
  /**
   * Your own network, for vendors that are only to be reached there: connections with `"network": "private"` are polled
   * by a second function inside it. What the subnets must let through is in the README.
   * @default - there are no such connections
   */
  vpc: z
    .strictObject({
      id: ec2Id('vpc'),
      // Lambda takes no more of either (VpcConfig).
      subnets: z.array(ec2Id('subnet')).min(1).max(16),
      securityGroups: z.array(ec2Id('sg')).min(1).max(5),
    })
    .optional(),
});

/** What a deployment can choose; see each property for its meaning and default. */
export type Settings = z.infer<typeof SettingsSchema>;

/**
 * Reads the settings out of the context value `annals`: the object in `cdk.json`, or the JSON text that
 * `cdk deploy -c annals='{"stage":"dev"}'` gives. Absent means all defaults.
 *
 * @throws ConfigurationError naming everything that is wrong at once; an unknown setting is wrong.
 */
export function readSettings(context: unknown): Settings {
  const result = SettingsSchema.safeParse(typeof context === 'string' ? parseJson(context) : (context ?? {}));
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap(explain);
  throw new ConfigurationError(
    `the settings in cdk.json (or -c annals=...) can't be used; correct them:\n${problems.map((one) => `- ${one}`).join('\n')}`,
    { cause: result.error },
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`-c annals=... must be a JSON object such as {"stage":"dev"}, not ${text}`, { cause });
  }
}

function explain(issue: z.core.$ZodIssue): string[] {
  const path = ['annals', ...issue.path].join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = issue.path.length === 0 ? `; settings are ${Object.keys(SettingsSchema.shape).join(', ')}` : '';
    return issue.keys.map((key) => `${path}.${key}: there is no such setting, remove it${known}`);
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${path}: ${message}`);
  return [`${path}: ${issue.message}`];
}
