import { AwsError, type AwsResponse } from '../endpoint.ts';
import { readBody } from './body.ts';
import { editVersion } from './edit.ts';
import { checkBypass, checkObject, chooseVersion, type Exchange } from './exchange.ts';
import {
  checkRetentionChange,
  parseLegalHold,
  parseRetention,
  requireObjectLock,
  retentionContext,
} from './retention.ts';
import type { Retention } from './versions.ts';
import { textsOf, toXml } from './xml.ts';

/** Answers GetObjectRetention. @throws AwsError AccessDenied, NoSuchObjectLockConfiguration and those of reads. */
export async function getRetention(exchange: Exchange, key: string): Promise<AwsResponse> {
  await checkObject(exchange, 's3:GetObjectRetention', key);
  requireObjectLock(exchange.definition);
  const { retention } = chooseVersion(exchange, key, await exchange.store.versions(exchange.bucket, key));
  if (retention === undefined) throw noConfiguration();
  return { status: 200, body: toXml('Retention', { Mode: retention.mode, RetainUntilDate: retention.until }) };
}

/**
 * Answers PutObjectRetention; without mode and date it takes the retention away.
 *
 * @throws AwsError AccessDenied, also where a lock in force would be weakened; InvalidArgument, MalformedXML and those
 *   of reads.
 */
export async function putRetention(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { now } = exchange;
  const retention = readRetention(readBody(exchange.request).bytes.toString(), now);
  await checkObject(exchange, 's3:PutObjectRetention', key, retentionContext(retention, now));
  const bypass = await checkBypass(exchange, key);
  requireObjectLock(exchange.definition);
  await editVersion(exchange, key, (version) => {
    checkRetentionChange(version.retention, retention, now, bypass);
    return { retention };
  });
  return { status: 200 };
}

/** Answers GetObjectLegalHold. @throws AwsError AccessDenied, NoSuchObjectLockConfiguration and those of reads. */
export async function getLegalHold(exchange: Exchange, key: string): Promise<AwsResponse> {
  await checkObject(exchange, 's3:GetObjectLegalHold', key);
  requireObjectLock(exchange.definition);
  const { legalHold } = chooseVersion(exchange, key, await exchange.store.versions(exchange.bucket, key));
  if (legalHold === undefined) throw noConfiguration();
  return { status: 200, body: toXml('LegalHold', { Status: legalHold }) };
}

/** Answers PutObjectLegalHold. @throws AwsError AccessDenied, InvalidArgument, MalformedXML and those of reads. */
export async function putLegalHold(exchange: Exchange, key: string): Promise<AwsResponse> {
  const [status] = textsOf(readBody(exchange.request).bytes.toString(), 'Status');
  if (status === undefined) throw malformed('Status');
  const legalHold = parseLegalHold(status);
  await checkObject(exchange, 's3:PutObjectLegalHold', key, { 's3:object-lock-legal-hold': [legalHold] });
  requireObjectLock(exchange.definition);
  await editVersion(exchange, key, () => ({ legalHold }));
  return { status: 200 };
}

function readRetention(xml: string, now: Date): Retention | undefined {
  if (!/<Retention[\s/>]/.test(xml)) throw malformed('Retention');
  const [mode] = textsOf(xml, 'Mode');
  const [until] = textsOf(xml, 'RetainUntilDate');
  if (mode === undefined && until === undefined) return undefined;
  if (mode === undefined || until === undefined) throw malformed('Mode and RetainUntilDate');
  return parseRetention(mode, until, now);
}

function malformed(element: string): AwsError {
  return new AwsError('MalformedXML', `The XML you provided was not well-formed: it lacks ${element}`);
}

function noConfiguration(): AwsError {
  const message = 'The specified object does not have a ObjectLock configuration';
  return new AwsError('NoSuchObjectLockConfiguration', message, 404);
}
