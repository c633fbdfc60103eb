import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../shared/json.ts';

const ROOT = join(import.meta.dirname, '../../..');

async function normalize(source: string, input: string | Uint8Array | Readable, ...options: string[]) {
  const child = spawn(process.execPath, [...options, join(ROOT, 'infra/cli/normalize.ts'), source]);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const stream = input instanceof Readable ? input : Readable.from([Buffer.from(input)]);
  // A usage error ends the command before it has read anything.
  stream.pipe(child.stdin).on('error', () => {});
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const events: JsonObject[] = stdout.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
  return { events, stderr, status };
}

const folder = join(ROOT, 'shared/sources/duo.admin/examples');
const examples = readdirSync(folder).map((name): JsonObject => JSON.parse(readFileSync(join(folder, name), 'utf8')));
const ndjson = (events: readonly unknown[]) => events.map((event) => `${JSON.stringify(event)}\n`).join('');

describe('npm run normalize', () => {
  it('gives canonical events in order, in whatever form they come', async () => {
    const { events, stderr, status } = await normalize('duo.admin', ndjson(examples));
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
    expect(events.map(({ raw }) => raw)).toEqual(examples);
    expect(events.map(({ type }) => type)).toEqual(readdirSync(folder).map((name) => name.replace('.json', '')));
    const ids = events.map(({ id }) => id);
    for (const form of [JSON.stringify(examples, null, 2), gzipSync(ndjson(examples)), `\uFEFF${ndjson(examples)}`]) {
      expect((await normalize('duo.admin', form)).events.map(({ id }) => id)).toEqual(ids);
    }
  });

  it('takes one object over several lines, and CSV', async () => {
    const [example] = examples;
    const pretty = await normalize('duo.admin', JSON.stringify(example, null, 2));
    expect(pretty.events).toMatchObject([{ raw: example }]);
    const csv = await normalize(
      'duo.admin',
      'timestamp,action,username\r\n1700000000,user_delete,"Doe, ""J""\nJr"\r\n',
    );
    expect(csv.events).toMatchObject([{ action: 'user_delete', actor: { name: 'Doe, "J"\nJr' } }]);
  });

  it('gives the events that one becomes one after the other', async () => {
    const activity = (n: number, ...names: string[]) => ({
      id: { time: '2026-03-02T08:15:06Z', uniqueQualifier: `${n}`, applicationName: 'login' },
      events: names.map((name) => ({ type: 'login', name })),
    });
    const { events } = await normalize(
      'google_workspace.activity',
      ndjson([activity(1, 'login_success', 'logout'), activity(2, 'logout', 'login_failure')]),
    );
    expect(events.map(({ action }) => `${action}`.split('.').at(-1))).toEqual([
      'login_success',
      'logout',
      'logout',
      'login_failure',
    ]);
  });

  it('tells which lines are no JSON objects, goes on, and ends with status 1', async () => {
    const { events, stderr, status } = await normalize('duo.admin', '{"n":1}\nnope\n\n[2]\n{"n":3}\n"four"\n{"n":5');
    expect(events.map(({ raw }) => raw)).toEqual([{ n: 1 }, { n: 3 }]);
    expect(stderr.match(/^line \d+ is not/gm)).toEqual(['2', '4', '6', '7'].map((place) => `line ${place} is not`));
    expect(status).toBe(1);
  });

  it.each([
    [
      'a source that is not there',
      'duo',
      '{}',
      /^usage: npm run --silent normalize -- <source>.*\nsources: annals.audit, /,
    ],
    ['an array that does not end', 'duo.admin', '[{"n":1},', /^this is not JSON: /],
    ['CSV that is broken', 'duo.admin', 'a,b\n1,2,3\n', /^this is neither JSON nor CSV: /],
    ['gzip that is cut short', 'duo.admin', gzipSync(ndjson(examples)).subarray(0, 200), /^this is damaged gzip$/m],
  ])('says plainly what is wrong with %s', async (_, source, input, message) => {
    const { stderr, status } = await normalize(source, input);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(status).toBe(1);
  });

  it.each([
    ['NDJSON', '', `{"note":"${'x'.repeat(500_000)}"}\n`],
    ['CSV', 'note\n', `${'x'.repeat(500_000)}\n`],
  ])('holds but a part of %s, whatever its size', async (_, head, line) => {
    const lines = 200;
    const input = Readable.from(
      (function* () {
        yield head;
        for (let n = 0; n < lines; n += 1) yield line;
      })(),
    );
    const { events, stderr, status } = await normalize('duo.admin', input, '--max-old-space-size=64');
    expect({ count: events.length, stderr, status }).toEqual({ count: lines, stderr: '', status: 0 });
  });
});
