import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generate } from 'selfsigned';
import { beforeAll, describe, expect, test } from 'vitest';
import { CredentialError } from '../../../../shared/polling/errors.ts';
import { poller } from '../../../../shared/sources/m365.azure_ad/poller.ts';
import { connect, isToken, minutes, NOW } from './reading.ts';

type Pair = Readonly<Record<'certificate' | 'privateKey', string>>;

let pair: Pair;
let other: Pair;

async function made(): Promise<Pair> {
  const options = { keySize: 2048, algorithm: 'sha256' } as const;
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'annals' }], options);
  return { certificate: cert, privateKey: key };
}

beforeAll(async () => {
  [pair, other] = await Promise.all([made(), made()]);
});

function withCertificate(secrets: Partial<Pair> & { readonly clientSecret?: string }) {
  const connection = connect({ secrets: () => ({ ...secrets }) });
  connection.world.secrets = { certificate: pair.certificate };
  return connection;
}

describe('an application that has a certificate', () => {
  test('proves itself by a signed assertion and no secret', async () => {
    const { between, requests, clientId, client } = withCertificate({ ...pair, clientSecret: 'left from before' });
    expect((await between(minutes(-60), NOW)).pages).toHaveLength(1);
    const form = new URLSearchParams(requests.find(isToken)?.body);
    expect(form.get('client_assertion_type')).toBe('urn:ietf:params:oauth:client-assertion-type:jwt-bearer');
    expect(form.has('client_secret')).toBe(false);
    const assertion = form.get('client_assertion') ?? '';
    const { fingerprint, validToDate } = new X509Certificate(pair.certificate);
    const thumbprint = Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url');
    expect(decodeProtectedHeader(assertion)).toEqual({ alg: 'RS256', typ: 'JWT', x5t: thumbprint });
    expect(decodeJwt(assertion)).toMatchObject({
      aud: requests.find(isToken)?.url.href,
      iss: clientId,
      sub: clientId,
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      nbf: NOW.getTime() / 1_000,
      exp: NOW.getTime() / 1_000 + 600,
    });
    expect(client.credentialExpiresAt).toEqual(validToDate);
  });

  test.each([
    ['with colons', (text: string) => text],
    ['as the portal shows it', (text: string) => text.replaceAll(':', '')],
    ['in small letters', (text: string) => text.replaceAll(':', '').toLowerCase()],
  ])('may give its thumbprint instead, %s', async (_, written) => {
    const certificate = written(new X509Certificate(pair.certificate).fingerprint);
    const { between } = withCertificate({ ...pair, certificate });
    expect((await between(minutes(-60), NOW)).pages).toHaveLength(1);
    expect(certificate).toMatch(poller.secrets['certificate']?.pattern ?? /^$/);
  });

  test('may have its key in the older form', async () => {
    const privateKey = createPrivateKey(pair.privateKey).export({ type: 'pkcs1', format: 'pem' }).toString();
    expect(privateKey).toContain('BEGIN RSA PRIVATE KEY');
    expect(privateKey).toMatch(poller.secrets['privateKey']?.pattern ?? /^$/);
    expect((await withCertificate({ ...pair, privateKey }).between(minutes(-60), NOW)).pages).toHaveLength(1);
  });

  test('proves itself by the clock of Microsoft', async () => {
    const { between, collector, requests, world } = withCertificate(pair);
    // A first request tells how wrong our clock is; the next assertion is made by theirs.
    world.advance(3_600_000);
    await between(minutes(0), minutes(60));
    const { nbf } = decodeJwt(new URLSearchParams(requests.find(isToken)?.body).get('client_assertion') ?? '');
    expect(nbf).toBe(world.now().getTime() / 1_000);
    expect(collector.explain?.(new CredentialError('AADSTS700024: not within its valid time range'))).toContain(
      'clock',
    );
  });

  test.each([
    ['a certificate that the application does not have', () => other, 'does not know this certificate'],
    [
      'a key of another certificate',
      () => ({ ...pair, privateKey: other.privateKey }),
      'not the key of the certificate',
    ],
    ['a certificate without its key', () => ({ certificate: pair.certificate }), 'no secret named privateKey'],
    ['a key without its certificate', () => ({ privateKey: pair.privateKey }), 'no secret named certificate'],
    [
      'no key',
      () => ({ ...pair, privateKey: '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----' }),
      'not a private key',
    ],
    [
      'no certificate',
      () => ({ ...pair, certificate: '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----' }),
      'not a certificate',
    ],
    ['a key that is too short', () => shortKey(), 'at least 2048 bits'],
    ['a key of another kind', () => curveKey(), 'RSA key'],
  ])('is told about %s', async (_, secrets, words) => {
    const { between, collector } = withCertificate(secrets());
    const failure = await between(minutes(-60), NOW).catch((one: unknown) => one);
    expect(failure).toBeInstanceOf(CredentialError);
    expect(collector.explain?.(failure)).toContain(words);
    expect((failure as Error).message).not.toContain('BEGIN');
  });
});

function shortKey(): Pair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return { certificate: 'ab'.repeat(20), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function curveKey(): Pair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { certificate: 'ab'.repeat(20), privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}
