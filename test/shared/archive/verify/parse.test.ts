import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Digest, digestBytes } from '../../../../shared/archive/digest.ts';
import { parseDigest } from '../../../../shared/archive/verify/digests.ts';
import { newestOverdue, overdueAt } from '../../../../shared/archive/verify/due.ts';
import { Found } from '../../../../shared/archive/verify/findings.ts';
import { pinnedKey, readKeyRecord } from '../../../../shared/archive/verify/trust.ts';
import { InvalidRequestError } from '../../../../shared/errors.ts';
import { testKey } from '../../../support/sealed-archive.ts';

const key = testKey();
const whatever = fc.oneof(
  fc.string(),
  fc.json(),
  fc.constant(key.pem).chain((pem) => fc.nat(pem.length).map((end) => pem.slice(0, end))),
);
const DIGEST: Digest = {
  format: 1,
  day: '2026-11-01',
  previous: null,
  plannedAt: '2026-11-03T01:00:00.000Z',
  key: key.fingerprint,
  landing: [],
  files: [],
  expired: [],
  unreadable: [],
  repeats: 0,
  archivedBefore: 0,
};
const stored = (bytes: Buffer) => ({ day: '2026-11-01', bytes, sha256: '', signature: undefined });

describe('a pinned key', () => {
  it('is a fingerprint or a public key in PEM, and everything else is refused in words', () => {
    fc.assert(
      fc.property(whatever, (text) => {
        try {
          expect(pinnedKey(text).fingerprint).toMatch(/^[0-9a-f]{64}$/);
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidRequestError);
        }
      }),
    );
    expect(pinnedKey(`\n${key.pem}\n`).fingerprint).toBe(key.fingerprint);
  });

  it('is never a private key, nor one of another kind', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(() => pinnedKey(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())).toThrow(
      'never the private',
    );
    expect(() => pinnedKey(publicKey.export({ type: 'spki', format: 'pem' }).toString())).toThrow('RSA');
  });
});

describe('what the archive holds', () => {
  it('is a digest or a finding, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          whatever.map((text) => Buffer.from(text)),
          fc.uint8Array().map(Buffer.from),
        ),
        (bytes) => {
          expect(() => parseDigest(stored(bytes))).toThrow(Found);
          expect(() => readKeyRecord(`keys/${key.fingerprint}.json`, bytes)).toThrow(Found);
        },
      ),
    );
    expect(parseDigest(stored(digestBytes(DIGEST)))).toEqual(DIGEST);
  });

  it('is no digest with a member more, less, or of another kind', () => {
    const members = Object.keys(DIGEST);
    fc.assert(
      fc.property(fc.constantFrom(...members), fc.constantFrom(undefined, -1, 'x', true), (member, value) => {
        expect(() => parseDigest(stored(Buffer.from(JSON.stringify({ ...DIGEST, [member]: value }))))).toThrow(Found);
      }),
    );
    expect(() => parseDigest(stored(Buffer.from(JSON.stringify({ ...DIGEST, more: 1 }))))).toThrow(Found);
  });
});

it('a day is overdue from one moment on', () => {
  fc.assert(
    fc.property(fc.date({ min: new Date('2020-01-05'), max: new Date('2100-01-01'), noInvalidDate: true }), (now) => {
      const day = newestOverdue(now);
      expect(overdueAt(day).getTime()).toBeLessThanOrEqual(now.getTime());
      expect(overdueAt(day).getTime() + 86_400_000).toBeGreaterThan(now.getTime());
    }),
  );
  expect(overdueAt('2026-11-03').toISOString()).toBe('2026-11-05T13:00:00.000Z');
});
