import { z } from 'zod';
import { Connection, ConnectionChange, ConnectionRequest } from '../../shared/control/connections.ts';
import { KeyRecord, KeyRequest } from '../../shared/control/keys.ts';
import { ProducerEvent } from '../../shared/event/producer.ts';
import { CanonicalEvent } from '../../shared/event/schema.ts';
import { ENTITIES, LISTS, MAX_LIMIT } from '../../shared/query/parameters.ts';

type Schema = Record<string, unknown>;
type Operation = Record<string, unknown>;

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [member: string]: unknown;
}

const text: Schema = { type: 'string' };
const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const list = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
});

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

function schemas(): Record<string, Schema> {
  const id = list({ type: ['string', 'null'] });
  return {
    ProducerEvent: fromZod(ProducerEvent, 'input'),
    Event: fromZod(CanonicalEvent, 'output'),
    KeyRequest: fromZod(KeyRequest, 'input'),
    Key: fromZod(KeyRecord, 'output'),
    ConnectionRequest: fromZod(ConnectionRequest, 'input'),
    ConnectionChange: fromZod(ConnectionChange, 'input'),
    Connection: fromZod(Connection.extend({ webhookPath: z.string().optional() }), 'output'),
    Problem: object({ index: { type: 'integer' }, path: text, message: text }, ['path', 'message']),
    ProblemDocument: {
      ...object(
        {
          type: text,
          title: text,
          status: { type: 'integer' },
          detail: text,
          requestId: text,
          problems: list(ref('Problem')),
        },
        ['type', 'title', 'status', 'detail', 'requestId'],
      ),
      description: 'RFC 9457',
    },
    Accepted: object({ ids: id, stored: { type: 'integer' }, existing: list(text), problems: list(ref('Problem')) }, [
      'ids',
      'stored',
      'existing',
    ]),
    Incomplete: object({ source: text, hotFrom: { type: 'string', format: 'date-time' }, sql: text }),
    Page: object(
      { events: list({ type: 'object' }), next: { type: ['string', 'null'] }, incomplete: list(ref('Incomplete')) },
      ['events', 'next'],
    ),
    Coverage: object({
      source: text,
      types: list(
        object({
          category: text,
          type: text,
          canGive: { type: 'boolean' },
          mapped: { type: 'boolean' },
          seen: { type: 'integer', description: 'Approximate' },
          lastSeen: { type: ['string', 'null'], format: 'date' },
        }),
      ),
    }),
    Source: object({
      name: text,
      product: text,
      title: text,
      lag: text,
      tier: text,
      types: list(text),
      connections: list(ref('Connection')),
    }),
  };
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

function fromZod(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    unrepresentable: 'any',
    reused: 'inline',
  });
  return rest;
}
