import { createHash, createPublicKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { readTemplate } from '../../infra/local/template.ts';
import { type Grant, grantsOf, withoutGrant } from '../support/grants.ts';
import {
  daysAreSealed,
  fingerprintIsLogged,
  fingerprintIsTold,
  type SealWorld,
  sealIsStarted,
  startSealWorld,
} from '../support/grants-seal.ts';

const { principals, ...rest } = readTemplate(inject('templateFile'));
const grants = grantsOf({ principals, ...rest });
const of = (role: RegExp, action: RegExp) =>
  grants
    .filter((one) => role.test(one.role) && action.test(one.action))
    .map((grant) => [`${grant.role} ${grant.text}`, grant] as const);

/** Without the grant the scenario fails an assertion, with it again it does not. */
async function isNeeded(world: SealWorld, grant: Grant, scenario: () => Promise<void>): Promise<void> {
  const failure = await withoutGrant(world.stack.principals, grant, scenario).catch((error) => error);
  expect(failure, 'does without it: drop the grant').toMatchObject({ name: 'AssertionError' });
  await scenario();
}

describe('the seal', () => {
  // Each in a stack of its own, as a day is sealed once. What the missing grant broke off is gone on with afterwards.
  it.each(of(/^SealingSealRole$/, /^(?!logs:)/))('needs %s', async (_, grant) => {
    const world = await startSealWorld();
    try {
      await isNeeded(world, grant, () => daysAreSealed(world));
    } finally {
      await world.close();
    }
  });

  const listed = principals
    .find(({ name }) => name.startsWith('SealingSealRole'))
    ?.statements.flatMap(({ Condition }) => Condition?.['StringLike']?.['s3:prefix'] ?? []);
  it.each(listed ?? [])('needs to list %s', async (prefix) => {
    const world = await startSealWorld();
    const role = world.stack.principals.find(({ name }) => name.startsWith('SealingSealRole'));
    if (role === undefined) throw new Error('there is no role of the seal');
    const whole = role.statements;
    try {
      role.statements = whole.map((one) => {
        const prefixes = one.Condition?.['StringLike']?.['s3:prefix'];
        if (prefixes === undefined) return one;
        return { ...one, Condition: { StringLike: { 's3:prefix': prefixes.filter((other) => other !== prefix) } } };
      });
      await expect(daysAreSealed(world)).rejects.toMatchObject({ name: 'AssertionError' });
      role.statements = whole;
      await daysAreSealed(world);
    } finally {
      await world.close();
    }
  });
});

describe('in a stack that runs', () => {
  let world: SealWorld;
  beforeAll(async () => {
    world = await startSealWorld();
  });
  afterAll(() => world?.close());

  it.each([...of(/^SealingSealRole$/, /^logs:/), ...of(/^SealingScheduleRole$/, /./)])(
    'the seal is started and logs by %s',
    async (_, grant) => isNeeded(world, grant, () => sealIsStarted(world)),
  );

  it.each(of(/^Fingerprints/, /^kms:/))('a fingerprint is told by %s', async (_, grant) =>
    isNeeded(world, grant, () => fingerprintIsTold(world, grant.resource)),
  );

  it.each(of(/^Fingerprints/, /^logs:/))('the fingerprint function logs by %s', async (_, grant) =>
    isNeeded(world, grant, () => fingerprintIsLogged(world)),
  );

  it('the output is the fingerprint of the key that signs', () => {
    const folder = join(world.stack.dir, 'kms');
    const id = world.stack.outputs['SigningKey']?.replace(/.*\//, '');
    const [file = ''] = readdirSync(folder).filter((name) => name === `${id}.pem`);
    const der = createPublicKey(readFileSync(join(folder, file))).export({ format: 'der', type: 'spki' });
    expect(world.stack.outputs['SigningKeyFingerprint']).toBe(createHash('sha256').update(der).digest('hex'));
  });
});
