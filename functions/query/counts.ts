import { countDays, countEvents, isOfWholeDays } from '../../shared/query/counts.ts';
import { parseCounts } from '../../shared/query/counts-query.ts';
import type { EventFilter } from '../../shared/query/filter.ts';
import type { DayRow } from '../../shared/store/days.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { withinKey } from '../http/within-key.ts';
import { eventReader, eventStore } from '../services.ts';
import { findIncomplete } from './incomplete.ts';

/** What was counted until then is answered. */
const COUNTING_MS = 15_000;

/** `GET /v1/counts`: events by day or hour, source and type. From the day rows where they tell, else by reading events. */
export async function list(request: ApiRequest): Promise<Answer> {
  const { event, key, now } = request;
  const { by, query, after, cursorAt } = parseCounts(event.rawQueryString, key.tenant, now);
  const { filter } = await withinKey(request, query);
  const approximate = isOfWholeDays(filter, by);
  const counted = approximate
    ? { counts: countDays(await daysOf(key.tenant, filter), filter), next: undefined }
    : await countEvents(eventReader(), { tenant: key.tenant, filter, after }, by, timeLeftOf(request));
  const incomplete = await findIncomplete(key.tenant, filter, now);
  const body = {
    by,
    from: query.filter.from,
    to: query.filter.to,
    counts: counted.counts,
    approximate,
    next: counted.next === undefined ? null : cursorAt(counted.next),
    ...(incomplete.length > 0 && { incomplete }),
  };
  return { status: 200, body };
}

async function daysOf(tenant: string, { source, from, to }: EventFilter): Promise<DayRow[]> {
  const range = { ...(from && { from: from.slice(0, 10) }), ...(to && { to: to.slice(0, 10) }) };
  const { days } = eventStore();
  if (source === undefined) return days.list(tenant, range);
  return (await Promise.all(source.map((one) => days.list(tenant, { source: one, ...range })))).flat();
}

function timeLeftOf({ now, timeLeft }: ApiRequest): () => number {
  const deadline = Math.min(now.getTime() + COUNTING_MS, Date.now() + timeLeft());
  return () => deadline - Date.now();
}
