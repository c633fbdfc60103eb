import { savedQueries, savedViews } from '../../shared/archive/saved-sql.ts';
import { withValues } from '../../shared/archive/sql-parameters.ts';
import { InvalidRequestError } from '../../shared/errors.ts';

/**
 * The statement of a saved query with the values of `--param name=value` in it.
 *
 * @throws InvalidRequestError when there is no such query, or a parameter is unknown, missing, given twice or malformed.
 */
export function savedStatement(name: string, params: readonly string[]): string {
  const queries = savedQueries();
  const query = queries.find((one) => one.name === name);
  if (query === undefined)
    throw new InvalidRequestError(`there is no query ${name}: ${queries.map((one) => one.name).join(', ')}`);
  const given: Record<string, string> = Object.create(null);
  for (const param of params) {
    const [, key, value] = /^([^=]+)=(.*)$/s.exec(param) ?? [];
    if (key === undefined || value === undefined)
      throw new InvalidRequestError(`--param takes name=value, and not ${JSON.stringify(param)}`);
    if (key in given) throw new InvalidRequestError(`--param ${key} is given twice`);
    given[key] = value;
  }
  return withValues(query, given, new Date().toISOString());
}

/** What `--queries` prints: every saved query with its parameters, and every view. */
export function listSaved(): string {
  const queries = savedQueries().map(({ name, title, description, parameters }) => {
    const width = Math.max(...parameters.map((one) => one.name.length));
    const lines = parameters.map((one) => {
      const given = one.default === undefined ? 'required' : `default ${one.default === '' ? 'empty' : one.default}`;
      return `    ${one.name.padEnd(width)}  ${one.description} (${one.type}, ${given})`;
    });
    return [name, `  ${title}. ${description}`, ...lines, ''].join('\n');
  });
  const views = savedViews().map(({ name, title }) => `  ${name}: ${title}`);
  return [
    'Saved queries: npm run --silent sql -- --query NAME [--param name=value ...]',
    '',
    ...queries,
    'Views, to be selected from like events:',
    ...views,
    '',
  ].join('\n');
}
