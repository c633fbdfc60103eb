import { AwsError } from '../endpoint.ts';

const LINE_END = Buffer.from('\r\n');

/**
 * Takes the framing of `aws-chunked` off a body: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n` … `0\r\n`, then
 * trailing headers. See "Signature calculations for the authorization header: transferring a payload in multiple
 * chunks" in the S3 API reference. Names of trailers are in lower case.
 *
 * @throws AwsError IncompleteBody when the framing is broken or the bytes are not `decodedLength` in number.
 */
export function decodeChunked(
  body: Buffer,
  decodedLength: number | undefined,
): { bytes: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  const trailers: Record<string, string> = {};
  let at = 0;

  function line(): string {
    const end = body.indexOf(LINE_END, at);
    if (end < 0) throw incomplete('a line does not end');
    const text = body.toString('latin1', at, end);
    at = end + LINE_END.length;
    return text;
  }

  for (;;) {
    const [, hex] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line()) ?? [];
    if (hex === undefined) throw incomplete('a chunk does not begin with its size');
    const size = Number.parseInt(hex, 16);
    if (size === 0) break;
    if (at + size > body.length) throw incomplete('a chunk is cut short');
    chunks.push(body.subarray(at, at + size));
    at += size;
    if (line() !== '') throw incomplete('a chunk is longer than its size');
  }
  while (at < body.length) {
    const text = line();
    if (text === '') break;
    const colon = text.indexOf(':');
    if (colon < 1) throw incomplete('a trailer is not a header');
    trailers[text.slice(0, colon).toLowerCase()] = text.slice(colon + 1).trim();
  }
  const bytes = Buffer.concat(chunks);
  if (decodedLength !== undefined && bytes.length !== decodedLength)
    throw incomplete(`${bytes.length} bytes came where x-amz-decoded-content-length says ${decodedLength}`);
  return { bytes, trailers };
}

function incomplete(what: string): AwsError {
  return new AwsError('IncompleteBody', `The aws-chunked body can't be read: ${what}`);
}
