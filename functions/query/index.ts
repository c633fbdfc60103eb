import type { Answer } from '../http/answer.ts';
import { HttpError } from '../http/answer.ts';
import { apiHandler, type OpenRequest } from '../http/api.ts';
import { authorize, keyActor, refuse } from '../http/authorize.ts';
import * as collecting from './collecting.ts';
import * as counts from './counts.ts';
import * as coverage from './coverage.ts';
import { list, show } from './events.ts';
import * as exports from './exports.ts';
import * as me from './me.ts';
import { openApiDocument } from './openapi.ts';
import { proof } from './proof.ts';
import * as searches from './searches.ts';
import * as sources from './sources.ts';

export const handler = apiHandler({
  'GET /v1/me': { scope: null, handle: me.show },
  'GET /v1/events': { scope: 'read', handle: list },
  'GET /v1/events/{id}': { scope: 'read', handle: show },
  'GET /v1/events/{id}/proof': { scope: 'read', handle: proof },
  'GET /v1/counts': { scope: 'read', handle: counts.list },
  'GET /v1/sources': { scope: ['read', 'admin'], handle: sources.list },
  'GET /v1/coverage': { scope: 'read', handle: coverage.show },
  'GET /v1/searches': { scope: 'read', handle: searches.list },
  'POST /v1/exports': { scope: 'read', handle: exports.create },
  'GET /v1/exports': { scope: 'read', handle: exports.list },
  'GET /v1/exports/{id}': { scope: 'read', handle: exports.show },
  'GET /v1/connections/{id}/intervals': { scope: 'read', handle: collecting.intervals },
  'GET /v1/connections/{id}/backfills': { scope: 'read', handle: collecting.backfills },
  'GET /v1/openapi.json': { scope: null, handle: async () => ({ status: 200, body: openApiDocument() }) },
  $default: { scope: null, handle: otherwise },
});

/** Everything that is no route: 405 where the path exists, so that nobody takes a refusal for a missing page, else 404. */
async function otherwise(request: OpenRequest): Promise<Answer> {
  const { rawPath, requestContext } = request.event;
  const { method } = requestContext.http;
  if (method === 'DELETE' && /^\/v1\/events(\/[^/]*)?$/.test(rawPath)) {
    const key = await authorize(request);
    await refuse(request, key.tenant, {
      action: 'event.delete',
      actor: keyActor(key),
      reason: 'audit events cannot be deleted',
      target: { type: 'event', id: rawPath.split('/')[3] || 'all' },
    });
    throw new HttpError(405, 'method_not_allowed', 'audit events cannot be deleted', { headers: { allow: 'GET' } });
  }
  const allowed = methodsOf(rawPath);
  if (allowed.length === 0) throw new HttpError(404, 'not_found', `there is no ${rawPath} here`);
  throw new HttpError(405, 'method_not_allowed', `${rawPath} takes ${allowed.join(', ')}`, {
    headers: { allow: allowed.join(', ') },
  });
}

/** The methods that a path takes, by the API's own description. */
function methodsOf(path: string): string[] {
  const { paths } = openApiDocument();
  const entry = Object.entries(paths).find(([template]) =>
    new RegExp(`^${template.replaceAll('.', '\\.').replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path),
  );
  return entry ? Object.keys(entry[1]).map((method) => method.toUpperCase()) : [];
}
