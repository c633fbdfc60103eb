import { apiHandler } from '../http/api.ts';
import * as backfills from './backfills.ts';
import { test } from './connection-test.ts';
import * as connections from './connections.ts';
import * as holds from './holds.ts';
import * as keys from './keys.ts';
import * as searches from './searches.ts';

export const handler = apiHandler({
  'POST /v1/keys': { scope: 'admin', handle: keys.create },
  'GET /v1/keys': { scope: 'admin', handle: keys.list },
  'DELETE /v1/keys/{id}': { scope: 'admin', handle: keys.revoke },
  'POST /v1/holds': { scope: 'admin', handle: holds.create },
  'GET /v1/holds': { scope: 'admin', handle: holds.list },
  'GET /v1/holds/{id}': { scope: 'admin', handle: holds.show },
  'DELETE /v1/holds/{id}': { scope: 'admin', handle: holds.release },
  'POST /v1/searches': { scope: 'read', handle: searches.create },
  'PATCH /v1/searches/{id}': { scope: 'read', handle: searches.change },
  'DELETE /v1/searches/{id}': { scope: 'read', handle: searches.remove },
  'POST /v1/connections': { scope: 'admin', handle: connections.create },
  'GET /v1/connections': { scope: 'admin', handle: connections.list },
  'GET /v1/connections/{id}': { scope: 'admin', handle: connections.show },
  'PATCH /v1/connections/{id}': { scope: 'admin', handle: connections.change },
  'DELETE /v1/connections/{id}': { scope: 'admin', handle: connections.remove },
  'POST /v1/connections/{id}/test': { scope: 'admin', handle: test },
  'POST /v1/connections/{id}/backfill': { scope: 'admin', handle: backfills.create },
});
