import { SOURCES } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import type { DayRow } from '../../shared/store/days.ts';
import { categoryOf, EVENT_TYPES } from '../../shared/taxonomy.ts';
import type { Answer } from '../http/answer.ts';
import type { ApiRequest } from '../http/api.ts';
import { eventStore } from '../services.ts';

/**
 * `GET /v1/coverage`: the maturity matrix as data. For each source and EMM event type: whether the source can give it,
 * whether an action is mapped to it, about how many events of it are hot, and the day of the latest.
 */
export async function show({ key }: ApiRequest): Promise<Answer> {
  const days = Map.groupBy(await eventStore().days.list(key.tenant), ({ source }) => source);
  const known = new Map(SOURCES.map((source) => [source.name, source]));
  const names = [...new Set([...known.keys(), ...days.keys()])].sort();
  const sources = names
    .filter((name) => !key.sources || key.sources.includes(name))
    .map((name) => ({ source: name, types: matrixOf(known.get(name), days.get(name) ?? []) }));
  return { status: 200, body: { sources } };
}

function matrixOf(source: Source | undefined, days: readonly DayRow[]) {
  const mapped = new Set(Object.values(source?.actions ?? {}));
  return EVENT_TYPES.map((type) => ({
    category: categoryOf(type),
    type,
    // Applications may send any type.
    canGive: source === undefined || source.types.includes(type),
    mapped: mapped.has(type) || (source?.types.includes(type) ?? false),
    seen: days.reduce((sum, { counts }) => sum + (counts[type] ?? 0), 0),
    lastSeen: days.findLast(({ types }) => types.includes(type))?.date ?? null,
  }));
}
