import { z } from 'zod';
import { Hold, HoldRequest } from '../../shared/archive/hold.ts';
import { FilesPage } from '../../shared/archive/retain/held-files.ts';
import { Proof } from '../../shared/archive/verify/located.ts';
import { Connection, ConnectionChange, ConnectionRequest } from '../../shared/control/connections.ts';
import { KeyRecord, KeyRequest, SCOPES } from '../../shared/control/keys.ts';
import { SearchChange, SearchRequest, ShownSearch } from '../../shared/control/searches.ts';
import { ProducerEvent } from '../../shared/event/producer.ts';
import { CanonicalEvent } from '../../shared/event/schema.ts';
import { ExportRequest } from '../../shared/export/query.ts';
import { ExportRecord, PublicKey } from '../../shared/export/record.ts';
import { BackfillRequest } from '../../shared/polling/backfill.ts';
import { AILMENTS } from '../../shared/polling/health.ts';
import { BackfillProgress } from '../../shared/polling/progress.ts';
import { ConnectionTest } from '../../shared/polling/test-result.ts';
import { UNITS } from '../../shared/query/counts.ts';

export type Schema = Record<string, unknown>;

export const text: Schema = { type: 'string' };
export const ref = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
export const list = (items: Schema): Schema => ({ type: 'array', items });
export const object = (properties: Record<string, Schema>, required = Object.keys(properties)): Schema => ({
  type: 'object',
  properties,
  required,
});

/** The schemas of the API's description, those of requests generated from what checks them. */
export function schemas(): Record<string, Schema> {
  const id = list({ type: ['string', 'null'] });
  return {
    ProducerEvent: fromZod(ProducerEvent, 'input'),
    Event: fromZod(CanonicalEvent, 'output'),
    Proof: fromZod(Proof, 'output'),
    HoldRequest: fromZod(HoldRequest, 'input'),
    Hold: fromZod(Hold, 'output'),
    HeldFiles: fromZod(FilesPage, 'output'),
    KeyRequest: fromZod(KeyRequest, 'input'),
    Key: fromZod(KeyRecord.extend({ lastUsedAt: z.string().nullable() }), 'output'),
    SearchRequest: fromZod(SearchRequest, 'input'),
    SearchChange: fromZod(SearchChange, 'input'),
    Search: fromZod(ShownSearch, 'output'),
    ConnectionRequest: fromZod(ConnectionRequest, 'input'),
    ConnectionChange: fromZod(ConnectionChange, 'input'),
    // Loose, as `ConnectionWithHealth` adds to it.
    Connection: fromZod(
      Connection.extend({ paused: z.boolean().optional(), webhookPath: z.string().optional() }).loose(),
      'output',
    ),
    ConnectionTest: fromZod(ConnectionTest, 'output'),
    BackfillRequest: fromZod(BackfillRequest, 'input'),
    Backfill: fromZod(BackfillProgress, 'output'),
    ...collectingSchemas(),
    ...exportSchemas(),
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
    Counts: object(
      {
        by: { type: 'string', enum: [...UNITS] },
        from: text,
        to: text,
        counts: list(
          object({ start: text, source: text, type: { type: ['string', 'null'] }, count: { type: 'integer' } }),
        ),
        approximate: { type: 'boolean', description: 'From what is noted of days, without reading events' },
        next: { type: ['string', 'null'] },
        incomplete: list(ref('Incomplete')),
      },
      ['by', 'from', 'to', 'counts', 'approximate', 'next'],
    ),
    Me: object({
      tenant: text,
      key: object({
        id: text,
        name: text,
        scopes: list({ type: 'string', enum: [...SCOPES] }),
        sources: { oneOf: [list(text), { type: 'null' }] },
        expiresAt: { type: ['string', 'null'] },
      }),
    }),
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
    ...sourceSchemas(),
  };
}

/** Of what is known of sources. */
function sourceSchemas(): Record<string, Schema> {
  const maybe = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'null' }] });
  const day: Schema = { type: ['string', 'null'], format: 'date' };
  const door = object({ tokenInPath: { type: 'boolean', description: 'The secret is the last part of the address' } });
  return {
    Source: object({
      name: text,
      product: text,
      title: text,
      lag: { ...text, description: 'How late events come, in words' },
      vendorKeeps: { ...maybe(text), description: 'How long the vendor keeps events, in words' },
      tier: text,
      types: { ...list(text), description: 'EMM types that it can give' },
      notLogged: { ...list(text), description: 'What one would look for there and not find' },
      connecting: { ...maybe(ref('Connecting')), description: 'Null where nothing is to be connected' },
      webhook: maybe(door),
      connections: list(ref('ConnectionWithHealth')),
      firstDay: { ...day, description: 'With hot events; null where there is none, or without the scope read' },
      lastDay: day,
      typesSeen: { ...list(text), description: 'Empty without the scope read' },
    }),
    Connecting: object(
      {
        steps: { ...list(text), description: 'What has to be done at the vendor' },
        ways: {
          ...list(
            object({ label: text, fields: list(ref('ConnectingField')), isPush: { const: true } }, ['label', 'fields']),
          ),
          description: 'The usual one first; of one with isPush nothing is polled, and it has no settings',
        },
        rare: { ...list(ref('ConnectingField')), description: 'Fields that few need, whatever the way' },
        webhookHint: { ...text, description: 'What a webhook is good for beside polling, where one may be had' },
        isPrivate: { const: true, description: 'As a rule it is reached inside one’s own network' },
      },
      ['steps', 'ways', 'rare'],
    ),
    ConnectingField: object(
      {
        path: { ...text, description: 'Where its value goes in a request to POST /v1/connections' },
        label: text,
        hint: text,
        example: text,
        kind: { type: 'string', enum: ['text', 'secret', 'lines', 'number', 'list', 'flag', 'choice', 'date'] },
        options: list(object({ value: text, label: text })),
        startsOn: { const: true, description: 'A flag that is on unless said otherwise' },
        required: { const: true },
        isEither: { const: true, description: 'One of several of which one is needed' },
      },
      ['path', 'label'],
    ),
  };
}

