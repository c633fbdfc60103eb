import { ENTITIES, LISTS, MAX_LIMIT } from '../../shared/query/parameters.ts';
import { list, object, ref, type Schema, schemas, text } from './openapi-schemas.ts';

type Operation = Record<string, unknown>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [member: string]: unknown;
}

let made: OpenApiDocument | undefined;

/** The API's description, OpenAPI 3.1, its schemas generated from those that check requests. */
export function openApiDocument(): OpenApiDocument {
  made ??= {
    openapi: '3.1.0',
    info: {
      title: 'Annals',
      version: '1',
      description:
        "A company's audit events, in one shape. They can be sent and queried, and never changed or deleted.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ apiKey: [] }],
    paths: paths(),
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, annals_...' } },
      schemas: schemas(),
    },
  };
  return made;
}

function paths(): OpenApiDocument['paths'] {
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
        { parameters: queryParameters() },
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
    '/v1/keys': {
      get: operation('listKeys', 'API keys, without their secrets', {
        200: json('Keys', object({ keys: list(ref('Key')) })),
      }),
      post: operation(
        'createKey',
        'Make an API key, shown this once',
        { 201: json('The key', { allOf: [ref('Key'), object({ key: text })] }) },
        body('KeyRequest'),
      ),
    },
    '/v1/keys/{id}': {
      delete: operation(
        'revokeKey',
        'Revoke an API key',
        { 204: { description: 'Revoked' } },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/connections': {
      get: operation('listConnections', 'Connections', {
        200: json('Connections', object({ connections: list(ref('Connection')) })),
      }),
      post: operation(
        'createConnection',
        'Make a connection',
        { 201: json('The connection', ref('Connection')) },
        body('ConnectionRequest'),
      ),
    },
    '/v1/connections/{id}': {
      get: operation(
        'getConnection',
        'One connection',
        { 200: json('The connection', ref('Connection')) },
        { parameters: [inPath('id')] },
      ),
      patch: operation(
        'changeConnection',
        'Change a connection or replace its secrets',
        { 200: json('The connection', ref('Connection')) },
        {
          parameters: [inPath('id')],
          ...body('ConnectionChange'),
        },
      ),
      delete: operation(
        'deleteConnection',
        'Delete a connection; its events stay',
        { 204: { description: 'Deleted' } },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/connections/{id}/test': {
      post: operation(
        'testConnection',
        'Ask the vendor for one event of each stream; says in plain words what is wrong',
        { 200: json('What came of it', ref('ConnectionTest')) },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/connections/{id}/backfill': {
      post: operation(
        'backfillConnection',
        'Collect a range of history; the same range again is the same backfill',
        { 202: json('Its backfills', object({ backfills: list(ref('Backfill')), notes: list(text) })) },
        { parameters: [inPath('id')], ...body('BackfillRequest') },
      ),
    },
    '/v1/connections/{id}/backfills': {
      get: operation(
        'listBackfills',
        'How far the backfills of a connection are',
        { 200: json('Newest first', object({ backfills: list(ref('Backfill')) })) },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/connections/{id}/intervals': {
      get: operation(
        'getIntervals',
        'What of a connection was collected in full, and every known gap',
        { 200: json('Both', object({ collected: list(ref('CollectedInterval')), gaps: list(ref('Gap')) })) },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/openapi.json': {
      get: operation(
        'getDescription',
        'This description',
        { 200: json('OpenAPI 3.1', { type: 'object' }) },
        { security: [] },
      ),
    },
  };
}

function queryParameters(): Schema[] {
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
    parameter('order', { type: 'string', enum: ['newest', 'oldest'], default: 'newest' }),
    parameter('limit', { type: 'integer', minimum: 1, maximum: MAX_LIMIT, default: 100 }),
    parameter('cursor', text, 'next of the page before'),
    parameter('fields', text, 'Dot paths, parted by commas; raw and raw.x too'),
    parameter('format', { type: 'string', enum: ['json', 'ndjson', 'csv'] }, 'In place of Accept'),
  ];
}

function operation(
  operationId: string,
  summary: string,
  responses: Record<number, unknown>,
  more: Operation = {},
): Operation {
  const problem = {
    description: 'A problem',
    content: { 'application/problem+json': { schema: ref('ProblemDocument') } },
  };
  return { operationId, summary, ...more, responses: { ...responses, default: problem } };
}

function json(description: string, schema: Schema) {
  return { description, content: { 'application/json': { schema } } };
}

function body(schema: string): Operation {
  return { requestBody: { required: true, content: { 'application/json': { schema: ref(schema) } } } };
}

function parameter(name: string, schema: Schema, description?: string): Schema {
  return { name, in: 'query', schema, ...(description !== undefined && { description }) };
}

function inPath(name: string): Schema {
  return { name, in: 'path', required: true, schema: text };
}
