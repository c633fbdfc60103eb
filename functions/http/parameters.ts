import { InvalidRequestError } from '../../shared/errors.ts';

/**
 * Reads parameters that are `true` or `false`.
 *
 * @throws InvalidRequestError naming every parameter that is unknown or malformed.
 */
export function readFlags<Name extends string>(query: string, names: readonly Name[]): Record<Name, boolean> {
  const flags = Object.fromEntries(names.map((name) => [name, false])) as Record<Name, boolean>;
  const problems = [];
  for (const [name, value] of new URLSearchParams(query)) {
    if (!(names as readonly string[]).includes(name)) {
      problems.push({ path: name, message: `is not a parameter here: ${names.join(', ') || 'there are none'}` });
    } else if (value !== 'true' && value !== 'false') problems.push({ path: name, message: 'must be true or false' });
    else flags[name as Name] = value === 'true';
  }
  if (problems.length > 0) throw new InvalidRequestError('some parameters are not understood', problems);
  return flags;
}
