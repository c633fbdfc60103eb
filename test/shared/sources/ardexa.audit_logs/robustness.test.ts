import { expect, test } from 'vitest';
import type { Json } from '../../../../shared/json.ts';
import { ardexaAuditLogs } from '../../../../shared/sources/ardexa.audit_logs/source.ts';
import { testWhateverComes } from '../whatever-comes.ts';
import { CASES } from './cases.ts';
import { mapped, rowOf } from './rows.ts';

testWhateverComes(
  ardexaAuditLogs,
  CASES.map(({ row, more }) => rowOf(row, more)),
);

test('thousands of permissions and settings, long texts and deep nesting fit', () => {
  let deep: Json = 1;
  for (let depth = 0; depth < 20_000; depth += 1) deep = [deep];
  const many = Array.from({ length: 3000 }, (_, index) => `p${index}`);
  const { facts } = mapped(
    rowOf(['org', 'user', 'update', 'permissions'], {
      new_value: many.join(','),
      new_value_full: Object.fromEntries(many.map((name) => [name, 1])),
      config: deep,
      comments: '😀'.repeat(9000),
    }),
  );
  expect(facts.targets).toHaveLength(1000);
  expect(facts.changes).toHaveLength(1000);
  expect(facts.targets[0]?.id?.isWellFormed()).toBe(true);
});

test('a row without an action is kept', () => {
  expect(mapped({}).facts).toMatchObject({ type: null, action: 'unknown', actor: { type: 'unknown' } });
});
