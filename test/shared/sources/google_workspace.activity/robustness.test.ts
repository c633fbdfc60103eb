import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { googleWorkspaceActivity } from '../../../../shared/sources/google_workspace.activity/source.ts';
import { examplesOf, jsonFiles, junk, readRaw, testWhateverComes } from '../whatever-comes.ts';
import { activity, event } from './activities.ts';

const { normalize, actions } = googleWorkspaceActivity;
const folder = examplesOf(googleWorkspaceActivity);

function mapped(raw: JsonObject): EventFacts[] {
  const events = normalize(raw);
  expect(events.length).toBeGreaterThan(0);
  for (const each of events) expect(each.raw).toBe(raw);
  return events.map(({ facts }) => EventFacts.parse(facts));
}

testWhateverComes(
  googleWorkspaceActivity,
  jsonFiles(folder).map((name) => readRaw(join(folder, name))),
);

test('any known action with any parameters has facts', () => {
  const names = 'USER_EMAIL doc_id OLD_VALUE new_value NEW_ OLD start_time login_challenge_method scope_data'.split(
    ' ',
  );
  const kinds = ['value', 'intValue', 'boolValue', 'multiValue', 'messageValue', 'multiMessageValue'];
  const parameter = fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...kinds), junk)
    .map(([name, kind, value]): JsonObject => ({ name, [kind]: value }));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(actions)), fc.array(parameter), (key, parameters) => {
      const [application = '', name = ''] = key.split('.');
      mapped(activity(application, [event(name, {}, { parameters })]));
    }),
  );
});

test('nesting without end, long texts and long lists fit', () => {
  let message: JsonObject = { parameter: [] };
  let deep: Json = 1;
  for (let depth = 0; depth < 20_000; depth += 1) {
    message = { parameter: [{ name: 'inner', messageValue: message }] };
    deep = { deep };
  }
  const [facts] = mapped(
    activity('admin', [
      event('A'.repeat(20_000), {
        SETTING_METADATA: { messageValue: message },
        OLD_VALUE: { value: deep },
        NEW_VALUE: 'n'.repeat(100_000),
        USER_EMAIL: Array.from({ length: 2000 }, (_, n) => `u${n}@example.com`),
      }),
    ]),
  );
  expect(facts?.targets).toHaveLength(1000);
  expect(facts?.changes[0]?.new).toHaveLength(65_536);
});
