import { z } from 'zod';
import { ConfigurationError } from '../shared/errors.ts';
import { TenantName } from '../shared/names.ts';
import { TIERS } from '../shared/retention.ts';

const fromJson = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

/** Everything the stack may tell a function; each function is given what it needs. */
const Environment = {
  EVENTS_TABLE: z.string(),
  CONTROL_TABLE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  LANDING_BUCKET: z.string(),
  FAILURES_BUCKET: z.string(),
  DELIVERY_STREAM: z.string(),
  /** Names of the functions that poll; the private one is empty where the deployment has no VPC. */
  POLL_FUNCTION: z.string(),
  PRIVATE_POLL_FUNCTION: z.string(),
  /** The KMS key that digests are signed with, and the function that verifies them. */
  SIGNING_KEY: z.string(),
  VERIFY_FUNCTION: z.string(),
  /** Where exports lie, and the function that makes them. */
  EXPORTS_BUCKET: z.string(),
  EXPORT_FUNCTION: z.string(),
  RETAIN_FUNCTION: z.string(),
  /** How objects of the archive are locked, and whether that is renewed before it is over. */
  ARCHIVE_LOCK: fromJson(
    z.strictObject({ mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), years: z.int().min(1), renewed: z.boolean() }),
  ),
  /** By tenant, the years that sealed files are kept; those of others are kept for good. */
  ARCHIVE_RETENTION: fromJson(z.record(TenantName, z.int().min(1))),
  /** Of SSM parameter names, with a slash at both ends. */
  SECRET_PREFIX: z.string().regex(/^\/.*\/$/),
  /** The deployment's default tenant. */
  TENANT: TenantName,
  /** Partitions per source and day, `default` for the others. */
  SHARDS: fromJson(z.record(z.string(), z.number().int().min(1).max(64))),
  /** Retention tiers by source, where they differ from the source's own. */
  TIERS: fromJson(z.record(z.string(), z.enum(TIERS))),
} as const;

type Values = { readonly [Name in keyof typeof Environment]: z.output<(typeof Environment)[Name]> };

/**
 * A value that the stack gave this function.
 *
 * @throws ConfigurationError when it is missing or malformed.
 */
export function environment<Name extends keyof Values>(name: Name): Values[Name] {
  const parsed = Environment[name].safeParse(process.env[name]);
  if (parsed.success) return parsed.data as Values[Name];
  throw new ConfigurationError(
    `environment variable ${name} is missing or malformed: ${parsed.error.issues[0]?.message}`,
  );
}
