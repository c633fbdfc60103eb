import { adminPaths } from './openapi-admin.ts';
import { eventPaths } from './openapi-events.ts';
import { inPath, json, operation, type Paths } from './openapi-operation.ts';
import { schemas, text } from './openapi-schemas.ts';
import { searchPaths } from './openapi-searches.ts';

export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Paths;
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
    paths: { ...eventPaths(), ...searchPaths(), ...adminPaths(), ...ownPaths() },
    components: {
      securitySchemes: { apiKey: { type: 'http', scheme: 'bearer', description: 'An API key, annals_...' } },
      schemas: schemas(),
    },
  };
  return made;
}

/** What needs no key. */
function ownPaths(): Paths {
  const file = (type: string) => ({ 200: { description: 'The file', content: { [type]: { schema: text } } } });
  return {
    '/': {
      get: operation('getPage', 'The page that people look at events with', file('text/html'), { security: [] }),
    },
    '/assets/{file}': {
      get: operation('getPageFile', 'What the page is made of', file('*/*'), {
        security: [],
        parameters: [inPath('file')],
      }),
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
