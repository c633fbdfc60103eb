import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectRetentionCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createReader } from '../../../../infra/local/aws/s3/reader.ts';
import { createS3 } from '../../../../infra/local/aws/s3.ts';
import { startS3 } from './s3-support.ts';

const DAY_MS = 86_400_000;
const KEYS = ['a', 'b/c'] as const;
const bucket = { name: 'locked', objectLock: {}, policy: [] } as const;

interface Kept {
  readonly id: string;
  /** Undefined for a delete marker. */
  readonly text: string | undefined;
  tags: string;
  mode?: 'GOVERNANCE' | 'COMPLIANCE' | undefined;
  until: number;
  held: boolean;
}

const mode = fc.constantFrom('GOVERNANCE', 'COMPLIANCE');
// Mostly the current version of one key, so that locks meet changes of them.
const aKey = fc.constantFrom('a', 'a', 'a', 'b/c');
const target = { key: aKey, nth: fc.option(fc.nat({ max: 3 }), { freq: 2 }) };
const command = fc.oneof(
  fc.record({
    kind: fc.constant('put'),
    key: aKey,
    lock: fc.option(fc.tuple(mode, fc.integer({ min: 1, max: 4 }))),
    absent: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('delete'), ...target, bypass: fc.boolean() }),
  fc.record({
    kind: fc.constant('retain'),
    ...target,
    mode,
    days: fc.integer({ min: 1, max: 4 }),
    bypass: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('hold'), ...target, on: fc.boolean() }),
  fc.record({ kind: fc.constant('tag'), ...target, value: fc.constantFrom('x', 'y') }),
  fc.record({ kind: fc.constant('wait'), days: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ kind: fc.constant('restart') }),
);

/** What the bucket must do, in a few lines: versions newest first. */
class Model {
  readonly keys = new Map<string, Kept[]>();
  day = 0;

  versions(key: string): Kept[] {
    return this.keys.get(key) ?? [];
  }

  /** Whether a version may go or lose its lock. */
  isFree({ mode: own, until, held }: Kept, bypass: boolean): boolean {
    return !held && !(own !== undefined && until > this.day && !(bypass && own === 'GOVERNANCE'));
  }

  mayRetain({ mode: own, until }: Kept, next: string, day: number, bypass: boolean): boolean {
    if (own === undefined || until <= this.day) return true;
    return (next === own && day >= until) || (bypass && own === 'GOVERNANCE');
  }
}

