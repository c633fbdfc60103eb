import { ConfigurationError } from '../../../shared/errors.ts';
import type { Statement } from '../types.ts';

/** What a policy is asked about. `context` has every condition key of the service; one that the request lacks is empty. */
export interface AccessRequest {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

type Matcher = (value: string, wanted: string) => boolean;

const equals: Matcher = (value, wanted) => value === wanted;
const like: Matcher = (value, wanted) => matchesPattern(wanted, value);
const number =
  (holds: (value: number, wanted: number) => boolean): Matcher =>
  (value, wanted) =>
    holds(Number(value), Number(wanted));
const sameBoolean: Matcher = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

const OPERATORS: Readonly<Record<string, { matches: Matcher; negated: boolean }>> = {
  StringEquals: { matches: equals, negated: false },
  StringNotEquals: { matches: equals, negated: true },
  StringLike: { matches: like, negated: false },
  StringNotLike: { matches: like, negated: true },
  NumericEquals: { matches: number((a, b) => a === b), negated: false },
  NumericNotEquals: { matches: number((a, b) => a === b), negated: true },
  NumericLessThan: { matches: number((a, b) => a < b), negated: false },
  NumericLessThanEquals: { matches: number((a, b) => a <= b), negated: false },
  NumericGreaterThan: { matches: number((a, b) => a > b), negated: false },
  NumericGreaterThanEquals: { matches: number((a, b) => a >= b), negated: false },
  Bool: { matches: sameBoolean, negated: false },
};
const ELEMENTS = new Set(['Sid', 'Effect', 'Action', 'Resource', 'Condition']);
const checked = new WeakSet<Statement>();

/** True when some statement allows the request and none denies it. Throws as {@link decide} does. */
export function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  return decide(statements, request) === 'allow';
}

/**
 * What a policy says: `deny` when a statement denies the request, whatever the others say; else `allow` when one allows
 * it; else `none`.
 *
 * @throws ConfigurationError for anything in the statements whose meaning is not known here: nothing is allowed by not
 *   having been understood.
 */
export function decide(statements: readonly Statement[], request: AccessRequest): 'allow' | 'deny' | 'none' {
  checkStatements(statements);
  let result: 'allow' | 'none' = 'none';
  for (const statement of statements) {
    if (!applies(statement, request)) continue;
    if (statement.Effect === 'Deny') return 'deny';
    result = 'allow';
  }
  return result;
}

/** @throws ConfigurationError for anything in the statements whose meaning is not known here. */
export function checkStatements(statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (checked.has(statement)) continue;
    for (const element of Object.keys(statement)) {
      if (!ELEMENTS.has(element)) throw unknown(`policy element ${element}`);
    }
    if (statement.Effect !== 'Allow' && statement.Effect !== 'Deny') throw unknown(`Effect ${statement.Effect}`);
    checkValues('Action', statement.Action);
    checkValues('Resource', statement.Resource);
    for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
      const { name, set } = parseOperator(operator);
      if (name === 'Null' ? set !== undefined : !Object.hasOwn(OPERATORS, name))
        throw unknown(`condition operator ${operator}`);
      for (const [key, values] of Object.entries(keys)) {
        checkValues(key, values);
        if (name.startsWith('Numeric') && values.some((value) => !/^-?\d+(\.\d+)?$/.test(value)))
          throw unknown(`${operator} of something other than a number: ${values.join(', ')}`);
        if ((name === 'Null' || name === 'Bool') && values.some((value) => !/^(true|false)$/i.test(value)))
          throw unknown(`${operator} of something other than true or false: ${values.join(', ')}`);
      }
    }
    checked.add(statement);
  }
}

/** Matches `*` (any run of characters) and `?` (any one character); everything else stands for itself. */
export function matchesPattern(pattern: string, text: string): boolean {
  let at = 0;
  let from = 0;
  let star = -1;
  let resume = 0;
  while (from < text.length) {
    if (pattern[at] === '*') {
      star = at++;
      resume = from;
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === text[from])) {
      at++;
      from++;
    } else if (star >= 0) {
      at = star + 1;
      from = ++resume;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

function applies(statement: Statement, request: AccessRequest): boolean {
  const action = request.action.toLowerCase();
  return (
    statement.Action.some((pattern) => matchesPattern(pattern.toLowerCase(), action)) &&
    statement.Resource.some((pattern) => matchesResource(pattern, request.resource)) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, wanted]) => holds(operator, key, wanted, request.context)),
    )
  );
}

// A wildcard inside one of an ARN's first five parts does not reach past its colon (IAM user guide, "Resource").
function matchesResource(pattern: string, resource: string): boolean {
  const wanted = arnParts(pattern);
  const actual = arnParts(resource);
  if (wanted === undefined || actual === undefined) return matchesPattern(pattern, resource);
  return wanted.every((part, index) => matchesPattern(part, actual[index] ?? ''));
}

function arnParts(text: string): string[] | undefined {
  const parts = text.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

function holds(operator: string, key: string, wanted: readonly string[], context: AccessRequest['context']): boolean {
  const values = valuesOf(key, context);
  const { name, set } = parseOperator(operator);
  if (name === 'Null') return wanted.some((value) => (value.toLowerCase() === 'true') === (values.length === 0));
  const rule = OPERATORS[name];
  if (rule === undefined) throw unknown(`condition operator ${operator}`);
  const satisfied = (value: string) => wanted.some((one) => rule.matches(value, one)) !== rule.negated;
  if (set === 'ForAllValues') return values.every(satisfied);
  if (set === 'ForAnyValue') return values.some(satisfied);
  if (values.length > 1)
    throw unknown(`${operator} on ${key}, which has ${values.length} values: say ForAllValues: or ForAnyValue:`);
  const [only] = values;
  return only === undefined ? rule.negated : satisfied(only);
}

// A key that the service doesn't report is not the same as one that the request lacks: a negated operator or
// ForAllValues would hold by mistake. Only the global keys and those of S3's many headers may be left out, not what S3
// knows of the object.
function valuesOf(key: string, context: AccessRequest['context']): readonly string[] {
  const name = key.toLowerCase();
  const found = Object.entries(context ?? {}).find(([one]) => one.toLowerCase() === name);
  if (found === undefined && !/^(aws:|s3:(?!existingobjecttag\/))/.test(name)) throw unknown(`condition key ${key}`);
  return found?.[1] ?? [];
}

function parseOperator(operator: string): { name: string; set: 'ForAllValues' | 'ForAnyValue' | undefined } {
  const [, set, name = ''] = /^(?:(ForAllValues|ForAnyValue):)?(.*)$/s.exec(operator) ?? [];
  return { name, set: set as 'ForAllValues' | 'ForAnyValue' | undefined };
}

function checkValues(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length === 0 || values.some((value) => typeof value !== 'string'))
    throw unknown(`${name} that is not a list of strings: ${JSON.stringify(values)}`);
  const variable = values.find((value: string) => value.includes('${'));
  if (variable !== undefined) throw unknown(`policy variable in ${variable}`);
}

function unknown(what: string): ConfigurationError {
  return new ConfigurationError(`the local IAM check does not know ${what}; teach it, or write the policy without`);
}
