import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PublicKeyRecord } from '../../../../shared/archive/digest.ts';
import { Seal } from '../../../../shared/archive/seal/seal.ts';
import { landingKey, memorySigner, row, sha256, World } from './world.ts';

let world: World;
beforeEach(async () => {
  world = await World.open();
});
afterEach(() => world.close());

describe('a day', () => {
  it('becomes one file for each tenant and day of events, sorted, with a digest that says what it holds', async () => {
    await world.land('2026-03-01/a', [
      row({ id: 'C', source: 'duo.auth', time: '2026-03-01 09:00:00' }),
      row({ id: 'B', time: '2026-03-01 11:00:00' }),
      row({ id: 'A', source: 'duo.auth', time: '2026-03-01 10:00:00' }),
    ]);
    await world.land('2026-03-01/b', [row({ id: 'D', time: '2026-02-27 10:00:00' }), row({ id: 'E', tenant: 'beta' })]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(world.archive.keys('archive/')).toEqual([
      'archive/event_date=2026-02-27/acme/2026-03-01-1.parquet',
      'archive/event_date=2026-03-01/acme/2026-03-01-1.parquet',
      'archive/event_date=2026-03-01/beta/2026-03-01-1.parquet',
    ]);
    expect(await world.archived('id, tenant')).toEqual([
      ['D', 'acme'],
      ['C', 'acme'],
      ['A', 'acme'],
      ['B', 'acme'],
      ['E', 'beta'],
    ]);
    expect(digest).toEqual(world.digest('2026-03-01'));
    expect(digest?.files[1]).toMatchObject({
      tenant: 'acme',
      date: '2026-03-01',
      rows: 3,
      earliest: '2026-03-01T09:00:00.000Z',
      latest: '2026-03-01T11:00:00.000Z',
      ids: sha256('C\nA\nB\n'),
      sha256: sha256(world.archive.bytes('archive/event_date=2026-03-01/acme/2026-03-01-1.parquet')),
    });
    expect(digest?.landing).toEqual(
      ['2026-03-01/a', '2026-03-01/b'].map(landingKey).map((key, index) => ({
        key,
        version: world.landing.stored(key).version,
        size: world.landing.bytes(key).length,
        sha256: sha256(world.landing.bytes(key)),
        rows: [3, 2][index],
      })),
    );
  });

  it('keeps every column as it was', async () => {
    const columns = 'time, targets, entities, changes, mfa_flagged, raw_size, session, raw';
    const given = row({
      id: 'A',
      time: '2026-03-01 10:00:00.123',
      changes: [{ attribute: 'role', old: 'member', new: null }],
      mfa_flagged: false,
      raw_size: 9_007_199_254_740_991,
      raw: 'é\u0000"\n',
    });
    const key = await world.land('2026-03-01/a', [given]);
    await world.seal('2026-03-03T01:00:00Z');
    expect(await world.archived(columns)).toEqual(await world.query([world.landing.bytes(key)], columns));
  });

  it('names the raws that lie aside, each once, in the digest', async () => {
    const large = (id: string, sha: string) => row({ id, raw: null, raw_sha256: sha.repeat(64), raw_size: 900_000 });
    const small = row({ id: 'D', raw_sha256: 'd'.repeat(64) });
    await world.land('2026-03-01/a', [large('A', 'c'), large('B', 'b'), large('C', 'c'), small]);
    await world.land('2026-03-01/b', [row({ id: 'E', tenant: 'beta' })]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(digest?.files.map(({ raws }) => raws)).toEqual([['b'.repeat(64), 'c'.repeat(64)], undefined]);
  });

  it('is sealed at 01:00 two days later, and not before', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' })]);
    await world.land('2026-03-02/a', [row({ id: 'B' })]);
    // The day before is the newest that is due, and nothing is older than the objects.
    expect((await world.seal('2026-03-03T00:59:59Z')).map(({ day }) => day)).toEqual(['2026-02-28']);
    expect((await world.seal('2026-03-03T01:00:00Z')).map(({ day }) => day)).toEqual(['2026-03-01']);
    expect(await world.seal('2026-03-04T00:59:59Z')).toEqual([]);
    expect(world.archive.keys('plans/')).toEqual([
      'plans/2026-02-28.json',
      'plans/2026-03-01-1.json',
      'plans/2026-03-01.json',
    ]);
  });

  it('without events has a digest too, and every digest names the one before', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' })]);
    await world.land('2026-03-03/a', [row({ id: 'B' })]);
    const digests = await world.seal('2026-03-05T01:00:00Z');
    expect(digests.map(({ day, files }) => [day, files.length])).toEqual([
      ['2026-03-01', 1],
      ['2026-03-02', 0],
      ['2026-03-03', 1],
    ]);
    const hashes = digests.map(({ day }) => sha256(world.archive.bytes(`digests/${day}.json`)));
    expect(digests.map(({ previous }) => previous)).toEqual([
      null,
      { day: '2026-03-01', sha256: hashes[0] },
      { day: '2026-03-02', sha256: hashes[1] },
    ]);
  });

  it('begins with empty days where there is nothing yet', async () => {
    expect((await world.seal('2026-03-03T01:00:00Z')).map(({ day }) => day)).toEqual(['2026-03-01']);
    expect((await world.seal('2026-03-04T09:00:00Z')).map(({ day }) => day)).toEqual(['2026-03-02']);
  });

  it('is signed, and the key that verifies it lies beside', async () => {
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    const record = PublicKeyRecord.parse(JSON.parse(String(world.archive.bytes(`keys/${digest?.key}.json`))));
    const signature = Buffer.from(String(world.archive.bytes('digests/2026-03-01.sig')).trim(), 'base64');
    const signed = world.archive.bytes('digests/2026-03-01.json');
    expect(record).toMatchObject({ fingerprint: digest?.key, from: '2026-03-01', to: null });
    expect(verify('sha256', signed, createPublicKey(record.pem), signature)).toBe(true);
  });

  it('locks all it writes from the plan on, and tags what it took', async () => {
    const key = await world.land('2026-03-01/a', [row({ id: 'A' })]);
    await world.seal('2026-03-03T01:00:00Z');
    expect(world.archive.keys()).toHaveLength(6);
    for (const each of world.archive.keys())
      expect([each, world.archive.stored(each).lock]).toEqual([
        each,
        { mode: 'GOVERNANCE', until: new Date('2033-03-03T01:00:00Z') },
      ]);
    expect(world.landing.stored(key).tags).toEqual({ sealed: 'true', digest: '2026-03-01' });
  });
});

