import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { actorOf, personOf } from '../../../../shared/sources/m365/people.ts';
import { timeInUtc } from '../../../../shared/sources/time.ts';
import { ADA, ADA_ID } from './conformance.ts';

describe('who is called', () => {
  test.each([
    [ADA, { email: ADA }],
    ['i:0#.f|membership|ada.quill@northwind.example.com', { id: `i:0#.f|membership|${ADA}`, email: ADA }],
    ['urn:spo:guest#cy@mail.example.org', { id: 'urn:spo:guest#cy@mail.example.org', email: 'cy@mail.example.org' }],
    [
      'cy_of_it_mail.example.org#EXT#@northwind.example.com',
      { name: 'cy_of_it_mail.example.org#EXT#@northwind.example.com', email: 'cy_of_it@mail.example.org' },
    ],
    [ADA_ID, { id: ADA_ID }],
    ['Masts Members', { name: 'Masts Members' }],
    ['app@sharepoint', { name: 'app@sharepoint' }],
    ['Not Available', {}],
    ['Unknown', {}],
    ['', {}],
    [undefined, {}],
  ])('%s', (text, person) => {
    expect(personOf(text)).toEqual(person);
  });

  test('a text of great length is a name, and takes no time', () => {
    const long = '_a.'.repeat(100_000);
    expect(personOf(`${long}#EXT`)).toEqual({ name: `${long}#EXT` });
  });

  test('anything has at most texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab@.#_|:\\/ ', 'EXT', 'i:0') }), (text) => {
        expect(Object.values(personOf(text)).every((value) => typeof value === 'string')).toBe(true);
      }),
    );
  });
});

describe('an actor', () => {
  test.each([
    [
      { UserType: 0, UserId: ADA, UserKey: ADA_ID },
      { email: ADA, id: ADA_ID, type: 'user', role: 'Regular' },
    ],
    [
      { UserType: 1, UserId: 'x' },
      { name: 'x', type: 'unknown', role: 'Reserved' },
    ],
    [
      { UserType: 2, UserId: ADA },
      { email: ADA, type: 'user', role: 'Admin' },
    ],
    [
      { UserType: 3, UserId: 'watchdog' },
      { name: 'watchdog', type: 'system', role: 'DcAdmin' },
    ],
    [
      { UserType: 4, UserId: 'SecurityComplianceAlerts', UserKey: 'SecurityComplianceAlerts' },
      { name: 'SecurityComplianceAlerts', type: 'system', role: 'System' },
    ],
    [
      { UserType: 5, UserId: 'Teams Sync' },
      { name: 'Teams Sync', type: 'service', role: 'Application' },
    ],
    [
      { UserType: 6, UserId: ADA_ID },
      { id: ADA_ID, type: 'service', role: 'ServicePrincipal' },
    ],
    [{ UserType: 7 }, { type: 'system', role: 'CustomPolicy' }],
    [{ UserType: 8 }, { type: 'system', role: 'SystemPolicy' }],
    [
      { UserType: 9, UserId: ADA },
      { email: ADA, type: 'user', role: 'PartnerTechnician' },
    ],
    [
      { UserType: 10, UserId: 'urn:spo:anon#77' },
      { name: 'urn:spo:anon#77', type: 'anonymous', role: 'Guest' },
    ],
    [
      { UserType: 99, UserId: ADA },
      { email: ADA, type: 'user' },
    ],
    [
      { UserType: 'constructor', UserId: 'who' },
      { name: 'who', type: 'unknown' },
    ],
    [{ UserId: 'Not Available', UserKey: 'Not Available' }, { type: 'unknown' }],
    [
      { UserType: 4, UserId: `ServicePrincipal_${ADA_ID}`, UserKey: 'Not Available' },
      { id: ADA_ID, type: 'service', role: 'System' },
    ],
    [
      { UserType: 3, UserId: 'NT AUTHORITY\\SYSTEM' },
      { name: 'NT AUTHORITY\\SYSTEM', type: 'system', role: 'DcAdmin' },
    ],
    [
      { UserType: 0, UserId: 'SHAREPOINT\\system' },
      { name: 'SHAREPOINT\\system', type: 'system', role: 'Regular' },
    ],
    [
      { UserType: 0, UserId: 'app@sharepoint' },
      { name: 'app@sharepoint', type: 'service', role: 'Regular' },
    ],
    [
      { UserType: 2, UserId: 'Administrator@apcprd03.prod.outlook.com' },
      { email: 'Administrator@apcprd03.prod.outlook.com', type: 'system', role: 'Admin' },
    ],
    [
      { UserType: 0, UserId: 'anonymous' },
      { name: 'anonymous', type: 'anonymous', role: 'Regular' },
    ],
  ])('of %j', (raw, actor) => {
    expect(actorOf(raw)).toEqual(actor);
  });
});

describe('a time without a zone', () => {
  test.each([
    ['2031-05-06T10:20:30', '2031-05-06T10:20:30Z'],
    ['2031-05-06T10:20:30.123', '2031-05-06T10:20:30.123Z'],
    ['2031-05-06T10:20:30Z', '2031-05-06T10:20:30Z'],
    ['2031-05-06T10:20:30+02:00', '2031-05-06T10:20:30+02:00'],
    ['yesterday', 'yesterday'],
    ['', undefined],
    [7, undefined],
    [null, undefined],
  ])('%j is %j', (value, time) => {
    expect(timeInUtc(value)).toBe(time);
  });

  test('means UTC, and any other stays as it is', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }), (date) => {
        const iso = date.toISOString();
        expect(timeInUtc(iso.slice(0, -1))).toBe(iso);
        expect(timeInUtc(iso)).toBe(iso);
      }),
    );
  });
});
