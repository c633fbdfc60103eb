import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { FakeReply, FakeRequest, World } from './fake.ts';

const CLOCK_TOLERANCE_MS = 5 * 60_000;
const CREDENTIALS = /^Basic ([A-Za-z0-9+/]+={0,2})$/;
const RFC2822 = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/;

/** What Duo finds wrong with a request's signature of version 5; undefined for a good one. */
export function signatureProblem(request: FakeRequest, world: Pick<World, 'secrets' | 'now'>): FakeReply | undefined {
  const encoded = CREDENTIALS.exec(request.headers['authorization'] ?? '')?.[1];
  const [key, signature, ...more] = Buffer.from(encoded ?? '', 'base64')
    .toString('utf8')
    .split(':');
  if (!key || !signature || more.length > 0) return failure(40101, 'Missing request credentials');
  if (key !== world.secrets['integrationKey']) return failure(40102, 'Invalid integration key in request credentials');
  const date = request.headers['date'] ?? '';
  const skew = RFC2822.test(date) ? Math.abs(Date.parse(date) - world.now().getTime()) : Number.NaN;
  // Written so that a date that is none is refused, too.
  if (!(skew <= CLOCK_TOLERANCE_MS)) return failure(40105, 'Bad request timestamp');
  const expected = createHmac('sha512', world.secrets['secretKey'] ?? '')
    .update(canonical(request, date))
    .digest('hex');
  return same(signature, expected) ? undefined : failure(40103, 'Invalid signature in request credentials');
}

/** Duo's form of an error: the first three digits of the code are the status. */
export function failure(code: number, message: string, detail?: string): FakeReply {
  const body = { code, message, ...(detail !== undefined && { message_detail: detail }), stat: 'FAIL' };
  return { status: Math.floor(code / 100), body };
}

function canonical({ method, url, headers, body }: FakeRequest, date: string): string {
  const duoHeaders = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-duo-'))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}\0${value}`)
    .join('\0');
  const parameters = [...url.searchParams].map(([name, value]) => `${escaped(name)}=${escaped(value)}`).sort();
  return [
    date,
    method,
    (headers['host'] ?? url.host).toLowerCase(),
    url.pathname,
    method === 'GET' ? parameters.join('&') : '',
    sha512(body),
    sha512(duoHeaders),
  ].join('\n');
}

/** Everything but the unreserved characters of RFC 3986 section 2.3, byte by byte. */
function escaped(text: string): string {
  return [...Buffer.from(text, 'utf8')]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9._~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}
