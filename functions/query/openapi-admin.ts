import { MOST_FILES } from '../../shared/archive/retain/held-files.ts';
import { body, inPath, json, operation, type Paths, parameter } from './openapi-operation.ts';
import { list, object, ref, text } from './openapi-schemas.ts';

/** API keys, legal holds and connections. */
export function adminPaths(): Paths {
  return {
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
    '/v1/holds': {
      get: operation('listHolds', 'Legal holds, released ones too', {
        200: json('In the order they were made', object({ holds: list(ref('Hold')) })),
      }),
      post: operation(
        'createHold',
        'Hold all events of a span of event time in the archive, whatever becomes of their locks and retention',
        { 201: json('The hold', ref('Hold')) },
        body('HoldRequest'),
      ),
    },
    '/v1/holds/{id}': {
      get: operation(
        'getHold',
        'A hold and its sealed files, and whether each is held by now. A page may be short, or empty, before the last',
        { 200: json('The hold', { allOf: [ref('Hold'), ref('HeldFiles')] }) },
        {
          parameters: [
            inPath('id'),
            parameter('limit', { type: 'integer', minimum: 1, maximum: MOST_FILES, default: 100 }),
            parameter('cursor', text, 'next of the page before'),
          ],
        },
      ),
      delete: operation(
        'releaseHold',
        'Release a hold; it stays on record',
        { 200: json('The hold', ref('Hold')) },
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
  };
}
