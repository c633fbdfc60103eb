import { InvalidRequestError } from '../../shared/errors.ts';

/**
 * Reads parameters that a route takes once each: `flag` ones are `true` or `false`, `text` ones anything but nothing.
 *
 * @throws InvalidRequestError naming every parameter that is unknown or malformed.
 */
export function readParameters<Shape extends Readonly<Record<string, 'flag' | 'text'>>>(
  query: string,
  shape: Shape,
): { [Name in keyof Shape]: Shape[Name] extends 'flag' ? boolean : string | undefined } {
  const given = new URLSearchParams(query);
  const problems = [...new Set(given.keys())].flatMap((name) => {
    const kind = Object.hasOwn(shape, name) ? shape[name] : undefined;
    const values = given.getAll(name);
    const [value = ''] = values;
    if (kind === undefined)
      return [{ path: name, message: `is not a parameter here: ${Object.keys(shape).join(', ')}` }];
    if (values.length > 1) return [{ path: name, message: 'may be given only once' }];
    if (kind === 'flag' && value !== 'true' && value !== 'false')
      return [{ path: name, message: 'must be true or false' }];
    return kind === 'text' && value === '' ? [{ path: name, message: 'must not be empty' }] : [];
  });
  if (problems.length > 0) throw new InvalidRequestError('some parameters are not understood', problems);
  const read = Object.entries(shape).map(([name, kind]) => {
    const value = given.get(name) ?? undefined;
    return [name, kind === 'flag' ? value === 'true' : value];
  });
  return Object.fromEntries(read);
}
