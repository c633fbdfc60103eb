import { parseTime } from '../../event/time.ts';
import type { JsonObject } from '../../json.ts';
import { textAt } from '../read.ts';
import { timeOfSeconds } from '../time.ts';

/**
 * When an event of the administrator or authentication log happened: `isotimestamp`, and where that can't be read
 * `timestamp`, which has whole seconds only.
 */
export function timeOf(raw: JsonObject): string | undefined {
  const iso = textAt(raw, 'isotimestamp');
  if (iso !== undefined && parseTime(iso) !== undefined) return iso;
  return timeOfSeconds(raw['timestamp']) ?? iso;
}