/** Of exports. */
function exportSchemas(): Record<string, Schema> {
  const maybe: Schema = { type: ['string', 'null'] };
  const { format, query, by } = ExportRecord.shape;
  const link = { name: text, url: text, expiresAt: text };
  const sha256 = { type: 'string', description: 'Of the file as it is downloaded, in hexadecimal' };
  return {
    ExportRequest: fromZod(ExportRequest, 'input'),
    Export: object({
      id: text,
      status: { type: 'string', enum: ['queued', 'running', 'done', 'failed', 'expired'] },
      format: fromZod(format, 'output'),
      columns: { oneOf: [list(text), { type: 'null' }] },
      query: fromZod(query, 'output'),
      by: fromZod(by, 'output'),
      askedAt: text,
      startedAt: maybe,
      finishedAt: maybe,
      rows: { type: 'integer', description: 'Written so far' },
      reason: { ...maybe, description: 'Why it failed' },
      availableUntil: text,
    }),
    ExportWithLinks: {
      allOf: [
        ref('Export'),
        object(
          {
            files: list(object({ ...link, rows: { type: 'integer' }, bytes: { type: 'integer' }, sha256 })),
            manifest: object({
              ...link,
              signatureUrl: text,
              sha256,
              signature: { type: 'string', description: 'Over the manifest, RSASSA_PKCS1_V1_5_SHA_256, base64' },
            }),
            publicKey: fromZod(PublicKey, 'output'),
          },
          [],
        ),
      ],
    },
  };
}

/** Of what is told about collecting. */
function collectingSchemas(): Record<string, Schema> {
  const maybe = (type: string): Schema => ({ type: [type, 'null'] });
  const ailments = list({ type: 'string', enum: [...AILMENTS] });
  const error = object({ at: text, code: text, message: text });
  const span = { stream: text, from: text, to: text };
  return {
    CollectedInterval: object({
      ...span,
      lane: { type: 'string', enum: ['live', 'backfill'] },
      begunAt: text,
      collectedAt: maybe('string'),
      sweptUpTo: { ...maybe('string'), description: 'Up to here late arrivals were looked for' },
    }),
    Gap: object({
      ...span,
      reason: text,
      open: { type: 'boolean', description: 'It will be collected when what keeps it open is over' },
      notedAt: maybe('string'),
    }),
    StreamHealth: object({
      stream: text,
      lastRunAt: maybe('string'),
      lastSuccessAt: maybe('string'),
      lastEventAt: maybe('string'),
      collectedUpTo: { ...text, description: 'Everything up to here is stored, but for what arrives late' },
      lagSeconds: { type: 'integer' },
      failuresInARow: { type: 'integer' },
      lastError: { oneOf: [error, { type: 'null' }] },
      advice: { ...maybe('string'), description: 'What to do about the last error' },
      throttledUntil: maybe('string'),
      credentialExpiresAt: maybe('string'),
      eventsPerDay: { type: 'number' },
      late: { type: 'integer' },
      lateBeyondLag: { type: 'integer' },
      ailments,
    }),
    Health: object({
      paused: { type: 'boolean' },
      problem: { ...maybe('string'), description: 'What keeps it from being polled at all' },
      ailments,
      streams: list(ref('StreamHealth')),
    }),
    ConnectionWithHealth: {
      allOf: [ref('Connection'), object({ health: { oneOf: [ref('Health'), { type: 'null' }] } })],
    },
  };
}

function fromZod(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const {
    $schema: _,
    $defs: __,
    ...rest
  } = z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any', reused: 'inline' });
  // The one definition that is left by itself is "any JSON", recursive, and references to it would not lead there from here.
  return JSON.parse(JSON.stringify(rest), (_key, value) => (isDefinition(value) ? {} : value));
}

function isDefinition(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '$ref' in value && String(value.$ref).startsWith('#/$defs/');
}
