import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, EncryptCommand, GetPublicKeyCommand, KMSClient, SignCommand } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { ALGORITHM, signPkcs1 } from '../../../../infra/local/aws/kms/sign.ts';
import { createKms } from '../../../../infra/local/aws/kms.ts';
import type { KeyDefinition, Statement } from '../../../../infra/local/types.ts';
import { ACCOUNT, allow, clientOf, principal, REGION } from './endpoint-support.ts';

const arnOf = (id: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${id}`;
const account = { Effect: 'Allow', Action: ['kms:*'], Resource: ['*'] } as const;
const policyFor = (Principal: unknown, ...more: (Statement & { Principal: unknown })[]) => [
  { ...account, Principal },
  ...more,
];
const root = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
const key = (id: string, given: Partial<KeyDefinition> = {}): KeyDefinition => ({
  id,
  arn: arnOf(id),
  spec: 'RSA_2048',
  description: '',
  enabled: true,
  aliases: [],
  policy: policyFor(root),
  ...given,
});
const DIGESTS = key('11111111-1111-1111-1111-111111111111', { description: 'of digests', aliases: ['alias/digests'] });
const OFF = key('22222222-2222-2222-2222-222222222222', { enabled: false });
const CLOSED = key('33333333-3333-3333-3333-333333333333', { policy: policyFor({ Service: 's3.amazonaws.com' }) });
const DENIED = key('44444444-4444-4444-4444-444444444444', {
  policy: policyFor({ AWS: [ACCOUNT] }, { ...account, Effect: 'Deny', Action: ['kms:Sign'], Principal: '*' }),
});
const keys = [DIGESTS, OFF, CLOSED, DENIED];
const signer = principal('signer', [allow(['kms:Sign', 'kms:GetPublicKey'], [DIGESTS.arn])]);
const stranger = principal('stranger', [allow(['kms:DescribeKey'], ['*'])]);
const operator = principal('operator');
const AccessDenied = { name: 'AccessDeniedException' };

let dir: string;
let client: KMSClient;
let endpoint: Awaited<ReturnType<typeof startEndpoint>>;
const open: KMSClient[] = [];
const clientFor = (who: typeof operator) => {
  const one = new KMSClient(clientOf(endpoint.url, who));
  open.push(one);
  return one;
};
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'annals-kms-'));
  const kms = await createKms({ dir, keys, region: REGION, accountId: ACCOUNT });
  endpoint = await startEndpoint({ services: [kms], principals: [operator, signer, stranger] });
  client = clientFor(signer);
});
afterAll(async () => {
  for (const one of open) one.destroy();
  await endpoint.close();
  await rm(dir, { recursive: true });
});

const signWith = (
  KeyId: string,
  Message: Uint8Array,
  MessageType?: 'RAW' | 'DIGEST',
  who = client,
  SigningAlgorithm: 'RSASSA_PSS_SHA_256' | typeof ALGORITHM = ALGORITHM,
) => who.send(new SignCommand({ KeyId, Message, MessageType, SigningAlgorithm }));
const publicKey = async (KeyId: string) => {
  const { PublicKey } = await client.send(new GetPublicKeyCommand({ KeyId }));
  return createPublicKey({ key: Buffer.from(PublicKey ?? []), format: 'der', type: 'spki' });
};

describe('Sign', () => {
  it('gives the same signature for a message and its digest, which the public key verifies', async () => {
    const message = Buffer.from('a digest of a day\n');
    const digest = createHash('sha256').update(message).digest();
    const raw = await signWith(DIGESTS.id, message);
    expect(raw).toMatchObject({ KeyId: DIGESTS.arn, SigningAlgorithm: ALGORITHM });
    const signature = Buffer.from(raw.Signature ?? []);
    expect(Buffer.from((await signWith(DIGESTS.arn, digest, 'DIGEST')).Signature ?? [])).toEqual(signature);
    expect(Buffer.from((await signWith('alias/digests', message, 'RAW')).Signature ?? [])).toEqual(signature);
    expect(verify('sha256', message, await publicKey(DIGESTS.id), signature)).toBe(true);
    expect(verify('sha256', Buffer.from('another'), await publicKey(DIGESTS.id), signature)).toBe(false);
  });

  it('is what Node.js itself signs, for any message', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const message = Buffer.from(bytes);
        expect(signPkcs1(privateKey, 'RAW', message).equals(sign('sha256', message, privateKey))).toBe(true);
      }),
      { numRuns: 20 },
    );
  });

  it.each([
    [Buffer.alloc(31), 'DIGEST'],
    [Buffer.alloc(4097), 'RAW'],
  ] as const)('refuses %j as %s', async (message, type) => {
    await expect(signWith(DIGESTS.id, message, type)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('knows one algorithm', async () => {
    const pss = signWith(DIGESTS.id, Buffer.alloc(32), 'DIGEST', client, 'RSASSA_PSS_SHA_256');
    await expect(pss).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a key that is disabled, and one that is not there', async () => {
    const all = clientFor(operator);
    await expect(signWith(OFF.id, Buffer.alloc(1), 'RAW', all)).rejects.toMatchObject({ name: 'DisabledException' });
    for (const name of ['none', 'alias/none', arnOf(DIGESTS.id).replace(REGION, 'eu-west-9')])
      await expect(signWith(name, Buffer.alloc(1))).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('access', () => {
  it('is what the role grants on the key', async () => {
    await expect(signWith(DIGESTS.id, Buffer.alloc(1), 'RAW', clientFor(stranger))).rejects.toMatchObject(AccessDenied);
    await expect(client.send(new DescribeKeyCommand({ KeyId: DIGESTS.id }))).rejects.toMatchObject(AccessDenied);
    await expect(client.send(new GetPublicKeyCommand({ KeyId: DENIED.id }))).rejects.toMatchObject(AccessDenied);
  });

  it('is only what the key’s own policy leaves to the account', async () => {
    const all = clientFor(operator);
    await expect(signWith(CLOSED.id, Buffer.alloc(1), 'RAW', all)).rejects.toMatchObject(AccessDenied);
    await expect(signWith(DENIED.id, Buffer.alloc(1), 'RAW', all)).rejects.toMatchObject(AccessDenied);
    await all.send(new GetPublicKeyCommand({ KeyId: DENIED.id }));
  });

  it('may depend on the algorithm and the kind of message', async () => {
    const condition = { StringEquals: { 'kms:SigningAlgorithm': [ALGORITHM], 'kms:MessageType': ['DIGEST'] } };
    signer.statements = [allow(['kms:Sign'], [DIGESTS.arn], condition)];
    try {
      await signWith(DIGESTS.id, Buffer.alloc(32), 'DIGEST');
      await expect(signWith(DIGESTS.id, Buffer.alloc(32), 'RAW')).rejects.toMatchObject(AccessDenied);
    } finally {
      signer.statements = [allow(['kms:Sign', 'kms:GetPublicKey'], [DIGESTS.arn])];
    }
  });
});

it('DescribeKey and GetPublicKey tell what a key is for', async () => {
  const shape = { KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: [ALGORITHM] };
  const { KeyMetadata } = await clientFor(operator).send(new DescribeKeyCommand({ KeyId: 'alias/digests' }));
  expect(KeyMetadata).toMatchObject({
    ...shape,
    KeyId: DIGESTS.id,
    Arn: DIGESTS.arn,
    Enabled: true,
    Description: 'of digests',
  });
  expect(Math.abs(Date.now() - (KeyMetadata?.CreationDate?.getTime() ?? 0))).toBeLessThan(60_000);
  expect(await client.send(new GetPublicKeyCommand({ KeyId: DIGESTS.id }))).toMatchObject({
    ...shape,
    KeyId: DIGESTS.arn,
  });
  const Plaintext = Buffer.from('x');
  await expect(client.send(new EncryptCommand({ KeyId: DIGESTS.id, Plaintext }))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

describe('the key files', () => {
  const start = (definitions: readonly KeyDefinition[]) =>
    createKms({ dir, keys: definitions, region: REGION, accountId: ACCOUNT });
  const fileOf = ({ id }: KeyDefinition) => join(dir, 'kms', `${id}.pem`);

  it('are one for each key, for their owner only, and the same at the next start', async () => {
    expect((await readdir(join(dir, 'kms'))).sort()).toEqual(keys.map(({ id }) => `${id}.pem`));
    const before = await readFile(fileOf(DIGESTS), 'utf8');
    await chmod(fileOf(DIGESTS), 0o644);
    await start(keys);
    expect((await stat(fileOf(DIGESTS))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'kms'))).mode & 0o777).toBe(0o700);
    expect(await readFile(fileOf(DIGESTS), 'utf8')).toBe(before);
    expect(createPublicKey(createPrivateKey(before)).equals(await publicKey(DIGESTS.id))).toBe(true);
  });

  it('are never replaced by new keys without being asked', async () => {
    await expect(start([{ ...DIGESTS, spec: 'RSA_3072' }])).rejects.toThrow(/3072 bit RSA key/);
    const broken = key('55555555-5555-5555-5555-555555555555');
    await mkdir(join(dir, 'kms'), { recursive: true });
    await writeFile(fileOf(broken), 'not a key');
    await expect(start([broken])).rejects.toThrow(/holds no private key/);
    expect(await readFile(fileOf(broken), 'utf8')).toBe('not a key');
    await rm(fileOf(broken));
  });

  it('are made in the size that is asked for', async () => {
    const large = key('66666666-6666-6666-6666-666666666666', { spec: 'RSA_3072' });
    await start([large]);
    const { asymmetricKeyDetails } = createPrivateKey(await readFile(fileOf(large), 'utf8'));
    expect(asymmetricKeyDetails?.modulusLength).toBe(3072);
    await rm(fileOf(large));
  });
});

it('a key policy that can’t be judged is refused', async () => {
  const policy = policyFor(root, {
    ...account,
    Principal: '*',
    Condition: { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8'] } },
  });
  const odd = key('77777777-7777-7777-7777-777777777777', { policy });
  await expect(createKms({ dir, keys: [odd], region: REGION, accountId: ACCOUNT })).rejects.toThrow(/IpAddress/);
});
