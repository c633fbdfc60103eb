import type { Actor, CanonicalEvent, Target } from '../api/types.ts';
import type { Filters } from '../feed/route.ts';

/** One thing that is known of an event. */
export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly kind?: 'time' | 'code';
  /** What finds others that have it. */
  readonly filter?: Partial<Filters>;
}

export interface Facts {
  readonly title: string;
  readonly facts: readonly Fact[];
}

/** Every canonical field of an event that has a value, in groups; changes and raw have places of their own. */
export function factsOf(event: CanonicalEvent): Facts[] {
  const { actor, targets, location, device, credential, mfa } = event;
  const groups = [
    {
      title: 'Event',
      facts: facts(
        ['Time', event.time, 'time'],
        ['Received', event.receivedAt, 'time'],
        ['Action', event.action, 'code', { action: [event.action] }],
        ['Reason', event.reason],
        ['Session', event.session, 'code', event.session === undefined ? {} : { session: [event.session] }],
        ['Id', event.id, 'code'],
      ),
    },
    { title: 'Actor', facts: entityFacts(actor) },
    ...targets.map((target, index) => ({
      title: targets.length === 1 ? 'Target' : `Target ${index + 1}`,
      facts: entityFacts(target),
    })),
    {
      title: 'From where',
      facts: facts(
        ['IP address', event.ip, 'code', event.ip === undefined ? {} : { ip: [event.ip] }],
        ['City', location?.city],
        ['Region', location?.region],
        ['Country', location?.country],
        ['Network', location?.asn],
        ['Device', device?.name],
        ['Device id', device?.id, 'code'],
        ['Device type', device?.type],
        ['Operating system', device?.os],
        ['User agent', event.userAgent],
      ),
    },
    {
      title: 'How it was proved',
      facts: facts(
        ['Credential', credential?.name],
        ['Credential id', credential?.id, 'code'],
        ['Credential type', credential?.type],
        ['Identity provider', event.identityProvider],
        ['Second factor', mfa?.method],
        ['Second factor flagged', mfa?.flagged === undefined ? undefined : mfa.flagged ? 'yes' : 'no'],
        ['Enrollment', mfa?.enrollment],
      ),
    },
    {
      title: 'Where it came in',
      facts: facts(
        ['Source', event.source, 'code', { source: [event.source] }],
        ['Product', event.product],
        ['Connection', event.connection, 'code', { connection: [event.connection] }],
        ['Category', ...inWords(event.category), { category: [event.category ?? 'none'] }],
        ['Type', ...inWords(event.type), { type: [event.type ?? 'none'] }],
        ['Tenant', event.tenant, 'code'],
        ['Retention tier', event.tier, 'code'],
        ...(event.flags ?? []).map((flag): Given => ['Flag', FLAG_WORDS[flag] ?? flag]),
      ),
    },
  ];
  return groups.filter((group) => group.facts.length > 0);
}

const FLAG_WORDS: Readonly<Record<string, string>> = {
  time_replaced: 'its time could not be, and was replaced by that of its receipt',
  truncated: 'some of it was too long, and was cut; the raw event has all',
  redacted: 'a secret in it was replaced',
};

type Given = readonly [
  label: string,
  value: string | undefined,
  kind?: Fact['kind'] | undefined,
  filter?: Partial<Filters>,
];

function facts(...given: readonly Given[]): Fact[] {
  return given.flatMap(([label, value, kind, filter]) =>
    value === undefined || value === '' ? [] : [{ label, value, ...(kind && { kind }), ...(filter && { filter }) }],
  );
}

/** Most products have events that no type of the matrix fits. */
function inWords(key: string | null): readonly [value: string, kind: 'code' | undefined] {
  return key === null ? ['Not mapped', undefined] : [key, 'code'];
}

function entityFacts(entity: Actor | Target): Fact[] {
  return facts(
    ['Name', entity.name],
    ['E-mail', entity.email],
    ['Id', entity.id, 'code'],
    ['Kind', entity.type],
    ['Role', 'role' in entity ? entity.role : undefined],
  );
}
