import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { afterAll, expect, inject, it } from 'vitest';
import { runSql } from '../../infra/local/sql.ts';
import { octokitExamples } from '../support/github.ts';
import { THOROUGH } from '../support/thorough.ts';

/** How often a call to a service fails: one in eight. */
const FAULTY = '0.125';
const RUNS = THOROUGH ? 4 : 1;
const PATIENCE_MS = 90_000;

const dir = mkdtempSync(join(tmpdir(), 'annals-faults-'));
let server: { process: ChildProcess; url: string; key: string } | undefined;
afterAll(async () => {
  await kill();
  rmSync(dir, { recursive: true, force: true });
});

async function start(seed: number): Promise<void> {
  const script = join(import.meta.dirname, '../support/stack-process.ts');
  const child = spawn(process.execPath, [script, inject('templateFile'), dir, String(seed), FAULTY], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  server = { process: child, ...(JSON.parse(line) as { url: string; key: string }) };
}

async function kill(): Promise<void> {
  if (!server) return;
  const { process: child } = server;
  server = undefined;
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function call(
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: Record<string, unknown> }> {
  if (!server) throw new Error('not running');
  const response = await fetch(server.url + path, {
    method,
    headers: { authorization: `Bearer ${server.key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(40_000),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

/** What was sent under one id, in one of several versions. */
interface Sent {
  readonly key: number;
  readonly version: number;
  readonly hour: number;
}
type Step = { readonly send: Sent[]; readonly killAfterMs?: number } | { readonly kill: true };

const bodies = octokitExamples()
  .slice(0, 12)
  .map(({ payload }) => payload);

function event({ key, version, hour }: Sent, marker: string) {
  return {
    id: `${marker}/${key}`,
    // Out of order, and over several days.
    time: new Date(Date.parse('2026-10-01T00:00:00Z') + hour * 3_600_000).toISOString(),
    action: `version.${version}`,
    actor: { id: `actor-${key % 5}` },
    session: marker,
    // Another version of an event has another time now and then, and always another raw.
    raw: { version, payload: bodies[key % bodies.length] },
  };
}

/** Sends as a producer does that goes on until it has an answer, whatever happens to the server meanwhile. */
async function sendUntilAnswered(events: unknown[], seed: () => number): Promise<Record<string, unknown>> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      if (!server) await start(seed());
      const { status, body } = await call('POST', '/v1/events', events);
      if (status === 202 || status === 409) return body;
      // 500 stands for errors that can't be repeated inside, such as a control table that throttles.
      expect([500, 503]).toContain(status);
    } catch (error) {
      if (server?.process.exitCode === null && server.process.signalCode === null) throw error;
      server = undefined;
    }
    if (Date.now() > until) throw new Error('no answer in time');
  }
}

/** Follows the pages to their end; a page that a fault refused is asked for again. */
async function query(session: string): Promise<Record<string, unknown>[]> {
  const events: Record<string, unknown>[] = [];
  let next: string | null | undefined;
  while (next !== null) {
    const cursor: string = next === undefined ? '' : `&cursor=${next}`;
    const { status, body } = await call(
      'GET',
      `/v1/events?session=${session}&limit=7&fields=id,time,action,raw${cursor}`,
    );
    if (status !== 200) continue;
    events.push(...(body['events'] as Record<string, unknown>[]));
    next = body['next'] as string | null;
  }
  return events;
}

it('has each event exactly once, with the content that came first, whatever failed', async () => {
  const sent = fc.record({ key: fc.nat(25), version: fc.nat(2), hour: fc.nat(72) });
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ send: fc.array(sent, { minLength: 1, maxLength: 30 }) }) },
    {
      weight: 2,
      arbitrary: fc.record({ send: fc.array(sent, { minLength: 5, maxLength: 30 }), killAfterMs: fc.nat(60) }),
    },
    { weight: 1, arbitrary: fc.constant({ kill: true } as const) },
  );
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step as fc.Arbitrary<Step>, { minLength: 4, maxLength: 7 }),
      fc.nat(),
      async (steps, seed) => {
        run += 1;
        const marker = `run-${run}-${seed}`;
        let starts = seed;
        const nextSeed = () => {
          starts += 1;
          return starts;
        };
        const first = new Map<number, Sent>();
        for (const one of steps) {
          if ('kill' in one) {
            await kill();
            continue;
          }
          if (!server) await start(nextSeed());
          const killing =
            one.killAfterMs === undefined
              ? undefined
              : new Promise((done) => setTimeout(done, one.killAfterMs)).then(kill);
          await sendUntilAnswered(
            one.send.map((version) => event(version, marker)),
            nextSeed,
          );
          await killing;
          for (const version of one.send) if (!first.has(version.key)) first.set(version.key, version);
        }
        if (!server) await start(nextSeed());

        const expected = [...first.values()].map((version) => {
          const { time, action, raw } = event(version, marker);
          return { time, action, raw: JSON.stringify(raw) };
        });
        const sorted = (rows: { time: unknown; action: unknown; raw: unknown }[]) =>
          rows.map((row) => JSON.stringify([row.time, row.action, row.raw])).sort();
        const found = await query(marker);
        expect(sorted(found.map(({ time, action, raw }) => ({ time, action, raw: JSON.stringify(raw) })))).toEqual(
          sorted(expected),
        );

        await flushUntilDone();
        const { rows } = await runSql({
          dir,
          sql: `select id, time, action, raw from events where session = '${marker}'`,
        });
        expect(sorted(rows.map(([, time, action, raw]) => ({ time, action, raw })))).toEqual(sorted(expected));
        expect(rows.map(([id]) => id).sort()).toEqual(found.map(({ id }) => id).sort());
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
  // Had nothing been delivered twice, the view would have had nothing to do.
  const { rows } = await runSql({ dir, sql: 'select count(*) - count(distinct id) from landing' });
  expect(Number(rows[0]?.[0])).toBeGreaterThan(0);
}, 180_000);

/** Delivery that met faults goes on by itself; a flush only waits for it. */
async function flushUntilDone(): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const { status } = await call('POST', '/_local/flush');
    if (status === 204) return;
    if (Date.now() > until) throw new Error(`the flush answers ${status}`);
  }
}