it('versions, locks, holds and tags are what a model of S3 says, also after a restart', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30, size: 'max' }), async (commands) => {
      const model = new Model();
      const start = Date.parse('2026-01-01T00:00:00.000Z');
      const at = (day: number) => new Date(start + day * DAY_MS);
      const test = await startS3([], { buckets: [bucket], clock: () => at(model.day) });
      const { client } = test;
      const Bucket = bucket.name;
      const reader = createReader(test.dir);
      let serial = 0;

      /** The version that a command means, as a model and as a parameter. */
      const choose = (key: string, nth: number | null) => {
        const versions = model.versions(key);
        const chosen = nth === null ? versions[0] : versions[nth % Math.max(1, versions.length)];
        return { chosen, VersionId: nth === null ? undefined : (chosen?.id ?? 'f'.repeat(32)) };
      };
      const outcome = (sent: Promise<unknown>) =>
        sent.then(
          () => 'done',
          (error: Error) => error.name,
        );
      const expectObject = (chosen: Kept | undefined, VersionId: string | undefined) => {
        if (chosen === undefined) return VersionId === undefined ? 'NoSuchKey' : 'NoSuchVersion';
        if (chosen.text === undefined) return VersionId === undefined ? 'NoSuchKey' : 'MethodNotAllowed';
        return undefined;
      };

      try {
        for (const one of commands) {
          if (one.kind === 'wait') model.day += one.days;
          // Another opens what the first has stored; the first goes on.
          else if (one.kind === 'restart') createS3({ dir: test.dir, buckets: [bucket] });
          else if (one.kind === 'put') {
            const text = `text ${serial++}`;
            const [lockMode, days] = one.lock ?? [];
            const taken = one.absent && model.versions(one.key)[0]?.text !== undefined;
            const sent = client.send(
              new PutObjectCommand({
                Bucket,
                Key: one.key,
                Body: text,
                ...(one.absent && { IfNoneMatch: '*' }),
                ...(days !== undefined && {
                  ObjectLockMode: lockMode,
                  ObjectLockRetainUntilDate: at(model.day + days),
                }),
              }),
            );
            expect(await outcome(sent)).toBe(taken ? 'PreconditionFailed' : 'done');
            if (taken) continue;
            const id = (await sent).VersionId ?? '';
            const until = model.day + (days ?? 0);
            model.keys.set(one.key, [
              { id, text, tags: '', mode: lockMode, until, held: false },
              ...model.versions(one.key),
            ]);
          } else if (one.kind === 'delete') {
            const { chosen, VersionId } = choose(one.key, one.nth);
            const sent = client.send(
              new DeleteObjectCommand({ Bucket, Key: one.key, VersionId, BypassGovernanceRetention: one.bypass }),
            );
            if (VersionId === undefined) {
              const marker = { id: (await sent).VersionId ?? '', text: undefined, tags: '', until: 0, held: false };
              model.keys.set(one.key, [marker, ...model.versions(one.key)]);
              continue;
            }
            const free = chosen === undefined || model.isFree(chosen, one.bypass);
            expect(await outcome(sent)).toBe(free ? 'done' : 'AccessDenied');
            if (free)
              model.keys.set(
                one.key,
                model.versions(one.key).filter((version) => version !== chosen),
              );
          } else {
            const { chosen, VersionId } = choose(one.key, one.nth);
            const wrong = expectObject(chosen, VersionId);
            const where = { Bucket, Key: one.key, VersionId };
            if (one.kind === 'retain') {
              const until = model.day + one.days;
              const Retention = { Mode: one.mode, RetainUntilDate: at(until) } as const;
              const sent = client.send(
                new PutObjectRetentionCommand({ ...where, Retention, BypassGovernanceRetention: one.bypass }),
              );
              const allowed =
                wrong ?? (chosen && model.mayRetain(chosen, one.mode, until, one.bypass) ? 'done' : 'AccessDenied');
              expect(await outcome(sent)).toBe(allowed);
              if (chosen && allowed === 'done') Object.assign(chosen, { mode: one.mode, until });
            } else if (one.kind === 'hold') {
              const LegalHold = { Status: one.on ? 'ON' : 'OFF' } as const;
              expect(await outcome(client.send(new PutObjectLegalHoldCommand({ ...where, LegalHold })))).toBe(
                wrong ?? 'done',
              );
              if (chosen && wrong === undefined) chosen.held = one.on;
            } else {
              const Tagging = { TagSet: [{ Key: 'tag', Value: one.value }] };
              expect(await outcome(client.send(new PutObjectTaggingCommand({ ...where, Tagging })))).toBe(
                wrong ?? 'done',
              );
              if (chosen && wrong === undefined) chosen.tags = one.value;
            }
          }
        }

        for (const key of KEYS) {
          const expected = model.versions(key);
          const stored = await reader.load(Bucket, key);
          expect(stored.versions.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
          for (const [position, version] of stored.versions.entries()) {
            const own = expected[position];
            if (version.kind === 'marker') {
              expect(own?.text).toBeUndefined();
              continue;
            }
            const read = await client.send(new GetObjectCommand({ Bucket, Key: key, VersionId: version.id }));
            expect(await read.Body?.transformToString()).toBe(own?.text);
            expect(read.ObjectLockMode).toBe(own?.mode);
            expect(read.ObjectLockLegalHoldStatus === 'ON').toBe(own?.held);
            expect(version.tags['tag'] ?? '').toBe(own?.tags);
          }
          const current = expected[0]?.text;
          const plain = await outcome(client.send(new GetObjectCommand({ Bucket, Key: key })));
          expect(plain).toBe(current === undefined ? 'NoSuchKey' : 'done');
        }
        const { Versions = [], DeleteMarkers = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
        const listed = [...Versions, ...DeleteMarkers].map(({ VersionId }) => VersionId).sort();
        expect(listed).toEqual([...model.keys.values()].flatMap((all) => all.map(({ id }) => id)).sort());
        const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket }));
        expect(Contents.map(({ Key }) => Key)).toEqual(
          KEYS.filter((key) => model.versions(key)[0]?.text !== undefined),
        );
        expect(await readdir(join(test.dir, 's3-tmp'))).toEqual([]);
      } finally {
        await test.close();
      }
    }),
    { numRuns: 35 },
  );
});
