import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readTemplate } from '../../infra/local/template.ts';
import { grantsOf, withoutGrant } from '../support/grants.ts';
import { API_SCENARIOS } from '../support/grants-api.ts';
import { DELIVERY_SCENARIOS } from '../support/grants-delivery.ts';
import { EXPORT_SCENARIOS } from '../support/grants-export.ts';
import { POLLING_SCENARIOS } from '../support/grants-polling.ts';
import { type Scenario, startWorld, type World } from '../support/grants-world.ts';

const scenarios = [...API_SCENARIOS, ...DELIVERY_SCENARIOS, ...POLLING_SCENARIOS, ...EXPORT_SCENARIOS];
const grants = grantsOf(readTemplate(inject('templateFile')));
// Those of verify and reconcile are tried over an archive, in grants-verification.test.ts, those of the seal and of the
// fingerprints over archives that are being sealed, in grants-seal.test.ts, that of the replay in grants-replay.test.ts.
const roles = [...Map.groupBy(grants, ({ role }) => role)].filter(
  ([role]) => !/^(Verification|Retention|Replaying|Sealing|Fingerprints)/.test(role),
);

/** How long a line is waited for in a log that it should not, and that it should be in. */
const WITHOUT_MS = 300;
const WITH_MS = 10_000;

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(async () => {
  try {
    // What was waited for in vain did not come later either.
    for (const { functionName, text } of world?.unlogged ?? []) expect(world.log(functionName)).not.toContain(text);
  } finally {
    await world?.close();
  }
});

it('are all there that the scenarios are for', () => {
  const given = grants.map(({ role, text }) => `${role} ${text}`);
  for (const { role, name, grants: own } of scenarios)
    for (const text of own)
      expect(given, `"${name}" is for a grant that the template lacks`).toContain(`${role} ${text}`);
});

describe.each(roles)('%s', (role, own) => {
  it.each(own.map((grant) => [grant.text, grant] as const))('needs %s', async (text, grant) => {
    // Statements that differ in their conditions only have a scenario each.
    const candidates = scenarios.filter((one) => one.role === role && one.grants.includes(text));
    if (candidates.length === 0) throw new Error(`no scenario exercises ${role} ${text}: write one or drop the grant`);
    world.patienceMs = WITHOUT_MS;
    const failures = new Map<Scenario, unknown>();
    for (const one of candidates) {
      const failure = await withoutGrant(world.stack.principals, grant, () => one.run(world)).catch((error) => error);
      if (failure !== undefined) failures.set(one, failure);
    }
    const names = candidates.map(({ name }) => `"${name}"`).join(', ');
    const [[scenario, failure] = []] = failures;
    expect(failure, `${names} do without ${text}: drop the grant, or test what it is for`).toMatchObject({
      name: 'AssertionError',
    });
    // Nothing but the grant made the difference.
    world.patienceMs = WITH_MS;
    await scenario?.run(world);
  });
});
