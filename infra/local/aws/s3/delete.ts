import { AwsError, type AwsResponse } from '../endpoint.ts';
import { objectArn } from './access.ts';
import { readBody } from './body.ts';
import { checkBypass, type Exchange, notImplemented, versionHeader, versionIdOf } from './exchange.ts';
import { isProtected, lockedError } from './retention.ts';
import { newVersionId, type Version } from './versions.ts';
import { elementsOf, textsOf, toXml, type XmlNode } from './xml.ts';

const MAX_KEYS = 1000;

/** What a delete did; the ids are undefined in a bucket without versions. */
interface Deleted {
  /** The version that was removed, or the marker that was set. */
  readonly id: string | undefined;
  readonly isMarker: boolean;
}

/** Answers DeleteObject, with or without a version. @throws AwsError AccessDenied, also for a version that is locked. */
export async function deleteObject(exchange: Exchange, key: string): Promise<AwsResponse> {
  const { request, definition } = exchange;
  if (request.headers['if-match'] !== undefined) throw notImplemented(request, ' with the header if-match');
  const { id, isMarker } = await remove(exchange, key, versionIdOf(request));
  return {
    status: 204,
    headers: {
      ...(id !== undefined && versionHeader(definition, id)),
      ...(isMarker && { 'x-amz-delete-marker': 'true' }),
    },
  };
}

/** Answers DeleteObjects, each key on its own. @throws AwsError MalformedXML, or what {@link readBody} throws. */
export async function deleteObjects(exchange: Exchange): Promise<AwsResponse> {
  const xml = readBody(exchange.request).bytes.toString();
  const objects = elementsOf(xml, 'Object').map((one) => ({
    key: textsOf(one, 'Key')[0] ?? '',
    versionId: textsOf(one, 'VersionId')[0],
  }));
  if (objects.length === 0 || objects.length > MAX_KEYS || objects.some(({ key }) => key === ''))
    throw new AwsError('MalformedXML', `The XML you provided does not name between 1 and ${MAX_KEYS} keys`);
  const deleted: XmlNode[] = [];
  const errors: XmlNode[] = [];
  for (const { key, versionId } of objects) {
    try {
      const { id, isMarker } = await remove(exchange, key, versionId);
      deleted.push({
        Key: key,
        VersionId: versionId,
        ...(isMarker && { DeleteMarker: true, DeleteMarkerVersionId: id }),
      });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      errors.push({ Key: key, VersionId: versionId, Code: error.code, Message: error.message });
    }
  }
  const quiet = textsOf(xml, 'Quiet').includes('true');
  return { status: 200, body: toXml('DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors }) };
}

async function remove(exchange: Exchange, key: string, versionId: string | undefined): Promise<Deleted> {
  const { store, access, authorize, bucket, definition, now } = exchange;
  const resource = objectArn(bucket, key);
  if (versionId !== undefined) {
    const context = { 's3:versionid': [versionId] };
    await access.check(authorize, bucket, { action: 's3:DeleteObjectVersion', resource, context });
    const bypass = await checkBypass(exchange, key);
    return store.change(bucket, key, (versions) => {
      const version = versions.find(({ id }) => id === versionId);
      const result = { id: versionId, isMarker: version?.kind === 'marker' };
      if (version === undefined) return { versions, result };
      if (version.kind === 'object' && isProtected(version, now, bypass)) throw lockedError();
      return { versions: versions.filter((one) => one !== version), result };
    });
  }
  await access.check(authorize, bucket, { action: 's3:DeleteObject', resource });
  return store.change<Deleted>(bucket, key, (versions) => {
    if (!definition.versioned) return { versions: versions.slice(1), result: { id: undefined, isMarker: false } };
    const marker: Version = { kind: 'marker', id: newVersionId(now, versions), lastModified: now.toISOString() };
    return { versions: [marker, ...versions], result: { id: marker.id, isMarker: true } };
  });
}
