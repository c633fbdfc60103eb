import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConnectionChange, ConnectionRequest } from '../../shared/control/connections.ts';
import { bodyOf, type Connecting, type FormField } from '../../shared/sources/connecting.ts';
import { SOURCES, sourceNamed } from '../../shared/sources/registry.ts';
import { changeFields, newFields, secretFields, wayOf } from '../../web/admin/connection-fields.ts';
import { canSay, changeOf, valuesOf } from '../../web/admin/connection-values.ts';
import type { AdminConnection } from '../../web/admin/types.ts';

const CONNECTABLE = SOURCES.flatMap(({ name, connecting }) => (connecting ? [{ name, connecting }] : []));
const connectingOf = (name: string): Connecting => {
  const connecting = sourceNamed(name)?.connecting;
  if (!connecting) throw new Error(`${name} is not connected`);
  return connecting;
};

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

test.each(CONNECTABLE)(
  'whatever is typed for $name is a request that the API knows the fields of',
  ({ name, connecting }) => {
    for (const way of connecting.ways) {
      const { main, more } = newFields(connecting, way);
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
  },
);

function pick(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([one]) => one === name)?.[1]
    : undefined;
}

test('fields are read by their kind: numbers, lists, flags, objects within', () => {
  const form = connectingOf('github.audit');
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
  const form = connectingOf('github.audit');
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
  const form = connectingOf('github.audit');
  const fields = changeFields(form, wayOf(form, connection()));
  expect(canSay(fields, connection())).toBe(true);
  expect(canSay(fields, connection({ settings: { organization: 'a', unheardOf: 1 } }))).toBe(false);
  expect(canSay(fields, connection({ settings: { organization: 'a', app: { clientId: 'x' } } }))).toBe(false);
});

test('the way of a connection is told by its secrets; those can all be replaced, and none has to be', () => {
  const github = connectingOf('github.audit');
  expect(wayOf(github, connection()).label).toBe('Personal access token');
  expect(wayOf(github, connection({ secrets: ['privateKey'] })).label).toBe('GitHub App');
  const appomni = connectingOf('appomni.audit');
  expect(wayOf(appomni, { secrets: ['webhook'] }).isPush).toBe(true);
  expect(wayOf(appomni, { secrets: ['webhook', 'refreshToken', 'clientSecret'], settings: {} }).label).toBe(
    'Refresh token',
  );
  for (const { connecting } of CONNECTABLE) {
    for (const way of connecting.ways) {
      const paths = secretFields(connecting, way).map(({ path }) => path);
      expect(paths.length).toBeGreaterThan(0);
      for (const { path } of way.fields) if (path.startsWith('secrets.')) expect(paths).toContain(path);
      for (const field of secretFields(connecting, way)) expect(field.required).toBeUndefined();
    }
  }
});

test('a source may have a webhook beside polling, whose secret is asked for with what few need', () => {
  const fleet = connectingOf('fleet.activities');
  const [way] = fleet.ways;
  const plain = connectingOf('duo.auth');
  expect(newFields(fleet, way).more[0]).toMatchObject({
    path: 'secrets.webhook',
    hint: expect.stringMatching(/^Fleet.*32 random/),
  });
  expect(newFields(fleet, way).more[0]).not.toHaveProperty('required');
  expect(newFields(plain, plain.ways[0]).more.map(({ path }) => path)).not.toContain('secrets.webhook');
});
