import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, isAllowed, matchesPattern } from '../../../../infra/local/aws/iam.ts';
import type { Statement } from '../../../../infra/local/types.ts';
import { allow } from './endpoint-support.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:123456789012:table/events';
const query = { action: 'dynamodb:Query', resource: TABLE };
const deny = (Action: string[], Resource: string[]): Statement => ({ Effect: 'Deny', Action, Resource });
const when = (operator: string, key: string, values: string[]) =>
  allow(['*'], ['*'], { [operator]: { [key]: values } });
const holds = (operator: string, wanted: string[], actual: string[] | undefined) =>
  isAllowed([when(operator, 'aws:Key', wanted)], {
    ...query,
    ...(actual !== undefined && { context: { 'aws:Key': actual } }),
  });

describe('decide', () => {
  it('allows nothing without a statement', () => {
    expect(decide([], query)).toBe('none');
  });

  it('lets a deny win, wherever it stands', () => {
    const statements = [allow(['dynamodb:*'], ['*']), deny(['dynamodb:Q*'], [TABLE])];
    expect(decide(statements, query)).toBe('deny');
    expect(decide([...statements].reverse(), query)).toBe('deny');
    expect(decide(statements, { ...query, action: 'dynamodb:GetItem' })).toBe('allow');
  });

  it('compares actions without and resources with regard to case', () => {
    expect(isAllowed([allow(['DYNAMODB:query'], [TABLE])], query)).toBe(true);
    expect(isAllowed([allow(['dynamodb:Query'], [TABLE.toUpperCase()])], query)).toBe(false);
  });

  it.each([
    [TABLE, true],
    ['*', true],
    ['arn:aws:dynamodb:*:*:table/ev?nts', true],
    ['arn:aws:dynamodb:*', true],
    ['arn:aws:dynamodb:us-east-1:123456789012:table/event', false],
    ['arn:aws:dynamodb:us-east-1:123456789012:table/events/*', false],
    ['arn:aws:dynamodb:us-*:table/events:*:*', false],
  ])('matches the resource %s: %s', (pattern, expected) => {
    expect(isAllowed([allow(['dynamodb:Query'], [pattern])], query)).toBe(expected);
  });

  it('keeps a wildcard inside its part of the ARN', () => {
    const resource = 'arn:aws:s3:::archive/a:b:c';
    expect(isAllowed([allow(['*'], ['arn:aws:s3:::archive/*'])], { action: 's3:GetObject', resource })).toBe(true);
    expect(isAllowed([allow(['*'], ['arn:aws:s3:*:b:c:x'])], { action: 's3:GetObject', resource })).toBe(false);
  });
});

describe('conditions', () => {
  it.each([
    ['StringEquals', ['a', 'b'], ['b'], true],
    ['StringEquals', ['a*'], ['ab'], false],
    ['StringEquals', ['a'], undefined, false],
    ['StringEquals', ['a'], [], false],
    ['StringLike', ['a*'], ['ab'], true],
    ['StringLike', ['a*'], undefined, false],
    ['StringNotEquals', ['a', 'b'], ['b'], false],
    ['StringNotEquals', ['a', 'b'], ['c'], true],
    ['StringNotEquals', ['a'], undefined, true],
    ['StringNotLike', ['a*'], ['ab'], false],
    ['StringNotLike', ['a*'], undefined, true],
    ['Null', ['true'], undefined, true],
    ['Null', ['true'], ['a'], false],
    ['Null', ['false'], ['a'], true],
    ['Null', ['false'], [], false],
    ['NumericLessThan', ['7'], ['6'], true],
    ['NumericLessThan', ['7'], ['7'], false],
    ['NumericLessThan', ['10'], ['9'], true],
    ['NumericLessThan', ['7'], undefined, false],
    ['NumericLessThanEquals', ['7'], ['7'], true],
    ['NumericGreaterThan', ['7'], ['7'], false],
    ['NumericGreaterThanEquals', ['7', '3'], ['3'], true],
    ['NumericEquals', ['7'], ['7.0'], true],
    ['NumericNotEquals', ['7'], ['8'], true],
    ['NumericLessThan', ['7'], ['many'], false],
    ['Bool', ['true'], ['TRUE'], true],
    ['Bool', ['false'], ['true'], false],
    ['Bool', ['false'], undefined, false],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b'], true],
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'c'], false],
    ['ForAllValues:StringEquals', ['a'], [], true],
    ['ForAllValues:StringLike', ['t#*'], ['t#1', 't#2'], true],
    ['ForAllValues:StringNotEquals', ['a'], ['b', 'a'], false],
    ['ForAnyValue:StringEquals', ['a'], ['b', 'a'], true],
    ['ForAnyValue:StringEquals', ['a'], ['b'], false],
    ['ForAnyValue:StringEquals', ['a'], undefined, false],
    ['ForAnyValue:StringNotEquals', ['a'], ['a', 'b'], true],
    ['ForAnyValue:StringNotLike', ['a*'], [], false],
  ] as const)('%s %j of %j: %s', (operator, wanted, actual, expected) => {
    expect(holds(operator, [...wanted], actual && [...actual])).toBe(expected);
  });

  it('wants every operator and every key to hold, under any spelling of the key', () => {
    const statement = allow(['*'], ['*'], {
      StringEquals: { 'aws:A': ['1'], 'aws:B': ['2'] },
      Null: { 'aws:C': ['true'] },
    });
    const context = { 'AWS:a': ['1'], 'aws:b': ['2'] };
    expect(isAllowed([statement], { ...query, context })).toBe(true);
    expect(isAllowed([statement], { ...query, context: { ...context, 'aws:b': ['3'] } })).toBe(false);
    expect(isAllowed([statement], { ...query, context: { ...context, 'aws:C': ['3'] } })).toBe(false);
  });

  it('agrees with the quantifiers for any values', () => {
    const values = fc.array(fc.constantFrom<string[]>('a', 'b', 'ab', 'c*'), { maxLength: 4 });
    const wanted = fc.array(fc.constantFrom<string[]>('a', 'b', 'ab', 'c*'), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(values, wanted, (actual, allowed) => {
        const inside = (value: string) => allowed.includes(value);
        expect(holds('ForAllValues:StringEquals', allowed, actual)).toBe(actual.every(inside));
        expect(holds('ForAnyValue:StringEquals', allowed, actual)).toBe(actual.some(inside));
        expect(holds('ForAllValues:StringNotEquals', allowed, actual)).toBe(!actual.some(inside));
        expect(holds('ForAnyValue:StringNotEquals', allowed, actual)).toBe(!actual.every(inside));
      }),
    );
  });
});

