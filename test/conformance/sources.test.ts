import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pagePath, sourcePage } from '../../infra/cli/source-page.ts';
import { prepareEvents } from '../../shared/event/prepare.ts';
import { CanonicalEvent } from '../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../shared/json.ts';
import { isJsonObject } from '../../shared/json.ts';
import { matches } from '../../shared/query/filter.ts';
import { parseQueryObject } from '../../shared/query/object.ts';
import { bodyOf, type Connecting, exampleOf, type FormField } from '../../shared/sources/connecting.ts';
import { SOURCES } from '../../shared/sources/registry.ts';
import type { Source } from '../../shared/sources/source.ts';
import { EVENT_TYPES, type EventType } from '../../shared/taxonomy.ts';

const ROOT = join(import.meta.dirname, '../..');
const RECEIVED = '2026-11-22T12:00:00.000Z';

/** A source's own example events: the file's name is the EMM type that it must get. */
function examplesOf(source: Source): { type: EventType; raw: JsonObject }[] {
  const folder = join(ROOT, 'shared/sources', source.name, 'examples');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((file) => ({
    type: file.replace(/\.json$/, '') as EventType,
    raw: JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject,
  }));
}

function canonical(source: Source, raw: JsonObject) {
  return prepareEvents(source.normalize(raw), {
    tenant: 'main',
    connection: 'c',
    source: source.name,
    product: source.product,
    origin: source.defaultOrigin,
    tier: source.defaultTier,
    receivedAt: RECEIVED,
  });
}

function expectValid(source: Source, raw: JsonObject): void {
  for (const { event } of canonical(source, raw)) {
    const parsed = CanonicalEvent.safeParse(event);
    expect(parsed.error?.issues ?? [], JSON.stringify(raw).slice(0, 500)).toEqual([]);
  }
}

/** An event with some of its fields, at any depth, dropped, nulled or replaced by something of another type. */
function spoiled(raw: JsonObject): fc.Arbitrary<JsonObject> {
  const odd = fc.constantFrom<Json>(null, '', 'text', 0, -1.5, 1e300, true, [], {}, [null], ['x'], { a: null });
  return fc.array(fc.tuple(fc.nat(), fc.option(odd)), { minLength: 1, maxLength: 6 }).map((edits) => {
    const copy = structuredClone(raw);
    for (const [pick, odds] of edits) {
      const value = structuredClone(odds);
      const places: [JsonObject | Json[], string | number][] = [];
      const walk = (node: Json) => {
        if (Array.isArray(node)) for (const [index, one] of node.entries()) places.push([node, index]) && walk(one);
        else if (isJsonObject(node))
          for (const [key, one] of Object.entries(node)) places.push([node, key]) && walk(one);
      };
      walk(copy);
      const place = places[pick % Math.max(1, places.length)];
      if (!place) continue;
      const [node, key] = place;
      if (Array.isArray(node)) node[key as number] = value;
      else if (value === null && pick % 2 === 0) delete node[key as string];
      else node[key as string] = value;
    }
    return copy;
  });
}

function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, one]) => [key, reversed(one)]),
  );
}

