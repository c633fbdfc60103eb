import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../infra/settings.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import { TIERS } from '../../shared/retention.ts';

const lowerKebab = (longest: number) => fc.stringMatching(new RegExp(`^[a-z0-9][a-z0-9-]{0,${longest - 1}}$`));
const source = fc.stringMatching(/^[a-z0-9_]{1,20}(\.[a-z0-9_-]{1,20})?$/).filter((name) => name !== '__proto__');

const ec2Id = (kind: string) => fc.stringMatching(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`));

const validSettings = fc.record(
  {
    stage: fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/),
    tenant: lowerKebab(32),
    tiers: fc.dictionary(source, fc.constantFrom(...TIERS)),
    shards: fc.dictionary(source, fc.integer({ min: 1, max: 64 })),
    removal: fc.constantFrom('retain', 'destroy'),
    archive: fc.record(
      {
        retentionYears: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.constant('indefinite')),
        mode: fc.constantFrom('governance', 'compliance'),
        tenants: fc.dictionary(lowerKebab(32), fc.record({ retentionYears: fc.integer({ min: 1, max: 100 }) })),
        storageClass: fc.constant('glacierInstantRetrieval'),
        transitionAfterDays: fc.integer({ min: 1, max: 36_500 }),
      },
      { requiredKeys: ['storageClass'] },
    ),
    scanLimitGb: fc.integer({ min: 1, max: 100_000 }),
    logRetentionDays: fc.constantFrom(1, 90, 365, 3653),
    throttle: fc.record({ rate: fc.integer({ min: 1, max: 10_000 }), burst: fc.integer({ min: 1, max: 5_000 }) }),
    vpc: fc.record({
      id: ec2Id('vpc'),
      subnets: fc.array(ec2Id('subnet'), { minLength: 1, maxLength: 16 }),
      securityGroups: fc.array(ec2Id('sg'), { minLength: 1, maxLength: 5 }),
    }),
    tags: fc.dictionary(fc.stringMatching(/^[A-Z][A-Za-z0-9:]{0,20}$/), fc.string({ maxLength: 256 }), { maxKeys: 50 }),
  },
  { requiredKeys: [] },
);

function problemsOf(context: unknown): string {
  try {
    readSettings(context);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return '';
}

describe('readSettings', () => {
  it('has a default for everything', () => {
    expect(readSettings(undefined)).toEqual({
      stage: 'prod',
      archive: { retentionYears: 7, mode: 'governance', tenants: {}, storageClass: 'standard' },
      tenant: 'main',
      tiers: {},
      shards: { default: 1 },
      removal: 'retain',
      tags: {},
      scanLimitGb: 100,
      logRetentionDays: 90,
      throttle: { rate: 500, burst: 1000 },
    });
  });

  it('keeps what is valid, and takes the same from the JSON text of the command line', () => {
    fc.assert(
      fc.property(validSettings, (settings) => {
        const read = readSettings(settings);
        expect(read).toMatchObject(settings);
        expect(readSettings(JSON.stringify(settings))).toEqual(read);
      }),
    );
  });

  it('reads its own result back unchanged', () => {
    fc.assert(
      fc.property(validSettings, (settings) => {
        const read = readSettings(settings);
        expect(readSettings(read)).toEqual(read);
      }),
    );
  });

  it('throws nothing but ConfigurationError, whatever it is given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.string(), validSettings), (anything) => {
        problemsOf(anything);
      }),
    );
  });

  it('refuses a key that it does not know, by name and wherever it is', () => {
    fc.assert(
      fc.property(validSettings, fc.stringMatching(/^unknown[A-Za-z]{1,9}$/), (settings, key) => {
        expect(problemsOf({ ...settings, [key]: 1 })).toContain(`- annals.${key}: there is no such setting`);
        expect(problemsOf({ ...settings, throttle: { [key]: 1 } })).toContain(`- annals.throttle.${key}: there is no`);
      }),
    );
  });

  it('names everything that is wrong at once', () => {
    const problems = problemsOf({
      stage: 'Prod',
      tenant: '-x',
      tiers: { 'duo.auth': '90d' },
      shards: { default: 65 },
      alarmEmail: 'nobody',
      kmsKeyArn: 'alias/annals',
      logRetentionDays: 91,
      shard: 2,
    });
    for (const path of [
      'stage',
      'tenant',
      'tiers.duo.auth',
      'shards.default',
      'alarmEmail',
      'kmsKeyArn',
      'logRetentionDays',
      'shard',
    ]) {
      expect(problems).toContain(`- annals.${path}: `);
    }
    expect(problems).toContain('365');
  });

  it.each([
    [{ stage: 'a'.repeat(21) }],
    [{ stage: 'dev-' }],
    [{ tenant: 'a#b' }],
    [{ tiers: { 'Not A Source': '180d' } }],
    [{ shards: { default: 0 } }],
    [{ shards: { default: 1.5 } }],
    [{ domain: { name: 'audit.example.com' } }],
    [{ domain: { name: 'audit', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a' } }],
    [{ permissionsBoundary: 'two words' }],
    [{ tags: { 'aws:mine': 'no' } }],
    [{ tags: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`k${index}`, ''])) }],
    [{ scanLimitGb: 0 }],
    [{ throttle: { rate: 0 } }],
    [{ vpc: { id: 'vpc-0a1b2c3d' } }],
    [{ vpc: { id: 'vpc-1', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } }],
    [{ vpc: { id: 'vpc-0a1b2c3d', subnets: [], securityGroups: ['sg-0a1b2c3d'] } }],
    [{ vpc: { id: 'vpc-0a1b2c3d', subnets: ['sg-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] } }],
    [{ vpc: { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: Array(6).fill('sg-0a1b2c3d') } }],
    [{ vpc: { id: 'vpc-0a1b2c3d', subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'], zones: [] } }],
    [[]],
    ['{"stage":'],
  ])('refuses %j', (context) => {
    expect(() => readSettings(context)).toThrow(ConfigurationError);
  });

  it.each([
    [{ permissionsBoundary: 'team/boundary' }, false],
    [{ permissionsBoundary: 'team-boundary' }, true],
    [{ permissionsBoundary: 'arn:aws:iam::123456789012:policy/team/boundary' }, true],
    [{ kmsKeyArn: 'arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab' }, true],
    [
      { domain: { name: 'audit.example.com', certificateArn: 'arn:aws:acm:eu-west-1:123456789012:certificate/a-1' } },
      true,
    ],
  ])('knows whether %j will do', (context, valid) => {
    expect(problemsOf(context) === '').toBe(valid);
  });
});
