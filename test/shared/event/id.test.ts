import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventId, identityOf, identityOfId, isEventId, lowestId, timeOfId } from '../../../shared/event/id.ts';

const time = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
const parts = fc.record({ tenant: fc.string(), source: fc.string(), origin: fc.string(), key: fc.string() });

describe('event ids', () => {
  it('are ULIDs that carry time and identity', () => {
    fc.assert(
      fc.property(time, parts, (at, identifying) => {
        const identity = identityOf(identifying);
        const id = eventId(at, identity);
        expect(isEventId(id)).toBe(true);
        expect(timeOfId(id)).toBe(at);
        expect(identityOfId(id)).toBe(identity);
      }),
    );
  });

  it('sort as their times do, and the lowest id of a time bounds it from below', () => {
    fc.assert(
      fc.property(time, time, parts, (a, b, identifying) => {
        const identity = identityOf(identifying);
        if (a < b) expect(eventId(a, identity) < lowestId(b)).toBe(true);
        expect(lowestId(a) <= eventId(a, identity)).toBe(true);
      }),
    );
  });

  it('differ when any part differs, also when parts are shifted against each other', () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const same =
          JSON.stringify([a.tenant, a.source, a.origin, a.key]) ===
          JSON.stringify([b.tenant, b.source, b.origin, b.key]);
        expect(identityOf(a) === identityOf(b)).toBe(same);
      }),
    );
    expect(identityOf({ tenant: 'ab', source: 'c', origin: '', key: '' })).not.toBe(
      identityOf({ tenant: 'a', source: 'bc', origin: '', key: '' }),
    );
  });

  it('stay what they are: a changed id would store every event again', () => {
    const identity = identityOf({ tenant: 'main', source: 'github.audit', origin: 'acme', key: 'x1' });
    expect(eventId('2026-01-31T09:30:00.000Z', identity)).toMatchInlineSnapshot(`"01KG9P6JE0ZT2TRDJB89AZSWSA"`);
  });
});