describe.each(SOURCES.map((source) => [source.name, source] as const))('%s', (name, source) => {
  const examples = examplesOf(source);

  it('has its folder, its README and an example of every type that it can give', () => {
    expect(existsSync(join(ROOT, 'shared/sources', name, 'README.md'))).toBe(true);
    expect(examples.map(({ type }) => type).sort()).toEqual([...source.types].sort());
    expect(EVENT_TYPES).toEqual(expect.arrayContaining([...source.types]));
  });

  it.each(examples.map(({ type, raw }) => [type, raw] as const))('types its example of %s so', (type, raw) => {
    expect(canonical(source, raw).map(({ event }) => event.type)).toContain(type);
    expectValid(source, raw);
  });

  it('lists no action with a type that it does not declare', () => {
    for (const type of Object.values(source.actions)) if (type !== null) expect(source.types).toContain(type);
  });

  it('suggests a search that finds some of its own examples, and not all', () => {
    const { name: title, query } = source.suggestedSearch;
    expect(title.length).toBeGreaterThan(0);
    expect(Object.keys(query)).not.toContain('source');
    const { filter } = parseQueryObject({ ...query, source: name });
    const events = examples.flatMap(({ raw }) => canonical(source, raw)).map(({ event }) => event);
    const found = events.filter((event) => matches(event, filter));
    expect(found.length, `"${title}" finds none of the examples`).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(events.length);
  });

  it('has a page in docs that is up to date', () => {
    expect(existsSync(pagePath(source)), 'run npm run docs').toBe(true);
    expect(readFileSync(pagePath(source), 'utf8'), 'run npm run docs').toBe(sourcePage(source));
  });

  it('makes valid events of any JSON object', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (raw) => expectValid(source, raw as JsonObject)));
  });

  it('makes valid events of its own, spoiled in any way', () => {
    if (examples.length === 0) return;
    const any = fc.constantFrom(...examples.map(({ raw }) => raw)).chain(spoiled);
    fc.assert(
      fc.property(any, (raw) => expectValid(source, raw)),
      { numRuns: 200 },
    );
  });

  it('gives the same ids whatever the order of keys, again and again', () => {
    for (const { raw } of examples) {
      const ids = canonical(source, raw).map(({ event, contentHash }) => [event.id, contentHash]);
      expect(
        canonical(source, reversed(raw) as JsonObject).map(({ event, contentHash }) => [event.id, contentHash]),
      ).toEqual(ids);
      expect(new Set(ids.map(([id]) => id)).size).toBe(ids.length);
    }
  });

  it('guesses at least 80 % of every second action as its table has them', () => {
    const actions = Object.keys(source.actions).sort();
    const removed = actions.filter((_, index) => index % 2 === 1);
    const right = removed.filter((action) => source.guess(action) === source.actions[action]);
    const share = removed.length === 0 ? 1 : right.length / removed.length;
    process.stdout.write(
      `${name}: the rules alone type ${(100 * share).toFixed(0)} % of ${removed.length} actions rightly\n`,
    );
    const wrong = removed.filter((action) => !right.includes(action));
    expect(share, `wrong: ${wrong.join(', ')}`).toBeGreaterThanOrEqual(0.8);
  });
});

/** Names of the settings that a source declares, those of an object within by dot path, with their schemas. */
function declared(schema: z.core.JSONSchema.BaseSchema, under = ''): [path: string, z.core.JSONSchema.BaseSchema][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    if (typeof one !== 'object') return [];
    const path = `${under}${name}`;
    return one.properties ? declared(one, `${path}.`) : [[path, one] as [string, z.core.JSONSchema.BaseSchema]];
  });
}

function fieldsOf({ ways, rare }: Connecting): readonly FormField[] {
  return [...ways.flatMap(({ fields }) => fields), ...rare];
}

function named(fields: readonly FormField[], prefix: string): string[] {
  return [
    ...new Set(fields.flatMap(({ path }) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []))),
  ].sort();
}

it('what is polled or sends webhooks can be connected, and nothing else', () => {
  const names = (some: readonly Source[]) => some.map(({ name }) => name);
  expect(names(SOURCES.filter(({ connecting }) => connecting))).toEqual(
    names(SOURCES.filter(({ poller, webhook }) => poller || webhook)),
  );
});

