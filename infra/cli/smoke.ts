import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { AnnalsError, ConfigurationError } from '../../shared/errors.ts';
import { print, runCommand } from './command.ts';
import { deployedTarget, localTarget, type Target } from './smoke-target.ts';

const USAGE = 'usage: npm run smoke -- --stack NAME | --dir .annals [--wait MINUTES]';

/** A step that did not do what it should. */
class SmokeError extends AnnalsError {
  readonly code = 'smoke';
}

/** Sends an event, finds it by query, waits for it in SQL, and says which of these did not work. */
async function smoke(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { stack: { type: 'string' }, dir: { type: 'string' }, wait: { type: 'string', default: '15' } },
  });
  const minutes = Number(values.wait);
  if ((values.stack === undefined) === (values.dir === undefined) || !(minutes > 0))
    throw new ConfigurationError(USAGE);
  const target = await (values.stack === undefined ? localTarget(values.dir ?? '') : deployedTarget(values.stack));
  try {
    const session = randomUUID();
    const id = await step('send an event', () => send(target, session));
    await step('find it by query', () => find(target, session, id));
    await step('find it by SQL', () => findBySql(target, id, Date.now() + minutes * 60_000));
    print('all works');
  } finally {
    await target.close();
  }
}

async function step<T>(name: string, work: () => Promise<T>): Promise<T> {
  const started = Date.now();
  try {
    const result = await work();
    print(`ok    ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    return result;
  } catch (cause) {
    throw new SmokeError(`failed: ${name}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

async function send(target: Target, session: string): Promise<string> {
  const event = {
    action: 'annals.smoke',
    actor: { type: 'service', name: 'smoke test' },
    time: new Date().toISOString(),
    outcome: 'success',
    session,
    tier: '180d',
  };
  const { ids } = await call<{ ids: string[] }>(target, '/v1/events', { method: 'POST', body: JSON.stringify(event) });
  const [id] = ids;
  if (id === undefined) throw new SmokeError('the answer holds no id');
  return id;
}

async function find(target: Target, session: string, id: string): Promise<void> {
  const { events } = await call<{ events: { id: string }[] }>(target, `/v1/events?session=${session}`);
  if (events.length !== 1 || events[0]?.id !== id)
    throw new SmokeError(`found ${events.length} events in place of one`);
}

/** Firehose holds events back for some minutes; the view shows each once however often it was delivered. */
async function findBySql(target: Target, id: string, until: number): Promise<void> {
  for (;;) {
    const count = await target.count(`select count(*) from events where id = '${id}'`);
    if (count === 1) return;
    if (count > 1) throw new SmokeError(`the view shows the event ${count} times`);
    if (Date.now() > until) throw new SmokeError('it did not arrive in time: see docs/runbook.md');
    await new Promise((resolve) => setTimeout(resolve, target.sqlPauseMs));
  }
}

async function call<T>({ url, key }: Target, path: string, init: RequestInit = {}): Promise<T> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url + path, { ...init, headers, signal: AbortSignal.timeout(35_000) });
  const text = await response.text();
  if (!response.ok) throw new SmokeError(`${response.status} ${text}`);
  return JSON.parse(text) as T;
}

await runCommand(smoke);
