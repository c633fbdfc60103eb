import { cp, link, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settle, ticketOf } from '../../../../infra/local/aws/s3/journal.ts';
import { createReader, folderOf, indexFile, parseIndex } from '../../../../infra/local/aws/s3/reader.ts';
import { type ObjectStore, openStore } from '../../../../infra/local/aws/s3/store.ts';
import { newVersionId, type ObjectVersion, type Version } from '../../../../infra/local/aws/s3/versions.ts';

const bucket = 'b';
const key = 'some/key';
const now = new Date('2026-11-22T10:00:00.000Z');

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'annals-s3-journal-'));
});
afterAll(() => rm(root, { recursive: true }));

interface Change {
  readonly edit: (versions: readonly Version[]) => readonly Version[];
  readonly bytes?: string;
}

const object = (id: string): ObjectVersion => ({
  kind: 'object',
  id,
  lastModified: now.toISOString(),
  etag: 'e',
  headers: {},
  checksums: {},
  tags: {},
});
const write = (bytes: string): Change => ({
  edit: (versions) => [object(newVersionId(now, versions)), ...versions],
  bytes,
});
const overwrite = (bytes: string): Change => ({ edit: () => [object('null')], bytes });
const mark: Change = {
  edit: (versions) => [
    { kind: 'marker', id: newVersionId(now, versions), lastModified: now.toISOString() },
    ...versions,
  ],
};
const remove = (position: number): Change => ({
  edit: (versions) => versions.filter((_, at) => at !== position),
});
const tag: Change = {
  edit: ([first, ...others]) => (first?.kind === 'object' ? [{ ...first, tags: { a: '1' } }, ...others] : []),
};

const apply = (store: ObjectStore, { edit, bytes }: Change) =>
  store.change(
    bucket,
    key,
    (versions) => ({ versions: edit(versions), result: undefined }),
    bytes === undefined ? undefined : Buffer.from(bytes),
  );

/** Every file under the folder with its text, revisions left out. */
async function filesIn(dir: string): Promise<Record<string, string>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files.map(async (file) => [
        relative(dir, file),
        (await readFile(file, 'utf8')).replace(/"revision":"[^"]*"/, ''),
      ]),
    ),
  );
}

describe.each<[string, readonly Change[], Change]>([
  ['the first write', [], write('1')],
  ['a write over an object', [write('1')], write('2')],
  ['a write of the same bytes', [write('1')], write('1')],
  ['a write over a delete marker', [write('1'), mark], write('2')],
  ['an overwrite without versions', [overwrite('1')], overwrite('2')],
  ['a delete marker', [write('1'), write('2')], mark],
  ['a second delete marker', [write('1'), mark], mark],
  ['the end of a delete marker', [write('1'), write('2'), mark], remove(0)],
  ['the end of the current version', [write('1'), write('2')], remove(0)],
  ['the end of an older version', [write('1'), write('2')], remove(1)],
  ['the end of a current version over a delete marker', [write('1'), mark, write('2')], remove(0)],
  ['the end of the only version', [write('1')], remove(0)],
  ['a tag', [write('1'), write('2')], tag],
])('%s, cut short', (_, history, change) => {
  it('was made or was not, whenever that happened', async () => {
    const dir = await mkdtemp(join(root, 'case-'));
    const [before, after, torn] = ['before', 'after', 'torn'].map((name) => join(dir, name)) as [
      string,
      string,
      string,
    ];
    const store = openStore(before, [bucket]);
    for (const step of history) await apply(store, step);
    await cp(before, after, { recursive: true });

    // What the change does is seen from an index that is kept from being taken away.
    const { placed = null, versions } = await createReader(before).load(bucket, key);
    const revision = 'revision';
    const index = JSON.stringify({ revision, versions: change.edit(versions) });
    const entry = { bucket, key, revision, placed, staged: change.bytes !== undefined };
    const ticket = (at: string) => ticketOf(at, revision);
    const indexIn = (at: string) => indexFile(folderOf(at, bucket, key));
    const begin = async (at: string) => {
      await rm(at, { recursive: true, force: true });
      await cp(before, at, { recursive: true });
      if (change.bytes !== undefined) await writeFile(ticket(at).staged, change.bytes);
      await writeFile(ticket(at).index, index);
    };
    const commit = async (at: string) => {
      await writeFile(ticket(at).entry, JSON.stringify(entry));
      await mkdir(dirname(indexIn(at)), { recursive: true });
      await writeFile(indexIn(at), index);
    };
    const opened = async (at: string) => {
      openStore(at, [bucket]);
      expect(await readdir(join(at, 's3-tmp'))).toEqual([]);
      return filesIn(at);
    };

    await begin(after);
    await commit(after);
    const done = await opened(after);
    const undone = await filesIn(before);
    expect(done).not.toEqual(undone);

    await begin(torn);
    expect(await opened(torn)).toEqual(undone);
    await begin(torn);
    await writeFile(ticket(torn).entry, JSON.stringify(entry).slice(0, 20));
    expect(await opened(torn)).toEqual(undone);
    await begin(torn);
    await writeFile(ticket(torn).entry, JSON.stringify(entry));
    expect(await opened(torn)).toEqual(undone);

    // The bytes of before have a second name already.
    await begin(torn);
    await commit(torn);
    if (placed !== null && change.edit(versions).some(({ id }) => id === placed)) {
      const path = createReader(torn).pathOf(bucket, key);
      if (change.edit(versions)[0]?.id !== placed) await link(path, join(folderOf(torn, bucket, key), `%v-${placed}`));
    }
    expect(await opened(torn)).toEqual(done);

    // All but the end of the entry.
    await begin(torn);
    await commit(torn);
    settle(torn, entry);
    await writeFile(ticket(torn).entry, JSON.stringify(entry));
    expect(await opened(torn)).toEqual(done);

    const stored = await createReader(after).load(bucket, key);
    expect(stored.versions).toEqual(
      change.edit(versions).map((version, at) => ({ ...version, id: stored.versions[at]?.id })),
    );
    for (const { kind, id } of stored.versions)
      if (kind === 'object')
        expect(await readFile(createReader(after).fileOf(bucket, key, stored, id), 'utf8')).toMatch(/^[12]$/);
    expect(parseIndex(index).versions).toHaveLength(stored.versions.length);
  });
});

it('a change whose files can’t be moved is not lost, and comes to its end before the next', async () => {
  const dir = await mkdtemp(join(root, 'stuck-'));
  const store = openStore(dir, [bucket]);
  await apply(store, write('1'));
  await apply(store, write('2'));
  const { versions } = await createReader(dir).load(bucket, key);
  // A folder in the way of the older version's file.
  const inTheWay = join(folderOf(dir, bucket, key), `%v-${versions[0]?.id}`);
  await mkdir(join(inTheWay, 'x'), { recursive: true });
  await expect(apply(store, write('3'))).rejects.toThrow();
  await expect(store.versions(bucket, key)).rejects.toThrow();
  await rm(inTheWay, { recursive: true });
  expect(await store.versions(bucket, key)).toHaveLength(3);
  expect(await readFile(store.pathOf(bucket, key), 'utf8')).toBe('3');
  expect(await readdir(join(dir, 's3-tmp'))).toEqual([]);
});
