import type { BucketDefinition } from '../../types.ts';
import { AwsError } from '../endpoint.ts';
import type { ObjectVersion, Retention } from './versions.ts';

const DAY_MS = 86_400_000;

/** What S3 gives a new version that brings no retention of its own. */
export function defaultRetention({ objectLock }: BucketDefinition, now: Date): Retention | undefined {
  const rule = objectLock?.defaultRetention;
  if (rule === undefined) return undefined;
  const until = new Date(now);
  if (rule.unit === 'years') until.setUTCFullYear(until.getUTCFullYear() + rule.length);
  else until.setUTCDate(until.getUTCDate() + rule.length);
  return { mode: rule.mode, until: until.toISOString() };
}

/** Whether nobody may remove the version now; `bypass` is set for who may, and asked to, pass over governance mode. */
export function isProtected({ retention, legalHold }: ObjectVersion, now: Date, bypass: boolean): boolean {
  return legalHold === 'ON' || (isInForce(retention, now) && !(bypass && retention?.mode === 'GOVERNANCE'));
}

/**
 * A retention as it was asked for.
 *
 * @throws AwsError InvalidArgument when the mode is none, or the date none or past.
 */
export function parseRetention(mode: string, until: string, now: Date): Retention {
  if (mode !== 'GOVERNANCE' && mode !== 'COMPLIANCE') throw invalid(`Unknown wormMode directive: ${mode}`);
  const date = new Date(/^\d{4}-\d\d-\d\d/.test(until) ? until : Number.NaN);
  if (Number.isNaN(date.getTime())) throw invalid('The retain until date must be provided in ISO 8601 format');
  if (date <= now) throw invalid('The retain until date must be in the future!');
  return { mode, until: date.toISOString() };
}

/**
 * Refuses to weaken a retention that is in force: never in compliance mode, and in governance mode only with `bypass`.
 * To lengthen it is always allowed. `next` is undefined where the retention is to be taken away.
 *
 * @throws AwsError AccessDenied.
 */
export function checkRetentionChange(
  old: Retention | undefined,
  next: Retention | undefined,
  now: Date,
  bypass: boolean,
): void {
  if (old === undefined || !isInForce(old, now)) return;
  if (next?.mode === old.mode && next.until >= old.until) return;
  if (bypass && old.mode === 'GOVERNANCE') return;
  throw lockedError();
}

/** What policies can be asked about a retention that a request brings. */
export function retentionContext(retention: Retention | undefined, now: Date): Record<string, readonly string[]> {
  if (retention === undefined) return {};
  const days = Math.ceil((Date.parse(retention.until) - now.getTime()) / DAY_MS);
  return {
    's3:object-lock-mode': [retention.mode],
    's3:object-lock-retain-until-date': [retention.until],
    's3:object-lock-remaining-retention-days': [String(days)],
  };
}

export function lockedError(): AwsError {
  return new AwsError('AccessDenied', 'Access Denied because object protected by object lock.', 403);
}

/** @throws AwsError InvalidRequest when the bucket has no Object Lock. */
export function requireObjectLock({ objectLock }: BucketDefinition): void {
  if (objectLock === undefined) throw new AwsError('InvalidRequest', 'Bucket is missing Object Lock Configuration');
}

/** @throws AwsError InvalidArgument when it is neither ON nor OFF. */
export function parseLegalHold(status: string): 'ON' | 'OFF' {
  if (status === 'ON' || status === 'OFF') return status;
  throw invalid(`Legal Hold must be either of 'ON' or 'OFF', not ${status}`);
}

function isInForce(retention: Retention | undefined, now: Date): boolean {
  return retention !== undefined && Date.parse(retention.until) > now.getTime();
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidArgument', message);
}
