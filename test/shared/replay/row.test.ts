import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { archiveRow } from '../../../shared/archive/row.ts';
import { eventId } from '../../../shared/event/id.ts';
import { FROM_ARCHIVE } from '../../../shared/event/prepare.ts';
import { ACTOR_TYPES, type CanonicalEvent, type EventFacts, FLAGS, OUTCOMES } from '../../../shared/event/schema.ts';
import { eventOfRow } from '../../../shared/replay/row.ts';
import { TIERS } from '../../../shared/retention.ts';
import { CATEGORIES, EVENT_TYPES } from '../../../shared/taxonomy.ts';

const text = fc.string({ minLength: 1, maxLength: 20 });
const some = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }, requiredKeys: (keyof T)[] = []) =>
  fc.record(model, { requiredKeys: requiredKeys as never });
const time = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString());
/** One that says something: Annals stores no empty object. */
const full = <T extends object>(arbitrary: fc.Arbitrary<T>) => arbitrary.filter((one) => Object.keys(one).length > 0);
const facts = some(
  {
    type: fc.option(fc.constantFrom(...EVENT_TYPES)),
    category: fc.option(fc.constantFrom(...CATEGORIES)),
    action: text,
    outcome: fc.constantFrom(...OUTCOMES),
    actor: some({ id: text, name: text, email: text, type: fc.constantFrom(...ACTOR_TYPES), role: text }, ['type']),
    targets: fc.array(some({ type: text, id: text, name: text, email: text }, ['type']), { maxLength: 3 }),
    ip: text,
    userAgent: text,
    session: text,
    location: full(some({ country: text, region: text, city: text, asn: text })),
    device: full(some({ id: text, name: text, type: text, os: text })),
    reason: text,
    credential: full(some({ id: text, name: text, type: text })),
    identityProvider: text,
    mfa: full(some({ method: text, flagged: fc.boolean(), enrollment: text })),
    changes: fc.array(some({ attribute: text, old: fc.string(), new: fc.string() }, ['attribute']), { maxLength: 3 }),
    flags: fc.uniqueArray(fc.constantFrom(...FLAGS), { minLength: 1 }),
  },
  ['type', 'category', 'action', 'outcome', 'actor', 'targets', 'changes'],
);
const events: fc.Arbitrary<CanonicalEvent> = fc
  .record({ time, receivedAt: time, tier: fc.constantFrom(...TIERS), facts })
  .map(({ facts: said, ...when }) => ({
    id: eventId(when.time, '0123456789ABCDEF'),
    ...when,
    tenant: 'main',
    connection: 'c',
    source: 'custom.x',
    product: 'x',
    ...(said as EventFacts & Pick<CanonicalEvent, 'category'>),
  }));
const noRaw = { text: null, sha256: null, size: null };

describe('eventOfRow', () => {
  it('gives the event that the row was made of', () => {
    fc.assert(
      fc.property(events, fc.option(fc.jsonValue()), (event, value) => {
        const raw = value === null ? undefined : { value, '10': 1, big: 2 };
        const json = raw && JSON.stringify(raw);
        const kept = json === undefined ? noRaw : { text: json, sha256: null, size: json.length };
        const found = eventOfRow(archiveRow(event, kept), 7);
        expect(found).toMatchObject({ identity: '0123456789ABCDEF', contentHash: FROM_ARCHIVE });
        expect(found?.archived).toEqual({ keepUntil: 7 });
        const { raw: foundRaw, ...canonical } = found?.event ?? {};
        expect(canonical).toEqual(event);
        expect(foundRaw && JSON.stringify(foundRaw)).toBe(json);
      }),
    );
  });

  it('keeps the digits of large integers, and the place of a raw event that lies aside', () => {
    const [event] = fc.sample(events, 1);
    const large = eventOfRow(archiveRow(event!, { ...noRaw, text: '{"n":12345678901234567890}' }), 7);
    expect(JSON.stringify(large?.event.raw)).toBe('{"n":12345678901234567890}');
    const aside = { text: null, sha256: 'a'.repeat(64), size: 900_000 };
    const found = eventOfRow({ ...archiveRow(event!, aside), raw_size: 900_000n }, 7);
    expect(found?.archived).toEqual({ keepUntil: 7, raw: { sha256: 'a'.repeat(64), size: 900_000 } });
    expect(found?.event).not.toHaveProperty('raw');
  });

  it('gives nothing for a row that holds no event, whatever it holds', () => {
    const [event] = fc.sample(events, 1);
    const good = archiveRow(event!, noRaw);
    const names = Object.keys(good);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (name, value) => {
        const found = eventOfRow({ ...good, [name]: value }, 7);
        if (found !== undefined) expect(found.event.id).toBe(name === 'id' ? value : good['id']);
      }),
    );
    for (const wrong of [{ id: 'x' }, { time: '2026-01-01' }, { action: null }, { raw: '[1]' }, { raw: '{' }])
      expect(eventOfRow({ ...good, ...wrong }, 7)).toBeUndefined();
    expect(eventOfRow({ ...good, raw_sha256: 'a'.repeat(64), raw_size: null }, 7)).toBeUndefined();
  });
});
