import { UNITS } from '../../shared/query/counts.ts';
import { ENTITIES, LISTS, MAX_LIMIT } from '../../shared/query/parameters.ts';
import { inPath, json, operation, type Paths, parameter } from './openapi-operation.ts';
import { list, object, ref, type Schema, text } from './openapi-schemas.ts';

/** Sending, finding and counting events, and what is known of their sources. */
export function eventPaths(): Paths {
  const eventBody = {
    'application/json': { schema: { oneOf: [ref('ProducerEvent'), list(ref('ProducerEvent'))] } },
    'application/x-ndjson': { schema: text },
    'application/gzip': { schema: { type: 'string', format: 'binary' } },
  };
  const page = {
    'application/json': { schema: ref('Page') },
    'application/x-ndjson': { schema: text },
    'text/csv': { schema: text },
  };
  return {
    '/v1/events': {
      get: operation(
        'listEvents',
        'Find events',
        { 200: { description: 'A page', content: page } },
        { parameters: [...filterParameters(), ...showingParameters()] },
      ),
      post: operation(
        'sendEvents',
        'Send events',
        { 202: json('Stored', ref('Accepted')) },
        {
          parameters: [
            parameter('partial', { type: 'boolean' }, 'Store the valid events and report the others'),
            parameter('connection', text, "The body holds a vendor's own events, for this connection; CSV too"),
          ],
          requestBody: { required: true, content: eventBody },
        },
      ),
    },
    '/v1/events/{id}': {
      get: operation(
        'getEvent',
        'One event, with raw',
        { 200: json('The event', ref('Event')) },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/events/{id}/proof': {
      get: operation(
        'getProof',
        'Where in the archive an event is sealed, and what the last verify said; or when it will be',
        { 200: json('The proof', ref('Proof')) },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/webhooks/{connection}': {
      post: operation(
        'receiveWebhook',
        "A vendor's webhook, signed with the connection's secret",
        { 202: json('Stored', object({ ids: list(text) })) },
        {
          parameters: [inPath('connection')],
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
          security: [],
        },
      ),
    },
    '/v1/webhooks/{connection}/{token}': {
      post: operation(
        'receiveHint',
        'A webhook of a vendor that can send neither header nor signature: the token is the secret of the connection',
        { 202: json('The connection is polled soon', object({ polling: { type: 'boolean' } })) },
        {
          parameters: [inPath('connection'), inPath('token')],
          requestBody: { required: true, content: { 'application/json': { schema: { type: 'object' } } } },
          security: [],
        },
      ),
    },
    '/v1/sources': {
      get: operation('listSources', 'Sources and what is known of them', {
        200: json('Sources', object({ sources: list(ref('Source')) })),
      }),
    },
    '/v1/coverage': {
      get: operation('getCoverage', 'The maturity matrix: sources by EMM event types', {
        200: json('The matrix', object({ sources: list(ref('Coverage')) })),
      }),
    },
    '/v1/counts': {
      get: operation(
        'countEvents',
        'Count events by day or hour, source and type; without from, those of the last 7 days',
        { 200: json('Counts, to be added to those of the answers before', ref('Counts')) },
        {
          parameters: [
            ...filterParameters(),
            parameter(
              'by',
              { type: 'string', enum: [...UNITS] },
              'By hour at most 31 days; the default goes by the range',
            ),
          ],
        },
      ),
    },
    '/v1/me': {
      get: operation('getMe', 'What the API key that asks is good for', { 200: json('The key', ref('Me')) }),
    },
  };
}

/** What `GET /v1/events` and `GET /v1/counts` both take. */
function filterParameters(): Schema[] {
  const repeatable = Object.entries(LISTS).map(([name, values]) =>
    parameter(name, list(values ? { type: 'string', enum: values } : text), 'May be repeated: any of the values'),
  );
  const entities = ENTITIES.map((name) => parameter(name, text, 'An id, name or e-mail, or kind:value'));
  return [
    ...repeatable,
    ...entities,
    parameter('q', text, 'Substring of any canonical string, any case'),
    parameter('from', text, 'Inclusive: a day, or a time with a zone'),
    parameter('to', text, 'Exclusive'),
    parameter('cursor', text, 'next of the page before'),
  ];
}

/** How events are shown. */
function showingParameters(): Schema[] {
  return [
    parameter('order', { type: 'string', enum: ['newest', 'oldest'], default: 'newest' }),
    parameter('limit', { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 100 }),
    parameter('fields', text, 'Dot paths, parted by commas; raw and raw.x too'),
    parameter('format', { type: 'string', enum: ['json', 'ndjson', 'csv'] }, 'In place of Accept'),
  ];
}