describe('an event', () => {
  it('that comes in copies is one row: the first that was received', async () => {
    const copies = (second: string) => row({ id: 'A', received_at: `2026-03-01 10:00:0${second}`, action: second });
    await world.land('2026-03-01/a', [copies('7'), copies('5'), row({ id: 'B' })]);
    await world.land('2026-03-01/b', [copies('3'), copies('9')]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(await world.archived('id, action')).toEqual([
      ['A', '3'],
      ['B', 'repo.create'],
    ]);
    expect(digest).toMatchObject({ repeats: 3, archivedBefore: 0 });
  });

  it('that an earlier day has, long ago or in another file, is not written again', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' }), row({ id: 'B', time: '2026-01-07 10:00:00' })]);
    // Put again after its time in the hot store was over: received anew, and the same event.
    await world.land('2026-03-02/a', [
      row({ id: 'B', time: '2026-01-07 10:00:00', received_at: '2026-03-02 10:00:00' }),
    ]);
    await world.land('2026-03-03/a', [
      row({ id: 'A' }),
      row({ id: 'A' }),
      row({ id: 'C', time: '2026-03-03 10:00:00' }),
    ]);
    const digests = await world.seal('2026-03-05T01:00:00Z');
    expect(digests.map(({ repeats, archivedBefore }) => [repeats, archivedBefore])).toEqual([
      [0, 0],
      [0, 1],
      [1, 1],
    ]);
    expect((await world.archived()).flat().sort()).toEqual(['A', 'B', 'C']);
    expect(world.archive.keys('archive/event_date=2026-01-07')).toHaveLength(1);
  });

  it('asks no more of the archive than files of its tenant, day and time', async () => {
    await world.land('2026-03-01/a', [
      row({ id: 'A' }),
      row({ id: 'B', tenant: 'beta' }),
      row({ id: 'C', time: '2026-02-01 10:00:00' }),
    ]);
    await world.land('2026-03-02/a', [row({ id: 'D', time: '2026-03-02 10:00:00' })]);
    await world.land('2026-03-03/a', [row({ id: 'A' })]);
    await world.seal('2026-03-03T01:00:00Z');
    const asked: string[] = [];
    world.archive.step = (call) => /^download \S+$/.test(call) && asked.push(call);
    await world.seal('2026-03-05T01:00:00Z');
    expect(asked).toEqual(['download archive/event_date=2026-03-01/acme/2026-03-01-1.parquet']);
  });

  it('of another tenant, source or time with the same id is another event', async () => {
    const others = [{ tenant: 'beta' }, { source: 'duo.auth' }, { time: '2026-03-01 10:00:01' }, { source: null }];
    await world.land('2026-03-01/a', [row({ id: 'A' }), ...others.map((one) => row({ id: 'A', ...one }))]);
    await world.land('2026-03-02/a', [row({ id: 'A', source: null })]);
    const digests = await world.seal('2026-03-04T01:00:00Z');
    expect(digests[0]?.files.map(({ rows }) => rows)).toEqual([4, 1]);
    expect(digests[1]).toMatchObject({ archivedBefore: 1, files: [] });
  });
});

