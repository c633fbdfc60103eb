import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { deliver, WEBHOOK_SECRET } from './github.ts';
import { logGrants, type Scenario, scenariosOf, type Tenant, type World } from './grants-world.ts';
import { connectVendor } from './polled-vendor.ts';
import type { Reply } from './stack.ts';

const OWN_KEYS = 'dynamodb:GetItem on ControlTable';
const INSERT = 'dynamodb:PartiQLInsert on EventsTable';
const DAY = 'dynamodb:UpdateItem on EventsTable';
const READ = 'dynamodb:BatchGetItem on EventsTable';
const KEEP_RAW = ['PutObject', 'PutObjectRetention'].map((one) => `s3:${one} on ArchiveBucket/raw/*`);
const KEEP_CONFLICT = 's3:PutObject on FailuresBucket/conflicts/*';
const PARAMETERS = 'parameter/annals/prod/connections/*';

/** Over what an item may hold. */
const largeText = () => `${randomUUID()}${'x'.repeat(750_000)}`;

const ingest = scenariosOf('FunctionsIngestRole', [
  {
    name: 'an event that is sent is found',
    grants: [OWN_KEYS, INSERT, DAY],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await tenant.send();
      expect(await tenant.find()).toEqual([id]);
    },
  },
  {
    name: 'an event that is sent again is said to exist',
    grants: [READ],
    async run(world) {
      const tenant = await world.newTenant();
      const event = { id: 'one', time: new Date().toISOString() };
      expect(await tenant.send(event)).toBe(await tenant.send(event));
    },
  },
  {
    name: 'a large raw is kept',
    grants: KEEP_RAW,
    async run(world) {
      const tenant = await world.newTenant();
      const raw = { text: largeText() };
      const id = await tenant.send({ raw });
      expect((await tenant.call('GET', `/v1/events/${id}`)).body['raw']).toEqual(raw);
    },
  },
  {
    name: "a vendor's event that is imported again with other content is kept aside",
    grants: [KEEP_CONFLICT],
    async run(world) {
      const tenant = await world.newTenant();
      const connection = { name: 'fleet', source: 'fleet.activities' };
      expect((await tenant.call('POST', '/v1/connections', { body: connection })).status).toBe(201);
      for (const type of ['created_user', 'deleted_user']) {
        const body = { id: 7, created_at: '2026-03-02T08:15:06Z', type, details: {} };
        const reply = await tenant.call('POST', '/v1/events?connection=fleet', { body });
        expect(reply.status, reply.text).toBe(202);
      }
      const kept = await world.objects('failures', `conflicts/${tenant.name}/fleet.activities/`);
      expect(kept).toEqual([expect.stringContaining('deleted_user')]);
    },
  },
  {
    name: 'the use of a key is noted',
    grants: ['dynamodb:PutItem on ControlTable'],
    async run(world) {
      const tenant = await world.newTenant();
      const key = await world.stack.newKey({ tenant: tenant.name, name: 'used', scopes: ['ingest'] });
      const event = { action: 'a', actor: { id: 'x' }, time: new Date().toISOString() };
      expect((await tenant.call('POST', '/v1/events', { key, body: event })).status).toBe(202);
      const { body } = await tenant.call<{ keys: { name: string }[] }>('GET', '/v1/keys');
      expect(body.keys.find(({ name }) => name === 'used')).toMatchObject({ lastUsedAt: expect.any(String) });
    },
  },
  {
    name: 'a refused request is in the log',
    grants: logGrants('FunctionsIngest'),
    async run(world) {
      const tenant = await world.newTenant(['read']);
      expect((await tenant.call('POST', '/v1/events', { body: {} })).status).toBe(403);
      await world.logged('FunctionsIngest', tenant.name);
    },
  },
]);

