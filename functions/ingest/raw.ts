import { parseConnectionId } from '../../shared/control/connections.ts';
import { NotFoundError, type Problem } from '../../shared/errors.ts';
import { isJsonObject, type JsonObject } from '../../shared/json.ts';
import { acceptVendorEvents } from '../../shared/sources/accept.ts';
import { sourceNamed } from '../../shared/sources/registry.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { forbid } from '../http/authorize.ts';
import { RAW_BODIES, readBody } from '../http/body.ts';
import { connections, eventStore } from '../services.ts';
import { countDrift } from '../telemetry.ts';
import { noteVendorResults, provenanceOf } from '../vendor.ts';
import { report, sift } from './report.ts';

/**
 * A vendor's own events, exported or forwarded, for a connection: they get the ids that polling would give them. Unlike an
 * application, a vendor that tells another story the second time is no conflict of the sender's: it is counted and kept aside.
 */
export async function ingestRaw(request: ApiRequest, name: string, partial: boolean): Promise<Answer> {
  const { event, key, now, timeLeft } = request;
  const own = parseConnectionId(name);
  const connection = await connections().get(key.tenant, own?.tenant === key.tenant ? own.name : name);
  const source = connection && sourceNamed(connection.source);
  if (!connection || !source) throw new NotFoundError(`there is no connection ${name}`);
  if (key.sources && !key.sources.includes(source.name)) {
    throw await forbid(request, key, `this API key may not send events of source ${source.name}`);
  }
  const { accepted, problems, sent } = sift(
    readBody(event, RAW_BODIES).map((entry): { raw: JsonObject } | Problem[] => {
      if ('problem' in entry) return [entry.problem];
      return isJsonObject(entry.value) ? { raw: entry.value } : [{ path: '', message: 'is not a JSON object' }];
    }),
    partial,
  );
  const raws = accepted.map(({ raw }) => raw);
  const { prepared, origins, drift } = acceptVendorEvents(source, raws, provenanceOf(connection, now));
  countDrift(source.name, drift);
  const results = await eventStore().put(prepared, timeLeft);
  await noteVendorResults(prepared, results);
  const positions = origins.map((origin) => accepted[origin]?.index ?? origin);
  const told = results.map((result) =>
    result.status === 'conflict' ? { ...result, status: 'present' as const } : result,
  );
  return report(told, positions, sent, problems);
}
