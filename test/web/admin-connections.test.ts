import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { ConnectionChange, ConnectionRequest } from '../../shared/control/connections.ts';
import { annalsAudit } from '../../shared/sources/annals.audit/source.ts';
import { SOURCES } from '../../shared/sources/registry.ts';
import { changeFields, newFields, secretFields, wayOf } from '../../web/admin/connection-fields.ts';
import { bodyOf, canSay, changeOf, valuesOf } from '../../web/admin/connection-values.ts';
import type { FormField, SourceForm } from '../../web/admin/source-form.ts';
import { SOURCE_FORMS } from '../../web/admin/source-forms.ts';
import type { AdminConnection } from '../../web/admin/types.ts';
import { GUIDES } from '../../web/sources/guides.ts';

const CONNECTABLE = SOURCES.filter((source) => source !== annalsAudit);
const formOf = (name: string): SourceForm => {
  const form = SOURCE_FORMS[name];
  if (!form) throw new Error(`there is no form for ${name}`);
  return form;
};
const fieldsOf = (form: SourceForm): FormField[] =>
  form.ways.flatMap((way) => Object.values(newFields(form, way)).flat());
const named = (fields: readonly FormField[], prefix: string) =>
  [...new Set(fields.flatMap(({ path }) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : [])))].sort();

const connection = (part: Partial<AdminConnection> = {}): AdminConnection => ({
  id: 'main.octo-org',
  tenant: 'main',
  name: 'octo-org',
  source: 'github.audit',
  origin: 'github.com',
  secrets: ['token'],
  settings: { organization: 'octo-org' },
  createdAt: '2026-11-01T00:00:00.000Z',
  updatedAt: '2026-11-01T00:00:00.000Z',
  ...part,
});

/** Names of the settings that a source declares, those of an object within by dot path. */
function declared(schema: z.core.JSONSchema.BaseSchema, under = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, one]) => {
    const path = `${under}${name}`;
    return typeof one === 'object' && one.properties ? declared(one, `${path}.`) : [path];
  });
}

test('every source that can be connected has a form and a guide, and no other has', () => {
  const names = CONNECTABLE.map(({ name }) => name).sort();
  expect(Object.keys(SOURCE_FORMS).sort()).toEqual(names);
  expect(Object.keys(GUIDES).sort()).toEqual(names);
});

test.each(CONNECTABLE)('the form of $name asks for what the source declares', (source) => {
  const { name, title, poller, webhook } = source;
  const form = formOf(name);
  const fields = fieldsOf(form);
  expect(form.title).toBe(title);
  const schema = poller && z.toJSONSchema(poller.settings, { io: 'input', unrepresentable: 'any' });
  expect(named(fields, 'settings.')).toEqual(schema ? declared(schema).sort() : []);
  const secrets = [...Object.keys(poller?.secrets ?? {}), ...(webhook ? ['webhook'] : [])];
  expect(named(fields, 'secrets.')).toEqual(secrets.sort());
  for (const way of form.ways.filter(({ isPush }) => !isPush)) {
    const needed = way.fields.flatMap(({ path, required }) => (required ? [path] : []));
    for (const setting of schema?.required ?? []) expect(needed).toContain(`settings.${setting}`);
    for (const [secret, { optional }] of Object.entries(poller?.secrets ?? {}))
      if (!optional) expect(needed).toContain(`secrets.${secret}`);
  }
  for (const { kind, path, startsOn } of fields) {
    const setting = schema?.properties?.[path.slice('settings.'.length)];
    if (kind === 'flag') expect(startsOn).toBe((typeof setting === 'object' && setting.default) || undefined);
    const type = typeof setting === 'object' ? setting.type : undefined;
    expect([path, kind === 'number', kind === 'flag', kind === 'list' && path.startsWith('settings.')]).toEqual([
      path,
      type === 'integer' || type === 'number',
      type === 'boolean',
      type === 'array',
    ]);
  }
});

