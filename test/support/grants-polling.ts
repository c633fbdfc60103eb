import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { fakeAppomniAudit } from '../../infra/local/vendors/appomni.audit.ts';
import type { FakeVendor } from '../../infra/local/vendors/fake.ts';
import { fakeFleetActivities } from '../../infra/local/vendors/fleet.activities.ts';
import { logGrants, type Scenario, scenariosOf, type Tenant, type World } from './grants-world.ts';
import { connectVendor, type PolledVendor } from './polled-vendor.ts';

const PARAMETERS = 'parameter/annals/prod/connections/*';

const poll = scenariosOf('PollingPollRole', [
  {
    name: "a vendor's events are collected",
    grants: [
      ...['PartiQLInsert', 'UpdateItem', 'BatchGetItem'].map((one) => `dynamodb:${one} on EventsTable`),
      ...['GetItem', 'Query', 'PutItem'].map((one) => `dynamodb:${one} on ControlTable`),
      `ssm:GetParameter on ${PARAMETERS}`,
    ],
    run: eventsAreCollected,
  },
  {
    name: 'a token that the vendor replaces is kept',
    grants: [`ssm:PutParameter on ${PARAMETERS}`],
    run: (world) =>
      polled(world, fakeAppomniAudit, async (tenant, vendor) => {
        vendor.happen({ n: 1 });
        await world.stack.tick();
        expect(await tenant.find()).toHaveLength(1);
      }),
  },
  {
    name: 'a large raw is kept',
    grants: ['s3:PutObject on ArchiveBucket/raw/*', 's3:PutObjectRetention on ArchiveBucket/raw/*'],
    run: (world) =>
      polled(world, fakeFleetActivities, async (tenant, vendor) => {
        const details = { text: `${randomUUID()}${'x'.repeat(750_000)}` };
        vendor.happen({ n: 1, more: { details } });
        await world.stack.tick();
        const [id] = await tenant.find();
        expect((await tenant.call('GET', `/v1/events/${id}`)).body['raw']).toMatchObject({ details });
      }),
  },
  {
    name: 'an event that the vendor tells again with other content is kept aside',
    grants: ['s3:PutObject on FailuresBucket/conflicts/*'],
    async run(world) {
      const tenant = await world.newTenant();
      const origin = randomUUID();
      const at = new Date(Date.now() - 3_600_000);
      // The second connection reads the same account from the beginning.
      for (const type of ['created_user', 'deleted_user']) {
        await using vendor = await connected(world, tenant, fakeFleetActivities, { origin });
        vendor.happen({ n: 1, at, more: { type } });
        await world.stack.tick();
      }
      const kept = await world.objects('failures', `conflicts/${tenant.name}/fleet.activities/`);
      expect(kept).toEqual([expect.stringContaining('deleted_user')]);
    },
  },
  {
    name: 'a poll that fails is in the log',
    grants: logGrants('PollingPoll'),
    run: (world) =>
      polled(
        world,
        fakeFleetActivities,
        async (tenant) => {
          await world.stack.tick();
          await world.logged('PollingPoll', tenant.name);
        },
        { secrets: { token: 'not the token' } },
      ),
  },
]);

const dispatch = scenariosOf('PollingDispatchRole', [
  {
    name: "a vendor's events are collected",
    grants: ['dynamodb:Query on ControlTable', 'lambda:InvokeFunction on function:PollingPollHandler'],
    run: eventsAreCollected,
  },
  {
    name: 'a connection that can not be polled is in the log',
    grants: logGrants('PollingDispatch'),
    run: (world) =>
      polled(
        world,
        fakeFleetActivities,
        async (tenant) => {
          await world.stack.tick();
          await world.logged('PollingDispatch', tenant.name);
        },
        { network: 'private' },
      ),
  },
]);

const schedule = scenariosOf('PollingScheduleRole', [
  {
    name: "a vendor's events are collected",
    grants: ['lambda:InvokeFunction on function:PollingDispatchHandler'],
    run: eventsAreCollected,
  },
]);

/** What collecting has its grants for. */
export const POLLING_SCENARIOS: readonly Scenario[] = [...poll, ...dispatch, ...schedule];

function eventsAreCollected(world: World): Promise<void> {
  return polled(world, fakeFleetActivities, async (tenant, vendor) => {
    vendor.happen({ n: 1 });
    vendor.happen({ n: 2 });
    await world.stack.tick();
    expect(await tenant.find()).toHaveLength(2);
  });
}

type Given = NonNullable<Parameters<typeof connectVendor>[2]>['connection'];

async function polled(
  world: World,
  fake: FakeVendor,
  use: (tenant: Tenant, vendor: PolledVendor) => Promise<void>,
  connection?: Given,
): Promise<void> {
  const tenant = await world.newTenant();
  await using vendor = await connected(world, tenant, fake, connection);
  await use(tenant, vendor);
}

async function connected(world: World, { name }: Tenant, fake: FakeVendor, connection?: Given) {
  const vendor = await connectVendor(world.stack, fake, { tenant: name, ...(connection && { connection }) });
  return { ...vendor, [Symbol.asyncDispose]: () => vendor.close() };
}
