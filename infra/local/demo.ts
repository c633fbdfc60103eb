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
 * Sends the demo events through the API, on the first start in a data directory only: `demo.json` remembers. A load that
 * was cut short is done again with the same times, so that no event comes twice.
 *
 * @param options.wanted false to have none, now and later.
 * @returns how many events were sent.
 * @throws DemoError when the API does not take them.
 */
export async function loadDemo(options: {
  access: LocalAccess;
  dir: string;
  wanted: boolean;
  now?: number;
}): Promise<number> {
  const { access, dir, wanted } = options;
  const file = join(dir, 'demo.json');
  const remember = (state: z.infer<typeof State>) => writeJson(file, state, 0o644);
  const { state, now } = readState(file) ?? { state: 'new', now: options.now ?? Date.now() };
  if (state === 'new' && !wanted) remember({ state: 'none', now });
  if (state === 'none' || state === 'loaded' || !wanted) return 0;

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
