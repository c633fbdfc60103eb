import { AwsError } from '../endpoint.ts';
import { elementsOf, textsOf } from './xml.ts';

const MAX_TAGS = 10;
const MAX_KEY = 128;
const MAX_VALUE = 256;
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
const ALLOWED = /^[\p{L}\p{N}\p{Z}+\-=._:/@]*$/u;

export type Tags = Readonly<Record<string, string>>;

/** The tags of the header x-amz-tagging, `a=b&c=d`. @throws AwsError InvalidArgument, InvalidTag, BadRequest. */
export function parseTagHeader(header: string): Record<string, string> {
  return checked([...new URLSearchParams(header)]);
}

/** The tags of a PutObjectTagging. @throws AwsError MalformedXML, InvalidTag, BadRequest. */
export function parseTagging(xml: string): Record<string, string> {
  if (!/<TagSet(\s[^>]*)?(\/>|>)/.test(xml))
    throw new AwsError('MalformedXML', 'The XML you provided was not well-formed: it has no TagSet');
  return checked(
    elementsOf(xml, 'Tag').map((tag) => {
      const [key] = textsOf(tag, 'Key');
      if (key === undefined) throw new AwsError('MalformedXML', 'The XML you provided has a tag without a key');
      return [key, textsOf(tag, 'Value')[0] ?? ''];
    }),
  );
}

/** What policies can be asked about the tags that a request brings. */
export function tagContext(tags: Tags): Record<string, readonly string[]> {
  const context: Record<string, readonly string[]> = { 's3:RequestObjectTagKeys': Object.keys(tags) };
  for (const [key, value] of Object.entries(tags)) context[`s3:RequestObjectTag/${key}`] = [value];
  return context;
}

function checked(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  if (pairs.length > MAX_TAGS) throw new AwsError('BadRequest', `Object tags cannot be greater than ${MAX_TAGS}`);
  for (const [key, value] of pairs) {
    if (key === '' || key.length > MAX_KEY || !ALLOWED.test(key) || key.startsWith('aws:'))
      throw new AwsError('InvalidTag', `The TagKey you have provided is invalid: ${key}`);
    if (value.length > MAX_VALUE || !ALLOWED.test(value))
      throw new AwsError('InvalidTag', `The TagValue you have provided is invalid: ${value}`);
  }
  const tags = Object.fromEntries(pairs);
  if (Object.keys(tags).length < pairs.length)
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  return tags;
}
