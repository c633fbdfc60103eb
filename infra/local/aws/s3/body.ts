import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { AwsError, type AwsRequest } from '../endpoint.ts';
import { decodeChunked } from './chunked.ts';

const CHECKSUMS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  'x-amz-checksum-crc32': (bytes) => {
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(bytes));
    return sum;
  },
  'x-amz-checksum-sha1': (bytes) => createHash('sha1').update(bytes).digest(),
  'x-amz-checksum-sha256': (bytes) => createHash('sha256').update(bytes).digest(),
};
const NOT_A_CHECKSUM = new Set(['x-amz-checksum-mode', 'x-amz-checksum-type', 'x-amz-checksum-algorithm']);

/** A body that arrived whole: its bytes, its MD5 in hexadecimal, and the checksum headers that were sent with it. */
export interface CheckedBody {
  readonly bytes: Buffer;
  readonly md5: string;
  readonly checksums: Readonly<Record<string, string>>;
}

/** The MD5 of an object's bytes in hexadecimal, which S3 uses as entity tag. */
export function md5Hex(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex');
}

/**
 * The body of a request without chunk framing, after every digest that was sent with it has been compared: Content-MD5,
 * x-amz-content-sha256 and x-amz-checksum-* (CRC32, SHA1, SHA256), the latter as header or as trailer.
 *
 * @throws AwsError BadDigest, XAmzContentSHA256Mismatch, IncompleteBody; NotImplemented for other checksums.
 */
export function readBody(request: AwsRequest): CheckedBody {
  const { headers } = request;
  const { bytes, trailers } = unframe(request);
  const md5 = md5Hex(bytes);
  const contentMd5 = headers['content-md5'];
  if (contentMd5 !== undefined && Buffer.from(contentMd5, 'base64').toString('hex') !== md5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');

  const sha256 = headers['x-amz-content-sha256'] ?? '';
  if (/^[0-9a-f]{64}$/.test(sha256) && sha256 !== createHash('sha256').update(bytes).digest('hex'))
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );

  const checksums: Record<string, string> = {};
  for (const [name, value] of Object.entries({ ...headers, ...trailers })) {
    if (value === undefined || !name.startsWith('x-amz-checksum-') || NOT_A_CHECKSUM.has(name)) continue;
    const compute = CHECKSUMS[name];
    if (compute === undefined)
      throw new AwsError('NotImplemented', `The local S3 knows CRC32, SHA1 and SHA256 checksums, not ${name}`, 501);
    if (compute(bytes).toString('base64') !== value)
      throw new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    checksums[name] = value;
  }
  return { bytes, md5, checksums };
}

function unframe({ headers, body }: AwsRequest): { bytes: Buffer; trailers: Record<string, string> } {
  const framed =
    headers['content-encoding']?.split(/\s*,\s*/).includes('aws-chunked') === true ||
    headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  if (!framed) return { bytes: body, trailers: {} };
  const length = headers['x-amz-decoded-content-length'];
  return decodeChunked(body, length === undefined ? undefined : Number(length));
}