describe.each(
  SOURCES.flatMap((source) => (source.connecting ? [[source.name, source, source.connecting] as const] : [])),
)('connecting %s', (_, { poller, webhook }, connecting) => {
  const fields = fieldsOf(connecting);
  const polls = connecting.ways.filter(({ isPush }) => !isPush);
  const schema = poller && z.toJSONSchema(poller.settings, { io: 'input', unrepresentable: 'any' });
  const settings = new Map(schema && declared(schema));
  const settingOf = ({ path }: FormField) => settings.get(path.slice('settings.'.length));

  it('is told step by step', () => {
    expect(connecting.steps.length).toBeGreaterThan(0);
    for (const step of connecting.steps) expect(step).toMatch(/^[A-Z].{9,}\.$/);
  });

  it('asks for every setting and secret that there is, and for no other', () => {
    expect(named(fields, 'settings.')).toEqual([...settings.keys()].sort());
    const asked = [...named(fields, 'secrets.'), ...(connecting.webhookHint === undefined ? [] : ['webhook'])];
    const known = [...Object.keys(poller?.secrets ?? {}), ...(webhook ? ['webhook'] : [])];
    expect([...new Set(asked)].sort()).toEqual(known.sort());
    expect(fields.filter(({ path }) => !/^(settings|secrets)\./.test(path))).toEqual([]);
    expect(polls.length > 0).toBe(poller !== undefined);
    for (const { fields: ofWay, isPush } of connecting.ways) {
      expect(new Set(ofWay.map(({ path }) => path)).size).toBe(ofWay.length);
      if (isPush) expect(named(ofWay, '')).toEqual(['secrets.webhook']);
    }
  });

  it('needs what the source needs', () => {
    for (const way of polls) {
      const needed = way.fields.flatMap(({ path, required }) => (required ? [path] : []));
      for (const setting of schema?.required ?? []) expect(needed).toContain(`settings.${setting}`);
      for (const [secret, { optional }] of Object.entries(poller?.secrets ?? {}))
        if (!optional) expect(needed).toContain(`secrets.${secret}`);
      expect(named(way.fields, 'secrets.').length).toBeGreaterThan(0);
    }
  });

  it('asks for each setting as what it is', () => {
    for (const field of fields.filter(({ path }) => path.startsWith('settings.'))) {
      const { path, kind = 'text', options, startsOn } = field;
      const { type, default: otherwise, enum: values } = settingOf(field) ?? {};
      const kinds = { integer: 'number', number: 'number', boolean: 'flag', array: 'list' } as const;
      const expected = values ? 'choice' : kinds[type as keyof typeof kinds];
      if (expected === undefined) expect([path, kind]).toEqual([path, expect.stringMatching(/^(text|lines)$/)]);
      else expect([path, kind]).toEqual([path, expected]);
      if (kind === 'flag') expect(startsOn).toBe(otherwise || undefined);
      if (values) expect(options?.map(({ value }) => value || otherwise).sort()).toEqual([...values].sort());
    }
  });

  it.each(polls)('gives examples that the source takes, by $label', (way) => {
    const given = exampleOf(way)['settings'] as Record<string, unknown>;
    expect(poller?.settings.safeParse(given).error?.issues).toBeUndefined();
    for (const field of [...way.fields, ...connecting.rare].filter(
      ({ required, isEither }) => !required && !isEither,
    )) {
      const { path, example, options = [] } = field;
      for (const text of [...options.map(({ value }) => value), ...(example === undefined ? [] : [example])]) {
        const { settings: also, secrets } = bodyOf([field], { [path]: text });
        expect(
          poller?.settings.safeParse({ ...given, ...(also as object | undefined) }).error?.issues,
          path,
        ).toBeUndefined();
        for (const [name, value] of Object.entries((secrets as object | undefined) ?? {}))
          expect(value).toMatch(poller?.secrets[name]?.pattern ?? /^/);
      }
    }
  });
});

const SAMPLES = join(ROOT, '../shared/samples');
/** Labels that the vendor's own documentation contradicts, with the type that it calls for. */
const CONTRADICTED: Readonly<Record<string, EventType>> = {
  // A team's permission goes from admin down to maintain; the same act is labelled as adding and, in another sample, as
  // removing (https://docs.github.com/en/organizations/managing-user-access-to-your-organizations-repositories/managing-repository-roles/repository-roles-for-an-organization).
  'github.audit/add_permission.1.json': 'remove_permission',
};

describe('labelled samples', () => {
  if (!existsSync(SAMPLES)) {
    process.stdout.write('the labelled samples are not here: their check is skipped\n');
    it.skip('are not here');
    return;
  }
  const samples = SOURCES.flatMap((source) => {
    const folder = join(SAMPLES, source.name);
    return existsSync(folder) ? readdirSync(folder).map((file) => ({ source, file, path: join(folder, file) })) : [];
  });
  it.each(samples.map(({ source, file, path }) => [`${source.name}/${file}`, source, path] as const))(
    '%s',
    (name, source, path) => {
      const types = canonical(source, JSON.parse(readFileSync(path, 'utf8'))).map(({ event }) => event.type);
      if (source.name === 'fleet.activities') expect(types).not.toContain(null);
      else expect(types).toContain(CONTRADICTED[name] ?? /([a-z_]+)\./.exec(name.split('/')[1] ?? '')?.[1]);
    },
  );
});