const webhook = scenariosOf('FunctionsWebhookRole', [
  {
    name: 'a delivery is found as an event',
    grants: [OWN_KEYS, INSERT, DAY, `ssm:GetParameter on ${PARAMETERS}`],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const ids = accepted(await star(world, connection));
      expect(await tenant.find('source=github.webhook')).toEqual(ids);
    },
  },
  {
    name: 'a redelivery is the same event',
    grants: [READ],
    async run(world) {
      const { connection } = await connect(world);
      const delivery = randomUUID();
      const ids = accepted(await star(world, connection, { delivery }));
      expect(accepted(await star(world, connection, { delivery }))).toEqual(ids);
    },
  },
  {
    name: 'a redelivery with other content is kept aside',
    grants: [KEEP_CONFLICT],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const delivery = randomUUID();
      accepted(await star(world, connection, { delivery }));
      accepted(await star(world, connection, { delivery, text: 'other' }));
      const kept = await world.objects('failures', `conflicts/${tenant.name}/github.webhook/`);
      expect(kept).toEqual([expect.stringContaining('other')]);
    },
  },
  {
    name: 'a delivery that can not be read is kept',
    grants: ['s3:PutObject on FailuresBucket/rejects/*'],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const reply = await deliver(world.stack, connection, { event: 'star', body: 'no JSON' });
      expect(reply.status, reply.text).toBe(400);
      expect(await world.objects('failures', `rejects/${tenant.name}/`)).toEqual(['no JSON']);
    },
  },
  {
    name: 'a large raw is kept',
    grants: KEEP_RAW,
    async run(world) {
      const { tenant, connection } = await connect(world);
      const text = largeText();
      const [id] = accepted(await star(world, connection, { text }));
      expect((await tenant.call('GET', `/v1/events/${id}`)).body['raw']).toMatchObject({ text });
    },
  },
  {
    name: 'a vendor that hints at something has its connection polled early',
    grants: ['dynamodb:PutItem on ControlTable'],
    async run(world) {
      const tenant = await world.newTenant();
      const token = randomUUID();
      const body = { name: 'fleet', source: 'fleet.activities', secrets: { webhook: token } };
      const made = await tenant.call<{ id: string }>('POST', '/v1/connections', { body });
      expect(made.status, made.text).toBe(201);
      const hint = await tenant.call('POST', `/v1/webhooks/${made.body.id}/${token}`, { key: null, body: {} });
      expect(hint.status, hint.text).toBe(202);
    },
  },
  {
    name: 'a refused delivery is in the log',
    grants: logGrants('FunctionsWebhook'),
    async run(world) {
      const { tenant, connection } = await connect(world);
      const reply = await deliver(world.stack, connection, { event: 'star', body: '{}', secret: 'wrong' });
      expect(reply.status, reply.text).toBe(401);
      await world.logged('FunctionsWebhook', tenant.name);
    },
  },
]);

const query = scenariosOf('FunctionsQueryRole', [
  {
    name: 'a search finds an event',
    grants: [OWN_KEYS, 'dynamodb:Query on EventsTable'],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await tenant.send();
      expect(await tenant.find()).toEqual([id]);
    },
  },
  {
    name: 'a search for a person finds what they did',
    grants: [READ],
    async run(world) {
      const tenant = await world.newTenant();
      const id = await tenant.send();
      expect(await tenant.find('actor=jane')).toEqual([id]);
    },
  },
  {
    name: 'a large raw is read back',
    grants: ['s3:GetObject on ArchiveBucket/raw/*'],
    async run(world) {
      const tenant = await world.newTenant();
      const raw = { text: largeText() };
      const reply = await tenant.call('GET', `/v1/events/${await tenant.send({ raw })}`);
      expect(reply.status, reply.text.slice(0, 500)).toBe(200);
      expect(reply.body['raw']).toEqual(raw);
    },
  },
  {
    name: "an event's proof is looked for in the archive",
    grants: ['lambda:InvokeFunction on function:VerificationVerifyHandler'],
    async run(world) {
      const tenant = await world.newTenant();
      const { status, text } = await tenant.call('GET', '/v1/events/01KA00000000000000000000AA/proof');
      expect(status, text).toBe(404);
    },
  },
  {
    name: 'sources are listed with their connections',
    grants: ['dynamodb:Query on ControlTable'],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const { status, text } = await tenant.call('GET', '/v1/sources');
      expect(status, text).toBe(200);
      expect(text).toContain(connection);
    },
  },
  {
    name: 'an attempt to delete is written down',
    grants: [INSERT, DAY],
    async run(world) {
      const tenant = await world.newTenant();
      expect((await tenant.call('DELETE', '/v1/events/x')).status).toBe(405);
      expect(await tenant.find('action=event.delete')).toHaveLength(1);
    },
  },
  {
    name: 'the use of a key is noted',
    grants: ['dynamodb:PutItem on ControlTable'],
    async run(world) {
      const tenant = await world.newTenant();
      const key = await world.stack.newKey({ tenant: tenant.name, name: 'used', scopes: ['read'] });
      expect((await tenant.call('GET', '/v1/me', { key })).status).toBe(200);
      const { body } = await tenant.call<{ keys: { name: string }[] }>('GET', '/v1/keys');
      expect(body.keys.find(({ name }) => name === 'used')).toMatchObject({ lastUsedAt: expect.any(String) });
    },
  },
  {
    name: 'a refused request is in the log',
    grants: logGrants('FunctionsQuery'),
    async run(world) {
      const tenant = await world.newTenant(['ingest']);
      expect((await tenant.call('GET', '/v1/events')).status).toBe(403);
      await world.logged('FunctionsQuery', tenant.name);
    },
  },
]);

