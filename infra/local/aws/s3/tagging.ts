import type { AwsResponse } from '../endpoint.ts';
import { readBody } from './body.ts';
import { editVersion } from './edit.ts';
import { checkObject, chooseVersion, type Exchange, versionHeader, versionIdOf } from './exchange.ts';
import { parseTagging, tagContext } from './tags.ts';
import { toXml } from './xml.ts';

/** Answers GetObjectTagging. @throws AwsError AccessDenied, NoSuchKey, NoSuchVersion, MethodNotAllowed. */
export async function getTagging(exchange: Exchange, key: string): Promise<AwsResponse> {
  await checkObject(exchange, actionFor(exchange, 'Get'), key);
  const version = chooseVersion(exchange, key, await exchange.store.versions(exchange.bucket, key));
  const Tag = Object.entries(version.tags).map(([Key, Value]) => ({ Key, Value }));
  return {
    status: 200,
    headers: versionHeader(exchange.definition, version.id),
    body: toXml('Tagging', { TagSet: { Tag } }),
  };
}

/** Answers PutObjectTagging, which replaces all tags. @throws AwsError as {@link getTagging}, and for bad tags. */
export async function putTagging(exchange: Exchange, key: string): Promise<AwsResponse> {
  const tags = parseTagging(readBody(exchange.request).bytes.toString());
  await checkObject(exchange, actionFor(exchange, 'Put'), key, tagContext(tags));
  const id = await editVersion(exchange, key, () => ({ tags }));
  return { status: 200, headers: versionHeader(exchange.definition, id) };
}

/** Answers DeleteObjectTagging. @throws AwsError as {@link getTagging}. */
export async function deleteTagging(exchange: Exchange, key: string): Promise<AwsResponse> {
  await checkObject(exchange, actionFor(exchange, 'Delete'), key);
  const id = await editVersion(exchange, key, () => ({ tags: {} }));
  return { status: 204, headers: versionHeader(exchange.definition, id) };
}

function actionFor({ request }: Exchange, verb: 'Get' | 'Put' | 'Delete'): string {
  return `s3:${verb}Object${versionIdOf(request) === undefined ? '' : 'Version'}Tagging`;
}
