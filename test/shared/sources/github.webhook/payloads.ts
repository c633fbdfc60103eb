import { expect, test } from 'vitest';
import type { Change, EventFacts, Target } from '../../../../shared/event/schema.ts';
import { EventFacts as EventFactsSchema } from '../../../../shared/event/schema.ts';
import type { JsonObject } from '../../../../shared/json.ts';
import { normalize } from '../../../../shared/sources/github.webhook/normalize.ts';

const account = (login: string, id: number, type: string) => ({ login, id, type, site_admin: false });

/** Made-up people and things, as GitHub writes them, and the targets they become. */
export const ada = account('ada-quill', 9001, 'User');
export const bo = account('bo-larkin', 9002, 'User');
export const bot = account('mast-bot[bot]', 9003, 'Bot');
export const org = { login: 'northwind-labs', id: 7001 };
export const repo = {
  id: 8001,
  name: 'barometer',
  full_name: 'northwind-labs/barometer',
  private: true,
  visibility: 'private',
  owner: account('northwind-labs', 7001, 'Organization'),
};
export const team = { id: 5001, name: 'Field Engineers', slug: 'field-engineers', permission: 'pull' };
export const issue = { id: 4001, number: 12, title: 'Drifts at altitude', state: 'open', user: ada };
export const inRepo = { repository: repo, organization: org };

export const BO: Target = { type: 'user', id: '9002', name: 'bo-larkin' };
export const ORG: Target = { type: 'organization', id: '7001', name: 'northwind-labs' };
export const REPO: Target = { type: 'repository', id: '8001', name: 'northwind-labs/barometer' };
export const TEAM: Target = { type: 'group', id: '5001', name: 'Field Engineers' };
export const ISSUE: Target = { type: 'issue', id: '4001', name: 'northwind-labs/barometer#12' };

/** An event, its type, and everything its facts must say besides that ada-quill did it with success. */
export type Row = readonly [
  event: string,
  body: JsonObject,
  type: EventFacts['type'],
  targets: readonly Target[],
  changes?: readonly Change[],
  rest?: Partial<EventFacts>,
];

export function payload(event: string, body: JsonObject): JsonObject {
  return { 'X-GitHub-Event': event, sender: ada, ...body };
}

/** The facts of an event that is one event, checked against the schema. */
export function factsOf(event: string, body: JsonObject): EventFacts {
  const mapped = normalize(payload(event, body));
  expect(mapped).toHaveLength(1);
  return EventFactsSchema.parse(mapped[0]?.facts);
}

export function testRows(rows: readonly Row[]): void {
  test.each(
    rows.map((row) => [typeof row[1]['action'] === 'string' ? `${row[0]}.${row[1]['action']}` : row[0], row] as const),
  )('%s', (action, [event, body, type, targets, changes = [], rest = {}]) => {
    expect(factsOf(event, body)).toEqual({
      type,
      action,
      outcome: 'success',
      actor: { id: '9001', name: 'ada-quill', type: 'user', role: 'User' },
      targets,
      changes,
      ...rest,
    });
  });
}