describe('a landing object', () => {
  it('that appears late is sealed with the next day, once', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' })]);
    await world.seal('2026-03-03T01:00:00Z');
    const late = await world.land('2026-03-01/b', [row({ id: 'B' })]);
    const [second, third] = await world.seal('2026-03-05T01:00:00Z');
    expect(second?.landing.map(({ key }) => key)).toEqual([late]);
    expect(third?.landing).toEqual([]);
    expect((await world.archived()).flat().sort()).toEqual(['A', 'B']);
  });

  it('that appears between plan and seal waits for the next day', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' })]);
    world.archive.step = (call) => {
      if (call !== 'put plans/2026-03-01.json, done') return;
      world.archive.step = () => {};
      throw new Error('crashed');
    };
    await expect(world.seal('2026-03-03T01:00:00Z')).rejects.toThrow('crashed');
    const late = await world.land('2026-03-01/b', [row({ id: 'B' })]);
    const digests = await world.seal('2026-03-04T01:00:00Z');
    expect(digests.map(({ landing }) => landing.map(({ key }) => key))).toEqual([[landingKey('2026-03-01/a')], [late]]);
  });

  it('that somebody wrote over is sealed in both versions, and the first that was received stands', async () => {
    const key = await world.land('2026-03-01/a', [row({ id: 'A', action: 'first' })]);
    await world.land('2026-03-01/a', [row({ id: 'A', action: 'second' }), row({ id: 'B', action: 'second' })]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z');
    expect(digest?.landing.map((one) => [one.key, one.rows])).toEqual([
      [key, 1],
      [key, 2],
    ]);
    expect(await world.archived('id, action')).toEqual([
      ['A', 'first'],
      ['B', 'second'],
    ]);
  });
});

describe('a day that is more than one part', () => {
  const limits = { bytes: 1, objects: 1, files: 100 };

  it('gives a file for each, and each event once', async () => {
    await world.land('2026-03-01/a', [row({ id: 'A' }), row({ id: 'B' })]);
    await world.land('2026-03-01/b', [row({ id: 'B' }), row({ id: 'C' })]);
    await world.land('2026-03-01/c', [row({ id: 'A' }), row({ id: 'C' })]);
    const [digest] = await world.seal('2026-03-03T01:00:00Z', { limits });
    expect(world.archive.keys('archive/')).toEqual([
      'archive/event_date=2026-03-01/acme/2026-03-01-1.parquet',
      'archive/event_date=2026-03-01/acme/2026-03-01-2.parquet',
    ]);
    expect((await world.archived()).flat()).toEqual(['A', 'B', 'C']);
    expect(digest).toMatchObject({ repeats: 0, archivedBefore: 3 });
    expect(digest?.landing.map(({ rows }) => rows)).toEqual([2, 2, 2]);
  });

  it('is gone on with by another run when time is short', async () => {
    const names = ['2026-03-01/a', '2026-03-01/b', '2026-03-02/a'];
    for (const [index, name] of names.entries()) await world.land(name, [row({ id: `${index}` })]);
    const runs: (string[] | number | undefined)[] = [];
    for (let run = 0; run < 4; run += 1) {
      let parts = 1;
      world.archive.step = (call) => {
        if (/^put plans\/.*-\d\.json, done$/.test(call)) parts -= 1;
      };
      const seal = new Seal(world.options({ limits }));
      const days: string[] = [];
      for await (const { day } of seal.run(new Date('2026-03-04T05:00:00Z'), () => parts * 10)) days.push(day);
      runs.push(days, seal.overdueHours(new Date('2026-03-04T05:00:00Z')));
    }
    expect(runs).toEqual([[], 28, ['2026-03-01'], 4, ['2026-03-02'], 0, [], 0]);
    expect((await world.archived()).flat()).toEqual(['0', '1', '2']);
  });
});

