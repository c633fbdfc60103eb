import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../../../../shared/json.ts';
import { fleetActivities } from '../../../../shared/sources/fleet.activities/source.ts';
import { junk, testWhateverComes } from '../whatever-comes.ts';
import { activity, mapped, type Row } from './activities.ts';
import { access } from './rows/access.ts';
import { integrations } from './rows/integrations.ts';
import { inventory } from './rows/inventory.ts';
import { settings } from './rows/settings.ts';

const rows: readonly Row[] = [...access, ...settings, ...inventory, ...integrations];

testWhateverComes(
  fleetActivities,
  rows.map(([action, details]) => activity(action, details)),
);

test('any activity with any details has facts', () => {
  const keys = [...new Set(rows.flatMap(([, details]) => Object.keys(details ?? {})))];
  const actions = [...new Set(rows.map(([action]) => action))];
  fc.assert(
    fc.property(fc.constantFrom(...actions), fc.dictionary(fc.constantFrom(...keys), junk), (action, details) => {
      mapped(activity(action, details));
    }),
  );
});

test('thousands of hosts, long texts and deep nesting fit', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 50_000; depth += 1) deep = [deep];
  const { facts } = mapped(
    activity('transferred_hosts', {
      team_id: 1,
      team_name: '😀'.repeat(9000),
      host_ids: Array.from({ length: 3000 }, (_, id) => id),
      configuration: deep,
    }),
  );
  expect(facts.targets).toHaveLength(1000);
  expect(facts.changes).toContainEqual({ attribute: 'configuration', new: '[nested too deeply]' });
});

test('an activity without a type is kept', () => {
  expect(mapped({}).facts).toMatchObject({ type: null, action: 'unknown' });
});
