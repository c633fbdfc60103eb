import { expect, test } from 'vitest';
import {
  type Change,
  type EventFacts,
  EventFacts as EventFactsSchema,
  type Target,
} from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/github.audit/normalize.ts';

/** Made-up people and things, as rows name them, and the targets they become. */
export const ada = { actor: 'ada-quill', actor_id: 9001 };
export const bo = { user: 'bo-larkin', user_id: 9002 };
export const org = { org: 'northwind-labs', org_id: 7001 };
export const inRepo = { repo: 'northwind-labs/barometer', repo_id: 8001, public_repo: false, ...org };

export const BO: Target = { type: 'user', id: '9002', name: 'bo-larkin' };
export const ORG: Target = { type: 'organization', id: '7001', name: 'northwind-labs' };
export const REPO: Target = { type: 'repository', id: '8001', name: 'northwind-labs/barometer' };
export const TEAM: Target = { type: 'group', name: 'northwind-labs/field-engineers' };
export const team = { team: 'northwind-labs/field-engineers', ...org };

/** A row's action and other fields, its type, and everything its facts must say besides that ada-quill did it with success. */
export type Row = readonly [
  action: string,
  fields: JsonObject,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes?: readonly Change[],
  rest?: Partial<EventFacts>,
];

export function row(action: string, fields: JsonObject = {}): JsonObject {
  return { '@timestamp': 1748000000123, _document_id: 'd1', action, ...ada, ...fields };
}

/** The facts of a row, checked against the schema. */
export function factsOf(action: string, fields: JsonObject = {}): EventFacts {
  const mapped = normalize(row(action, fields));
  expect(mapped).toHaveLength(1);
  return EventFactsSchema.parse(mapped[0]?.facts);
}

export function testRows(rows: readonly Row[]): void {
  test.each(rows.map((one) => [one[0], one] as const))(
    '%s',
    (_, [action, fields, type, targets, changes = [], rest = {}]) => {
      expect(factsOf(action, fields)).toEqual({
        type,
        action,
        outcome: 'success',
        actor: { id: '9001', name: 'ada-quill', type: 'user' },
        targets,
        changes,
        ...rest,
      });
    },
  );
}
