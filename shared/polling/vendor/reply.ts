import type { z } from 'zod';
import { type Json, parseJson } from '../../json.ts';
import { VendorUnavailableError } from '../errors.ts';
import type { Reply } from '../poller.ts';

const SHOWN_BODY = 300;

/** A reply that was read to its end; what can't be read as JSON fails as something that may pass. */
export class VendorReply implements Reply {
  readonly status: number;
  readonly headers: Reply['headers'];
  readonly text: string;
  /** Origin and path that answered. */
  readonly #from: string;
  #parsed: { value: Json } | undefined;

  constructor(from: string, status: number, headers: Reply['headers'], text: string) {
    this.#from = from;
    this.status = status;
    this.headers = headers;
    this.text = text;
  }

  json(): Json {
    try {
      this.#parsed ??= { value: parseJson(this.text) };
      return this.#parsed.value;
    } catch (cause) {
      throw new VendorUnavailableError(`${this.#from} answered with something that is not JSON`, { cause });
    }
  }

  parse<T>(schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.json());
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
    throw new VendorUnavailableError(`${this.#from} answered with an unexpected shape${where}: ${issue?.message}`);
  }
}

/** The beginning of a reply's body on one line, without the secrets, for messages. */
export function excerpt(text: string, secrets: readonly string[]): string {
  let shown = text.slice(0, 2_000);
  for (const secret of secrets) if (secret.length >= 8) shown = shown.replaceAll(secret, '(secret)');
  return shown.replace(/\s+/g, ' ').trim().slice(0, SHOWN_BODY);
}

/** The milliseconds that a `Retry-After` header asks for: seconds or a date (RFC 9110 section 10.2.3). */
export function retryAfterMs(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value.trim())) return Number(value) * 1_000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}
