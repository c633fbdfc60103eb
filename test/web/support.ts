import fc from 'fast-check';
import { CATEGORIES, EVENT_TYPES } from '../../shared/taxonomy.ts';
import type { CanonicalEvent } from '../../web/api/types.ts';

/** An event of nobody in particular. */
export function eventOf(facts: Partial<CanonicalEvent> = {}): CanonicalEvent {
  return {
    id: '01K9ABCDEFGHJKMNPQRSTVWXYZ',
    time: '2026-11-06T12:00:00.000Z',
    receivedAt: '2026-11-06T12:00:05.000Z',
    tenant: 'main',
    connection: 'main.octo-org',
    source: 'github.audit',
    product: 'github',
    category: null,
    type: null,
    action: 'some.action',
    outcome: 'success',
    actor: { type: 'user', name: 'Jane Roe', email: 'jane@example.com' },
    targets: [],
    changes: [],
    tier: '365d',
    ...facts,
  };
}

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((one) => !one.includes('undefined'));
const maybe = fc.option(text, { nil: undefined });
const kind = fc.oneof(
  text,
  fc.constantFrom('user', 'group', 'role', 'repository', 'folder', 'organization', 'device', 'query', 'application'),
);
/** Without keys whose value is undefined. */
const tidy = <T extends object>(arbitrary: fc.Arbitrary<T>) =>
  arbitrary.map((one) => Object.fromEntries(Object.entries(one).filter(([, value]) => value !== undefined)));

/** Any event that the API can give. */
export const anyEvent: fc.Arbitrary<CanonicalEvent> = fc
  .record({
    type: fc.option(fc.constantFrom(...EVENT_TYPES)),
    category: fc.option(fc.constantFrom(...CATEGORIES)),
    action: text,
    outcome: fc.constantFrom('success' as const, 'failure' as const, 'unknown' as const),
    actor: tidy(
      fc.record({
        type: fc.constantFrom('user', 'service', 'system', 'anonymous', 'unknown'),
        id: maybe,
        name: maybe,
        email: maybe,
      }),
    ),
    targets: fc.array(tidy(fc.record({ type: kind, id: maybe, name: maybe, email: maybe })), { maxLength: 4 }),
    changes: fc.array(tidy(fc.record({ attribute: text, old: maybe, new: maybe })), { maxLength: 3 }),
    reason: maybe,
  })
  .map(({ reason, ...facts }) =>
    eventOf({ ...facts, ...(reason !== undefined && { reason }) } as Partial<CanonicalEvent>),
  );
