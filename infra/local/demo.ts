import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { AnnalsError } from '../../shared/errors.ts';
import { demoEvents } from './demo/events.ts';
import { type LocalAccess, writeJson } from './stack/files.ts';

/** The API did not take the demo events. */
export class DemoError extends AnnalsError {
  readonly code = 'demo';
}

const BATCH = 100;
const State = z.strictObject({ state: z.enum(['none', 'loading', 'loaded']), now: z.number() });

/**
 * Sends the demo events through the API, once for each data directory: `demo.json` remembers. A load that was cut short
 * is done again with the same times, so that no event comes twice.
 *
 * @param options.wanted on the first start of a directory, whether it is to have demo events at all.
 * @returns how many events were sent.
 * @throws DemoError when the API does not take them.
 */
export async function loadDemo(options: {
  access: LocalAccess;
  dir: string;
  isFirstStart: boolean;
  wanted: boolean;
  now?: number;
}): Promise<number> {
  const { access, dir, isFirstStart, wanted } = options;
  const file = join(dir, 'demo.json');
  const remember = (state: z.infer<typeof State>) => writeJson(file, state, 0o644);
  const before = readState(file);
  const now = before?.now ?? options.now ?? Date.now();
  if (before === undefined && (!isFirstStart || !wanted)) remember({ state: 'none', now });
  const isDue = before === undefined ? isFirstStart && wanted : before.state === 'loading' && wanted;
  if (!isDue) return 0;

  remember({ state: 'loading', now });
  const events = demoEvents(now);
  for (let start = 0; start < events.length; start += BATCH) {
    const response = await fetch(`${access.url}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${access.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(events.slice(start, start + BATCH)),
    });
    const text = await response.text();
    if (!response.ok) throw new DemoError(`the demo events were not taken: ${response.status} ${text.slice(0, 300)}`);
  }
  remember({ state: 'loaded', now });
  return events.length;
}

function readState(file: string): z.infer<typeof State> | undefined {
  try {
    return State.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
