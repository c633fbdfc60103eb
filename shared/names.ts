import { z } from 'zod';

const LOWER_KEBAB = /^[a-z0-9][a-z0-9-]*$/;

/** Whose events these are. Part of table keys, API keys and webhook addresses, hence the narrow alphabet. */
export const TenantName = z
  .string()
  .regex(LOWER_KEBAB, 'must be lower-case letters, digits and hyphens, beginning with a letter or digit')
  .max(32);

/** A connection's name, unique within its tenant. */
export const ConnectionName = z
  .string()
  .regex(LOWER_KEBAB, 'must be lower-case letters, digits and hyphens, beginning with a letter or digit')
  .max(64);

/** A source's name as `product.log`; applications that send canonical events are `custom` or `custom.<name>`. */
export const SourceName = z
  .string()
  .regex(/^[a-z0-9_]+(\.[a-z0-9_-]+)*$/, 'must be a source name such as github.audit')
  .max(64);