test.each(CONNECTABLE)('whatever is typed for $name is a request that the API knows the fields of', ({ name }) => {
  const form = formOf(name);
  for (const way of form.ways) {
    const { main, more } = newFields(form, way);
    const all = [...main, ...more];
    const values = fc.record(
      Object.fromEntries(
        all.map(({ path, kind, options }) => [
          path,
          kind === 'choice'
            ? fc.constantFrom(...(options ?? []).map(({ value }) => value))
            : fc.oneof(
                fc.constant(''),
                fc.string({ unit: 'binary' }),
                fc.constantFrom('12', 'a, b', 'off', '2026-01-01'),
              ),
        ]),
      ),
    );
    fc.assert(
      fc.property(values, (typed) => {
        const body = { name: 'a', source: name, ...bodyOf(all, typed) };
        const problems = ConnectionRequest.safeParse(body).error?.issues ?? [];
        expect(problems.filter(({ code }) => code === 'unrecognized_keys')).toEqual([]);
        for (const [path, text] of Object.entries(typed))
          if (text.trim() === '') expect(path.split('.').reduce<unknown>(pick, body)).toBeUndefined();
      }),
      { numRuns: 30 },
    );
  }
});

function pick(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([one]) => one === name)?.[1]
    : undefined;
}

test('fields are read by their kind: numbers, lists, flags, objects within', () => {
  const form = formOf('github.audit');
  const [, app] = form.ways;
  if (!app) throw new Error('no app');
  const { main, more } = newFields(form, app);
  const typed = {
    'settings.organization': ' acme ',
    'settings.app.clientId': 'Iv1',
    'settings.app.installationId': '42',
    'secrets.privateKey': '-----BEGIN\n',
    'settings.git': 'off',
    allowedAddresses: '10.0.0.1, 10.2.0.0/16',
    tier: '',
  };
  expect(bodyOf([...main, ...more], typed)).toEqual({
    settings: { organization: 'acme', app: { clientId: 'Iv1', installationId: '42' }, git: false },
    secrets: { privateKey: '-----BEGIN\n' },
    allowedAddresses: ['10.0.0.1', '10.2.0.0/16'],
  });
  const days: FormField = { path: 'settings.days', label: 'Days', kind: 'number' };
  expect(bodyOf([days], { 'settings.days': '90' })).toEqual({ settings: { days: 90 } });
  expect(bodyOf([days], { 'settings.days': 'many' })).toEqual({ settings: { days: 'many' } });
});

test('a connection that is not touched is not changed; what is touched is, and nothing else', () => {
  const form = formOf('github.audit');
  const there = connection({
    settings: { git: false, organization: 'octo-org' },
    tier: '180d',
    network: 'private',
    allowedAddresses: ['10.0.0.1'],
  });
  const fields = changeFields(form, wayOf(form, there));
  const values = valuesOf(fields, there);
  expect(changeOf(bodyOf(fields, values), there)).toBeNull();
  const change = (path: string, value: string) => changeOf(bodyOf(fields, { ...values, [path]: value }), there);
  expect(change('tier', '')).toEqual({ tier: null });
  expect(change('network', '')).toEqual({ network: 'public' });
  expect(change('allowedAddresses', '')).toEqual({ allowedAddresses: [] });
  expect(change('settings.git', 'on')).toEqual({ settings: { organization: 'octo-org', git: true } });
  expect(change('settings.git', '')).toEqual({ settings: { organization: 'octo-org' } });
  for (const one of [change('tier', ''), change('network', ''), change('settings.git', '')])
    expect(ConnectionChange.safeParse(one).success).toBe(true);
});

test('settings that no field can say are left to JSON', () => {
  const form = formOf('github.audit');
  const fields = changeFields(form, wayOf(form, connection()));
  expect(canSay(fields, connection())).toBe(true);
  expect(canSay(fields, connection({ settings: { organization: 'a', unheardOf: 1 } }))).toBe(false);
  expect(canSay(fields, connection({ settings: { organization: 'a', app: { clientId: 'x' } } }))).toBe(false);
});

test('the way of a connection is told by its secrets; those can all be replaced, and none has to be', () => {
  const github = formOf('github.audit');
  expect(wayOf(github, connection()).label).toBe('Personal access token');
  expect(wayOf(github, connection({ secrets: ['privateKey'] })).label).toBe('GitHub App');
  const appomni = formOf('appomni.audit');
  expect(wayOf(appomni, { secrets: ['webhook'] }).isPush).toBe(true);
  expect(wayOf(appomni, { secrets: ['webhook', 'refreshToken', 'clientSecret'], settings: {} }).label).toBe(
    'Refresh token',
  );
  for (const form of Object.values(SOURCE_FORMS)) {
    for (const way of form.ways) {
      const paths = secretFields(form, way).map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(0);
      for (const { path } of way.fields) if (path.startsWith('secrets.')) expect(paths).toContain(path);
      for (const field of secretFields(form, way)) expect(field.required).toBeUndefined();
    }
  }
});
