import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CanonicalEvent, EventsPage } from '../../../web/api/types.ts';
import { type LoadPage, Pager } from '../../../web/feed/pager.ts';
import { eventOf } from '../support.ts';

const event = (id: string): CanonicalEvent => eventOf({ id });
const ids = (events: readonly CanonicalEvent[]) => events.map(({ id }) => id).join('');

/** A store whose events are single letters, z the newest; its cursor is the last letter given. */
function storeOf(letters: string) {
  let stored = letters.split('');
  let broken: Error | undefined;
  const load: LoadPage = async (cursor, limit) => {
    if (broken) throw broken;
    const rest = stored
      .toSorted()
      .reverse()
      .filter((id) => cursor === null || id < cursor);
    const page = rest.slice(0, limit);
    return { events: page.map(event), next: rest.length > limit ? (page.at(-1) ?? null) : null };
  };
  return {
    load,
    add: (more: string) => {
      stored = [...stored, ...more];
    },
    break: (error?: Error) => {
      broken = error;
    },
  };
}

/** The same with pages of two. */
const small =
  (load: LoadPage): LoadPage =>
  (cursor, _limit, signal) =>
    load(cursor, 2, signal);

test('page after page to the end', async () => {
  const pager = new Pager(small(storeOf('abcde').load));
  await pager.more();
  expect(pager.value).toMatchObject({ isBegun: true, isEnd: false, isLoading: false });
  expect(ids(pager.value.events)).toBe('ed');
  await pager.more();
  await pager.more();
  expect(ids(pager.value.events)).toBe('edcba');
  expect(pager.value.isEnd).toBe(true);
});

test('a page that is on its way is not asked for twice', async () => {
  const pager = new Pager(small(storeOf('abcde').load));
  await Promise.all([pager.more(), pager.more(), pager.more()]);
  expect(ids(pager.value.events)).toBe('ed');
});

test('a failed page is told and can be tried again', async () => {
  const store = storeOf('abc');
  const pager = new Pager(small(store.load));
  await pager.more();
  store.break(new Error('busy'));
  await pager.more();
  expect(pager.value).toMatchObject({ error: new Error('busy'), isLoading: false });
  store.break();
  await pager.more();
  expect(pager.value.error).toBeUndefined();
  expect(ids(pager.value.events)).toBe('cba');
});

test('pages that end before they found anything are gone on with', async () => {
  const pages: EventsPage[] = [
    { events: [], next: '1' },
    { events: [], next: '2' },
    { events: [event('a')], next: null },
  ];
  const pager = new Pager(async () => pages.shift() ?? { events: [], next: null });
  await pager.more();
  expect(ids(pager.value.events)).toBe('a');
  expect(pager.value.isEnd).toBe(true);
});

describe('what arrives', () => {
  test('is kept aside until it is shown', async () => {
    const store = storeOf('abc');
    const pager = new Pager(store.load);
    await pager.more();
    store.add('xy');
    await pager.look();
    expect(ids(pager.value.events)).toBe('cba');
    expect(ids(pager.value.arrived)).toBe('yx');
    pager.show();
    expect(ids(pager.value.events)).toBe('yxcba');
    expect(pager.value.arrived).toEqual([]);
  });

  test('late ones find their place', async () => {
    const store = storeOf('ace');
    const pager = new Pager(store.load);
    await pager.more();
    store.add('d');
    await pager.look();
    pager.show();
    expect(ids(pager.value.events)).toBe('edca');
  });

  test('what the next page will bring is left to it', async () => {
    const store = storeOf('abcdef');
    const pager = new Pager((cursor, limit, signal) => store.load(cursor, limit === 50 ? 2 : limit, signal));
    await pager.more();
    await pager.look();
    expect(pager.value.arrived).toEqual([]);
    await pager.more();
    expect(ids(pager.value.events)).toBe('fedcba');
  });

  test('more than one look shows is told', async () => {
    const store = storeOf('a');
    const pager = new Pager((cursor, _limit, signal) => store.load(cursor, 2, signal));
    await pager.more();
    store.add('wxyz');
    await pager.look();
    expect(pager.value.hasArrivedMore).toBe(true);
  });

  test('a look that fails changes nothing', async () => {
    const store = storeOf('ab');
    const pager = new Pager(store.load);
    await pager.more();
    const before = pager.value;
    store.break(new Error('gone'));
    await pager.look();
    expect(pager.value).toBe(before);
  });
});

test('nothing changes once it is stopped', async () => {
  const pager = new Pager(storeOf('abc').load);
  const loading = pager.more();
  pager.stop();
  await loading;
  expect(pager.value.events).toEqual([]);
});

test('whatever comes in between, every event is shown once and in order', async () => {
  const letters = fc.uniqueArray(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), { maxLength: 12 });
  const step = fc.oneof(
    fc.constant('more' as const),
    fc.constant('look' as const),
    fc.constant('show' as const),
    fc.uniqueArray(fc.constantFrom(...'ABCDEFGHIJ'), { maxLength: 3 }),
  );
  await fc.assert(
    fc.asyncProperty(letters, fc.array(step), async (first, steps) => {
      const store = storeOf(first.join(''));
      const pager = new Pager((cursor, limit, signal) => store.load(cursor, limit === 100 ? 3 : limit, signal));
      const added = new Set(first);
      await pager.more();
      for (const one of steps) {
        if (one === 'more') await pager.more();
        else if (one === 'look') await pager.look();
        else if (one === 'show') pager.show();
        else {
          const fresh = one.filter((letter) => !added.has(letter));
          for (const letter of fresh) added.add(letter);
          store.add(fresh.join(''));
        }
      }
      await pager.look();
      pager.show();
      while (!pager.value.isEnd) await pager.more();
      const shown = pager.value.events.map(({ id }) => id);
      expect(shown).toEqual([...added].sort().reverse());
    }),
  );
});
