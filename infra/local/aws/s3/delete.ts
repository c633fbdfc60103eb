import { AwsError, type AwsResponse } from '../endpoint.ts';
import { objectArn } from './access.ts';
import { readBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { textsOf, toXml } from './xml.ts';

const MAX_KEYS = 1000;

/** Answers DeleteObject. @throws AwsError AccessDenied. */
export async function deleteObject(exchange: Exchange, key: string): Promise<AwsResponse> {
  await remove(exchange, key);
  return { status: 204 };
}

/** Answers DeleteObjects, each key on its own. @throws AwsError MalformedXML, or what {@link readBody} throws. */
export async function deleteObjects(exchange: Exchange): Promise<AwsResponse> {
  const xml = readBody(exchange.request).bytes.toString();
  const keys = textsOf(xml, 'Key');
  if (keys.length === 0 || keys.length > MAX_KEYS)
    throw new AwsError('MalformedXML', `The XML you provided does not name between 1 and ${MAX_KEYS} keys`);
  const deleted: { Key: string }[] = [];
  const errors: { Key: string; Code: string; Message: string }[] = [];
  for (const key of keys) {
    try {
      await remove(exchange, key);
      deleted.push({ Key: key });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, Code: error.code, Message: error.message });
    }
  }
  const quiet = textsOf(xml, 'Quiet').includes('true');
  return { status: 200, body: toXml('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors }) };
}

async function remove({ store, access, authorize, bucket }: Exchange, key: string): Promise<void> {
  await access.check(authorize, bucket, { action: 's3:DeleteObject', resource: objectArn(bucket, key) });
  await store.remove(bucket, key);
}
