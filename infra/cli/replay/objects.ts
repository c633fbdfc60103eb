import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  PutObjectTaggingCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';

/** The tag of an object that was replayed, or dealt with by hand; its value says when. */
export const REPLAYED_TAG = 'replayed';
const GONE = new Set(['NoSuchKey', 'NoSuchVersion', 'MethodNotAllowed']);

/** Where an object lies; without a version its newest one. */
export interface Place {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
}

/** The objects under a prefix, with the time of each. */
export async function* objectsUnder(
  s3: S3Client,
  bucket: string,
  prefix: string,
): AsyncGenerator<Place & { readonly at: string }> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
    for (const { Key = '', LastModified } of Contents)
      yield { bucket, key: Key, at: LastModified?.toISOString() ?? '' };
}

export async function readText(s3: S3Client, place: Place): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand(input(place)));
  return (await Body?.transformToString()) ?? '';
}

/** Its tags; undefined when it is not there any more. */
async function tagsOf(s3: S3Client, place: Place): Promise<Map<string, string> | undefined> {
  try {
    const { TagSet = [] } = await s3.send(new GetObjectTaggingCommand(input(place)));
    return new Map(TagSet.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    if (error instanceof Error && GONE.has(error.name)) return undefined;
    throw error;
  }
}

/** When an object was replayed; `gone` when it is not there any more, undefined when it was not. */
export async function replayedAt(s3: S3Client, place: Place): Promise<string | undefined> {
  const tags = await tagsOf(s3, place);
  return tags === undefined ? 'gone' : tags.get(REPLAYED_TAG);
}

/** Marks an object; its other tags stay. */
export async function markReplayed(s3: S3Client, place: Place, now: Date): Promise<void> {
  const tags = (await tagsOf(s3, place)) ?? new Map<string, string>();
  const TagSet = [...tags.set(REPLAYED_TAG, now.toISOString())].map(([Key, Value]) => ({ Key, Value }));
  await s3.send(new PutObjectTaggingCommand({ ...input(place), Tagging: { TagSet } }));
}

function input({ bucket, key, version }: Place) {
  return { Bucket: bucket, Key: key, ...(version !== undefined && { VersionId: version }) };
}