describe('a part with events of many days', () => {
  const days = [1, 2, 3, 4, 5].map((day) => `2026-02-0${day}`);
  const inSteps = { limits: { bytes: 1_000_000, objects: 100, files: 2 } };
  beforeEach(async () => {
    await world.land(
      '2026-03-01/a',
      days.flatMap((day) =>
        ['acme', 'beta'].map((tenant) => row({ id: `${day}-${tenant}`, tenant, time: `${day} 10:00:00` })),
      ),
    );
  });

  /** A run that has time for so many steps. */
  async function run(steps: number, given = inSteps): Promise<string[]> {
    let left = steps;
    world.archive.step = (call) => {
      if (/^put plans\/2026-03-01-1-\d\.json, done$/.test(call)) left -= 1;
    };
    const sealed: string[] = [];
    const seal = new Seal(world.options(given));
    for await (const { day } of seal.run(new Date('2026-03-03T01:00:00Z'), () => (left > 0 ? 3_600_000 : 60_000)))
      sealed.push(day);
    return sealed;
  }

  it('is written in steps, each on record, and gone on with by another run when time is short', async () => {
    const written: number[] = [];
    for (let runs = 0; runs < 2; runs += 1) {
      expect(await run(2)).toEqual([]);
      written.push(world.archive.keys('archive/').length);
    }
    const puts: string[] = [];
    const last = run(2);
    const { step } = world.archive;
    world.archive.step = (call) => {
      if (/^put archive\S+$/.test(call)) puts.push(call);
      step(call);
    };
    expect(await last).toEqual(['2026-03-01']);
    expect([...written, puts.length]).toEqual([4, 8, 2]);
    expect((await world.archived()).flat()).toEqual(days.flatMap((day) => [`${day}-acme`, `${day}-beta`]));
    const inSomeRuns = world.digest('2026-03-01');

    world.archive.objects.clear();
    await world.seal('2026-03-03T01:00:00Z');
    expect(world.archive.keys('plans/')).toEqual(['plans/2026-03-01-1.json', 'plans/2026-03-01.json']);
    expect(inSomeRuns).toEqual(world.digest('2026-03-01'));
  });

  it('is gone on with when the size of a step was changed meanwhile', async () => {
    expect(await run(1)).toEqual([]);
    expect(await run(9, { limits: { ...inSteps.limits, files: 3 } })).toEqual(['2026-03-01']);
    expect((await world.archived()).flat()).toHaveLength(10);
  });

  it('is not signed where the record of a step is of other files', async () => {
    expect(await run(1)).toEqual([]);
    const key = 'plans/2026-03-01-1-1.json';
    const record = String(world.archive.bytes(key));
    world.archive.objects.delete(key);
    world.archive.put(key, Buffer.from(record.replace('"rows":1', '"rows":2')));
    await expect(run(9)).rejects.toThrow(/has no such rows now/);
    expect(world.archive.keys('digests/')).toEqual([]);
  });
});

it('refuses to sign what another key was to sign, and says what to do', async () => {
  world.archive.step = (call) => {
    if (call === 'put digests/2026-03-01.sig') throw new Error('crashed');
  };
  await expect(world.seal('2026-03-03T01:00:00Z')).rejects.toThrow('crashed');
  world.archive.step = () => {};
  const signer = memorySigner(generateKeyPairSync('rsa', { modulusLength: 2048 }));
  await expect(world.seal('2026-03-03T01:00:00Z', { signer })).rejects.toThrow(/give it the former once more/);
  await world.seal('2026-03-03T01:00:00Z');
  const [next] = await world.seal('2026-03-04T01:00:00Z', { signer });
  expect(next?.key).not.toBe(world.digest('2026-03-01').key);
  expect(world.archive.keys('keys/')).toHaveLength(2);
});

it('signs nothing when the archive has other rows under the key of a file', async () => {
  await world.land('2026-03-01/a', [row({ id: 'A' })]);
  world.archive.put(
    'archive/event_date=2026-03-01/acme/2026-03-01-1.parquet',
    world.landing.bytes(landingKey('2026-03-01/a')),
  );
  // The same rows, written otherwise.
  expect((await world.seal('2026-03-03T01:00:00Z'))[0]?.files[0]?.rows).toBe(1);
  await world.land('2026-03-02/a', [row({ id: 'B' })]);
  const other = await world.land('2026-03-02/x', [row({ id: 'B', actor_email: 'x@example.com' })]);
  world.archive.put('archive/event_date=2026-03-01/acme/2026-03-02-1.parquet', world.landing.bytes(other));
  world.landing.objects.delete(other);
  await expect(world.seal('2026-03-04T01:00:00Z')).rejects.toThrow(/other rows than the plan gives/);
  expect(world.archive.keys('digests/')).toEqual(['digests/2026-03-01.json', 'digests/2026-03-01.sig']);
});
