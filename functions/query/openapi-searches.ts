import { body, inPath, json, operation, type Paths } from './openapi-operation.ts';
import { list, object, ref } from './openapi-schemas.ts';

/** Searches that are kept, and exports of what they find. */
export function searchPaths(): Paths {
  return {
    '/v1/searches': {
      get: operation('listSearches', "One's own searches, shared ones, and those that come with sources", {
        200: json('By name, those that come with sources last', object({ searches: list(ref('Search')) })),
      }),
      post: operation(
        'createSearch',
        'Keep a search, private or shared with the tenant',
        { 201: json('The search', ref('Search')) },
        body('SearchRequest'),
      ),
    },
    '/v1/searches/{id}': {
      patch: operation(
        'changeSearch',
        "Change or share one's own search; with the scope admin any shared one",
        { 200: json('The search', ref('Search')) },
        { parameters: [inPath('id')], ...body('SearchChange') },
      ),
      delete: operation(
        'deleteSearch',
        "Delete one's own search; with the scope admin any shared one",
        { 204: { description: 'Deleted' } },
        { parameters: [inPath('id')] },
      ),
    },
    '/v1/exports': {
      get: operation('listExports', 'The newest exports, without links', {
        200: json('Newest first', object({ exports: list(ref('Export')) })),
      }),
      post: operation(
        'createExport',
        "A query's result as files, made in the background",
        { 202: json('The export', ref('Export')) },
        body('ExportRequest'),
      ),
    },
    '/v1/exports/{id}': {
      get: operation(
        'getExport',
        'How far an export is; when it is done, links to its files and its signed manifest',
        { 200: json('The export', ref('ExportWithLinks')) },
        { parameters: [inPath('id')] },
      ),
    },
  };
}