describe('what is not understood', () => {
  const odd = (change: object) => ({ ...allow(['*'], ['*']), ...change }) as Statement;
  it.each([
    ['NotAction', odd({ NotAction: ['s3:*'] })],
    ['NotResource', odd({ NotResource: ['*'] })],
    ['Principal', odd({ Principal: '*' })],
    ['Effect', odd({ Effect: 'Maybe' })],
    ['a missing Action', odd({ Action: undefined })],
    ['a list that is none', odd({ Resource: '*' })],
    ['an unknown operator', when('IpAddress', 'aws:Key', ['1'])],
    ['a number that is none', when('NumericEquals', 'aws:Key', ['one'])],
    ['a tag that the object has', when('StringNotEquals', 's3:ExistingObjectTag/a', ['1'])],
    ['an operator with IfExists', when('StringEqualsIfExists', 'aws:Key', ['1'])],
    ['an unknown set', when('ForSomeValues:StringEquals', 'aws:Key', ['1'])],
    ['Null over a set', when('ForAllValues:Null', 'aws:Key', ['true'])],
    ['Bool of a word', when('Bool', 'aws:Key', ['yes'])],
    ['a policy variable', allow(['*'], [`arn:aws:s3:::home/\${aws:username}`])],
    ['a key the service does not report', when('StringNotEquals', 'dynamodb:Select', ['COUNT'])],
    ['an inherited name', when('constructor', 'aws:Key', ['1'])],
  ])('is refused: %s', (_, statement) => {
    expect(() => isAllowed([allow(['*'], ['*']), statement], query)).toThrow(/does not know/);
  });

  it('is several values under an operator for one', () => {
    expect(() => holds('StringEquals', ['a'], ['a', 'b'])).toThrow(/ForAllValues/);
  });

  it('is any operator but the known ones', () => {
    fc.assert(
      fc.property(fc.string(), (operator) => {
        const known =
          /^((ForAllValues|ForAnyValue):)?(String(Not)?(Equals|Like)|Numeric((Not)?Equals|(Less|Greater)Than(Equals)?)|Bool)$|^Null$/.test(
            operator,
          );
        fc.pre(!known);
        expect(() => holds(operator, ['true'], ['true'])).toThrow(/does not know/);
      }),
    );
  });
});

describe('matchesPattern', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.', '\n', '('), maxLength: 12 });

  it('does what the regular expression of the same meaning does', () => {
    fc.assert(
      fc.property(letters, letters, (pattern, text) => {
        const source = pattern.replace(/[.*?()]/g, (sign) => (sign === '*' ? '.*' : sign === '?' ? '.' : `\\${sign}`));
        expect(matchesPattern(pattern, text)).toBe(new RegExp(`^${source}$`, 's').test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no exponential time', () => {
    expect(matchesPattern(`${'*a'.repeat(50)}b`, 'a'.repeat(5000))).toBe(false);
  });
});
