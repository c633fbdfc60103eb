import { NotFoundError } from '../../shared/errors.ts';
import { isEventId } from '../../shared/event/id.ts';
import type { JsonObject } from '../../shared/json.ts';
import type { Incomplete } from '../../shared/query/coverage.ts';
import { DEFAULT_COLUMNS, toCsv } from '../../shared/query/csv.ts';
import { readCursor, writeCursor } from '../../shared/query/cursor.ts';
import { DEFAULT_FIELDS, FIELD_NAMES, needsRaw, pick } from '../../shared/query/fields.ts';
import { type Format, parseQuery } from '../../shared/query/parameters.ts';
import { asJson } from '../../shared/query/shown.ts';
import { mapLimited } from '../../shared/retry.ts';
import { type Answer, HttpError } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { withinKey } from '../http/within-key.ts';
import { eventReader } from '../services.ts';
import { findIncomplete } from './incomplete.ts';

/** A page is answered after this long with what was found until then. */
const PAGE_MS = 20_000;
const RAWS_AT_ONCE = 8;
/** API Gateway lets 10,240 bytes of headers through: these, a cursor and a few small ones fit. */
const MAX_INCOMPLETE_BYTES = 6_000;
const MAX_LINK_BYTES = 3_000;

const MEDIA_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv; charset=utf-8',
};

/** The format that a media range asks for. */
const ACCEPTED: ReadonlyMap<string, Format> = new Map([
  ['*/*', 'json'],
  ['application/*', 'json'],
  ['application/json', 'json'],
  ['text/html', 'json'],
  ['application/x-ndjson', 'ndjson'],
  ['application/ndjson', 'ndjson'],
  ['text/*', 'csv'],
  ['text/csv', 'csv'],
]);

/** `GET /v1/events` */
export async function list(request: ApiRequest): Promise<Answer> {
  const { event, key, now } = request;
  const asked = parseQuery(event.rawQueryString);
  const after = asked.cursor === undefined ? undefined : readCursor(asked.cursor, asked, key.tenant);
  const query = await withinKey(request, asked);
  const format = query.format ?? negotiate(event.headers['accept']);
  const fields = query.fields ?? (format === 'csv' ? DEFAULT_COLUMNS : DEFAULT_FIELDS);
  const withRaw = needsRaw(fields);
  const deadline = Math.min(now.getTime() + PAGE_MS, Date.now() + request.timeLeft());
  const { filter, order, limit } = query;
  const page = await eventReader().page(
    { tenant: key.tenant, filter, order, limit, after },
    { timeLeft: () => deadline - Date.now(), withRaw },
  );
  const events = await mapLimited(page.events, RAWS_AT_ONCE, (stored) => asJson(eventReader(), stored, withRaw));
  const next = page.next === undefined ? undefined : writeCursor(page.next, asked, key.tenant);
  const incomplete = await findIncomplete(key.tenant, filter, now);
  return render({ events, fields, format, next, incomplete }, event.rawQueryString);
}

/** `GET /v1/events/{id}` */
export async function show({ event, key, timeLeft }: ApiRequest): Promise<Answer> {
  const id = event.pathParameters?.['id'] ?? '';
  const stored = isEventId(id) ? await eventReader().get(key.tenant, id, timeLeft) : undefined;
  if (!stored || (key.sources && !key.sources.includes(stored.event.source))) {
    throw new NotFoundError('there is no event with this id, or it has left the hot store: the archive keeps it');
  }
  return { status: 200, body: pick(await asJson(eventReader(), stored, true), FIELD_NAMES) };
}

interface Rendering {
  readonly events: readonly JsonObject[];
  readonly fields: readonly string[];
  readonly format: Format;
  readonly next: string | undefined;
  readonly incomplete: readonly Incomplete[];
}

function render({ events, fields, format, next, incomplete }: Rendering, queryString: string): Answer {
  const headers: Record<string, string> = { 'content-type': MEDIA_TYPES[format] };
  if (next !== undefined) {
    const parameters = new URLSearchParams(queryString);
    parameters.set('cursor', next);
    const link = `</v1/events?${parameters}>; rel="next"`;
    if (link.length <= MAX_LINK_BYTES) headers['link'] = link;
    headers['annals-next'] = next;
  }
  if (format === 'json') {
    const body = {
      events: events.map((event) => pick(event, fields)),
      next: next ?? null,
      ...(incomplete.length > 0 && { incomplete }),
    };
    return { status: 200, headers, body };
  }
  if (incomplete.length > 0) headers['annals-incomplete'] = incompleteHeader(incomplete);
  const body =
    format === 'csv'
      ? toCsv(events, fields)
      : events.map((event) => `${JSON.stringify(pick(event, fields))}\n`).join('');
  return { status: 200, headers, body };
}

/** What the caller likes best, the first of several (RFC 9110, section 12.5.1); JSON when it does not say. */
function negotiate(accept = '*/*'): Format {
  const liked = accept
    .toLowerCase()
    .split(',')
    .map((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
      const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? '1';
      return { format: ACCEPTED.get(type), weight: Number(weight) };
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight);
  const format = liked.find((one) => one.format !== undefined)?.format;
  if (format) return format;
  throw new HttpError(406, 'not_acceptable', `this can be had as ${Object.values(MEDIA_TYPES).join(', ')}`);
}

/** Without the SQL, or without sources too, where that would pass what API Gateway lets through in headers. */
function incompleteHeader(incomplete: Rendering['incomplete']): string {
  const [{ hotFrom } = { hotFrom: '' }] = [...incomplete].sort((a, b) => (a.hotFrom < b.hotFrom ? 1 : -1));
  const shorter = [incomplete, incomplete.map(({ source, hotFrom }) => ({ source, hotFrom }))].map(asciiJson);
  return shorter.find((text) => text.length <= MAX_INCOMPLETE_BYTES) ?? asciiJson([{ hotFrom }]);
}

/** JSON for a header, which holds ASCII only (RFC 9110, section 5.5). */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
