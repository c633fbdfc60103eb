import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventFacts } from '../../../../shared/event/schema.ts';
import type { Json, JsonObject } from '../../../../shared/json.ts';
import { EVENT_NAMES } from '../../../../shared/sources/github.webhook/actions.ts';
import { githubWebhook } from '../../../../shared/sources/github.webhook/source.ts';
import { junk, testWhateverComes } from '../whatever-comes.ts';

const { normalize } = githubWebhook;

interface Examples {
  readonly name: string;
  readonly examples: readonly JsonObject[];
}
const published: readonly Examples[] = createRequire(import.meta.url)(
  '@octokit/webhooks-examples/api.github.com/index.json',
);
const bodies = published.flatMap(({ name, examples }) =>
  examples.map((body): JsonObject => ({ 'X-GitHub-Event': name, ...body })),
);

function mapped(raw: JsonObject): EventFacts[] {
  const events = normalize(raw);
  expect(events.length).toBeGreaterThan(0);
  return events.map(({ facts }) => EventFacts.parse(facts));
}

describe("every body that GitHub's own libraries publish", () => {
  // Events that the EMM has no word for; everything else must have a type.
  const untyped = new Set([
    'marketplace_purchase',
    'ping',
    'repository_dispatch',
    'security_advisory',
    'sponsorship',
    'star',
    'watch',
    'workflow_dispatch',
  ]);

  test.each(published.map(({ name, examples }) => [name, examples] as const))('%s', (name, examples) => {
    for (const body of examples) {
      for (const facts of mapped({ 'X-GitHub-Event': name, ...body })) {
        const isUntyped = untyped.has(name) || facts.action === 'organization.member_invited';
        expect([facts.action, facts.type === null]).toEqual([facts.action, isUntyped]);
        expect(facts.type === null || githubWebhook.types.includes(facts.type)).toBe(true);
        expect(facts.actor.name).toBe((body['sender'] as JsonObject | undefined)?.['login']);
        if (body['repository']) expect(facts.targets.map(({ type }) => type)).toContain('repository');
        if (body['organization']) expect(facts.targets.map(({ type }) => type)).toContain('organization');
      }
    }
  });

  test('are there, of an event that the mapping knows each', () => {
    expect(bodies.length).toBeGreaterThan(300);
    expect(EVENT_NAMES).toEqual(expect.arrayContaining(published.map(({ name }) => name)));
  });
});

testWhateverComes(githubWebhook, bodies);

describe('whatever comes under a known name', () => {
  test('any values have facts', () => {
    const keys = [...new Set([...bodies.flatMap(Object.keys), 'alert', 'pages', 'old_property_values', 'reviewers'])];
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_NAMES), fc.dictionary(fc.constantFrom(...keys), junk), (event, body) => {
        mapped({ 'X-GitHub-Event': event, ...body });
      }),
    );
  });

  test('nesting without end, long texts and long lists fit', () => {
    let deep: Json = 1;
    for (let depth = 0; depth < 50_000; depth += 1) deep = { a: deep };
    const [facts] = mapped({
      'X-GitHub-Event': 'e'.repeat(20_000),
      action: 'a'.repeat(20_000),
      changes: { deep: { from: deep, to: [deep] }, body: { from: 'b'.repeat(100_000), to: '' }, deeper: deep },
      repositories: Array.from({ length: 2000 }, (_, id) => ({ id, full_name: `northwind-labs/r${id}` })),
      sender: { login: '😀'.repeat(8000), id: 1, type: 'User' },
    });
    expect(facts?.targets).toHaveLength(1000);
    expect(facts?.actor.name?.isWellFormed()).toBe(true);
    expect(facts?.changes.find(({ attribute }) => attribute === 'body')).toMatchObject({ new: '' });
  });

  test('an event without a name is kept, by its action', () => {
    expect(mapped({ action: 'created' })).toMatchObject([{ type: null, action: 'created' }]);
    expect(mapped({})).toMatchObject([{ type: null, action: 'unknown' }]);
  });
});