const admin = scenariosOf('FunctionsAdminRole', [
  {
    name: 'a key is made, works, and its making is written down',
    grants: [OWN_KEYS, 'dynamodb:PutItem on ControlTable', INSERT, DAY],
    async run(world) {
      const tenant = await world.newTenant();
      const made = await tenant.call<{ key: string }>('POST', '/v1/keys', { body: { name: 'n', scopes: ['read'] } });
      expect(made.status, made.text).toBe(201);
      expect((await tenant.call('GET', '/v1/events', { key: made.body.key })).status).toBe(200);
      expect(await tenant.find('action=key.create')).toHaveLength(1);
    },
  },
  {
    name: 'keys are listed',
    grants: ['dynamodb:Query on ControlTable'],
    async run(world) {
      const tenant = await world.newTenant();
      expect((await tenant.call('GET', '/v1/keys')).body).toEqual({
        keys: [expect.objectContaining({ tenant: tenant.name })],
      });
    },
  },
  {
    name: 'a connection is made, and takes deliveries',
    grants: [`ssm:PutParameter on ${PARAMETERS}`],
    async run(world) {
      const { connection } = await connect(world);
      accepted(await star(world, connection));
    },
  },
  {
    name: 'a secret is replaced',
    grants: [`ssm:GetParameter on ${PARAMETERS}`],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const body = { secrets: { webhook: 'the new secret' } };
      const changed = await tenant.call('PATCH', `/v1/connections/${connection}`, { body });
      expect(changed.status, changed.text).toBe(200);
      accepted(await star(world, connection, { secret: 'the new secret' }));
    },
  },
  {
    name: 'a connection is deleted with its secret',
    grants: ['dynamodb:DeleteItem on ControlTable', `ssm:DeleteParameter on ${PARAMETERS}`],
    async run(world) {
      const { tenant, connection } = await connect(world);
      const secrets = () => world.parameters().filter((name) => name.includes(`/${tenant.name}/`));
      expect(secrets()).toHaveLength(1);
      const deleted = await tenant.call('DELETE', `/v1/connections/${connection}`);
      expect(deleted.status, deleted.text).toBe(204);
      expect((await tenant.call('GET', `/v1/connections/${connection}`)).status).toBe(404);
      expect(secrets()).toEqual([]);
    },
  },
  {
    name: 'a hold is shown with its files',
    grants: ['lambda:InvokeFunction on function:RetentionRetainHandler'],
    async run(world) {
      const tenant = await world.newTenant();
      const body = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z', reason: 'case 4711' };
      const made = await tenant.call<{ id: string }>('POST', '/v1/holds', { body });
      expect(made.status, made.text).toBe(201);
      const { status, body: shown } = await tenant.call('GET', `/v1/holds/${made.body.id}`);
      expect([status, shown]).toMatchObject([200, { reason: 'case 4711', files: [], next: null }]);
    },
  },
  {
    name: "a connection's vendor is asked for an event",
    grants: ['lambda:InvokeFunction on function:PollingPollHandler'],
    async run(world) {
      const tenant = await world.newTenant();
      const vendor = await connectVendor(world.stack, fakeFleetActivities, { tenant: tenant.name });
      try {
        const tested = await tenant.call('POST', `/v1/connections/${vendor.connection.id}/test`);
        expect(tested.status, tested.text).toBe(200);
        expect(vendor.server.requests).not.toEqual([]);
      } finally {
        await vendor.close();
      }
    },
  },
  {
    name: 'a refusal that is written down already is no error',
    grants: [READ],
    async run(world) {
      const tenant = await world.newTenant(['read']);
      const before = world.log('FunctionsAdmin').length;
      // Refusals of the same minute are one event; of three in a row, two are of the same minute.
      for (let i = 0; i < 4; i++) expect((await tenant.call('GET', '/v1/keys')).status).toBe(403);
      const refusals = () => world.log('FunctionsAdmin').slice(before);
      const written = () => refusals().split(`"tenant":"${tenant.name}"`).length - 1;
      await expect.poll(written, { timeout: 10_000 }).toBe(4);
      expect(refusals()).not.toContain('could not be written down');
    },
  },
  {
    name: 'a refused request is in the log',
    grants: logGrants('FunctionsAdmin'),
    async run(world) {
      const tenant = await world.newTenant(['read']);
      expect((await tenant.call('GET', '/v1/keys')).status).toBe(403);
      await world.logged('FunctionsAdmin', tenant.name);
    },
  },
]);

const page = scenariosOf('FunctionsPageRole', [
  {
    name: 'a file that is not there is in the log',
    grants: logGrants('FunctionsPage'),
    async run(world) {
      const { status, headers } = await world.stack.call('GET', '/assets/none.js', { key: null });
      expect(status).toBe(404);
      await world.logged('FunctionsPage', headers.get('x-request-id') ?? 'no request id');
    },
  },
]);

/** What the functions behind the API have their grants for. */
export const API_SCENARIOS: readonly Scenario[] = [...ingest, ...webhook, ...query, ...admin, ...page];

async function connect(world: World): Promise<{ tenant: Tenant; connection: string }> {
  const tenant = await world.newTenant();
  const body = { name: 'octo', source: 'github.webhook', secrets: { webhook: WEBHOOK_SECRET } };
  const made = await tenant.call<{ id: string }>('POST', '/v1/connections', { body });
  expect(made.status, made.text).toBe(201);
  return { tenant, connection: made.body.id };
}

function star(
  world: World,
  connection: string,
  { text = '', ...more }: { text?: string; delivery?: string; secret?: string } = {},
): Promise<Reply> {
  const body = JSON.stringify({ action: 'created', sender: { login: 'jane' }, text });
  return deliver(world.stack, connection, { event: 'star', body, ...more });
}

function accepted({ status, text, body }: Reply): string[] {
  expect(status, text).toBe(202);
  return body['ids'] as string[];
}
