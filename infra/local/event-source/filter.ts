import { TemplateError } from '../template/error.ts';

/** True when a value matches; `undefined` stands for a field that is not there. */
type Test = (value: unknown) => boolean;

/**
 * Compiles the patterns of a FilterCriteria: a record passes when one of them matches, or when there are none. Rules are
 * those of Lambda's event filtering: equality lists, `$or`, and the operators below.
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html)
 *
 * @throws TemplateError for a pattern that is malformed, or an operator that is not known.
 */
export function compileFilters(patterns: readonly unknown[]): Test {
  const tests = patterns.map((pattern) => compilePattern(pattern));
  return (value) => tests.length === 0 || tests.some((test) => test(value));
}

function compilePattern(pattern: unknown): Test {
  if (!isObject(pattern) || Object.keys(pattern).length === 0)
    throw malformed('a pattern must be an object with at least one field', pattern);
  const tests = Object.entries(pattern).map(([field, inner]): Test => {
    if (field === '$or') return compileOr(inner);
    const test = Array.isArray(inner) ? compileRules(inner) : compilePattern(inner);
    return (value) => test(isObject(value) ? value[field] : undefined);
  });
  // Of a list of objects one that matches is enough.
  const all: Test = (value) => tests.every((test) => test(value));
  return (value) => (Array.isArray(value) ? value.some(all) : all(value));
}

function compileOr(patterns: unknown): Test {
  if (!Array.isArray(patterns)) throw malformed('$or needs a list of patterns', patterns);
  const tests = patterns.map((pattern) => compilePattern(pattern));
  return (value) => tests.some((test) => test(value));
}

function compileRules(rules: readonly unknown[]): Test {
  if (rules.length === 0) throw malformed('a list of rules must not be empty', rules);
  const tests = rules.map((rule) => (isObject(rule) ? compileOperator(rule) : equalTo(rule)));
  return (value) => {
    const candidates = Array.isArray(value) ? value : [value];
    return tests.some((test) => candidates.some((candidate) => test(candidate)));
  };
}

const OPERATORS: Readonly<Record<string, (argument: unknown) => Test>> = {
  exists: (argument) => {
    if (typeof argument !== 'boolean') throw malformed('exists needs true or false', argument);
    // It looks at leaves only: an object is not one.
    return (value) => (value !== undefined && !isObject(value)) === argument;
  },
  prefix: (argument) => onText(argument, (value, wanted) => value.startsWith(wanted)),
  suffix: (argument) => onText(argument, (value, wanted) => value.endsWith(wanted)),
  'equals-ignore-case': (argument) => onText(argument, (value, wanted) => value.toLowerCase() === wanted.toLowerCase()),
  'anything-but': (argument) => {
    const test = isObject(argument) ? compileOperator(argument) : compileRules([argument].flat());
    return (value) => value !== undefined && !test(value);
  },
  numeric: compileNumeric,
};

function compileOperator(rule: Readonly<Record<string, unknown>>): Test {
  const [name = '', ...others] = Object.keys(rule);
  const compile = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (compile === undefined || others.length > 0) throw malformed('this operator is not known', rule);
  return compile(rule[name]);
}

const COMPARE: Readonly<Record<string, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function compileNumeric(argument: unknown): Test {
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : [];
  if (parts.length !== 2 && parts.length !== 4) throw malformed('numeric needs one or two comparisons', argument);
  const tests: ((value: number) => boolean)[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const compare = COMPARE[String(parts[index])];
    const limit = parts[index + 1];
    if (compare === undefined || typeof limit !== 'number')
      throw malformed('numeric needs comparisons such as [">", 0, "<=", 5]', argument);
    tests.push((value) => compare(value, limit));
  }
  // Numbers of DynamoDB are text in a stream record ({"N": "5"}), and text matches no number.
  return (value) => typeof value === 'number' && tests.every((test) => test(value));
}

function equalTo(wanted: unknown): Test {
  if (wanted !== null && !['string', 'number', 'boolean'].includes(typeof wanted))
    throw malformed('this is no rule', wanted);
  return (value) => value === wanted;
}

function onText(argument: unknown, test: (value: string, wanted: string) => boolean): Test {
  if (typeof argument !== 'string') throw malformed('this operator needs text', argument);
  return (value) => typeof value === 'string' && test(value, argument);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function malformed(what: string, where: unknown): TemplateError {
  return new TemplateError(`a filter pattern can't be used: ${what}: ${JSON.stringify(where)}`);
}
