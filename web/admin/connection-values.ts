import { bodyOf, type FormField, type Tree, type Values } from '../../shared/sources/connecting.ts';
import type { AdminConnection } from './types.ts';

/** What a connection says, as it is in the fields. */
export function valuesOf(fields: readonly FormField[], connection: AdminConnection): Values {
  const entries = fields.map(({ path, kind }) => [path, shown(look(connection, path.split('.')), kind)] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}

function shown(value: unknown, kind: FormField['kind']): string {
  if (value === undefined || value === null) return '';
  if (kind === 'flag') return value === true ? 'on' : value === false ? 'off' : '';
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function look(value: unknown, [name, ...rest]: string[]): unknown {
  if (name === undefined) return value;
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? look((value as Tree)[name], rest)
    : undefined;
}

/** True if the fields can say all that the settings say: otherwise these are better changed as JSON. */
export function canSay(fields: readonly FormField[], connection: AdminConnection): boolean {
  const { settings } = bodyOf(fields, valuesOf(fields, connection));
  const isTold = (given: unknown, path: string): boolean => {
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) {
      return Object.entries(given).every(([name, value]) => isTold(value, `${path}.${name}`));
    }
    return fields.some((field) => field.path === path);
  };
  return connection.settings === undefined || (settings !== undefined && isTold(connection.settings, 'settings'));
}

/** Of what the fields say, that which differs from the connection. Null when nothing does. */
export function changeOf(body: Tree, connection: AdminConnection): Tree | null {
  const { settings, tier = null, network = 'public', allowedAddresses = [], certificateAuthority } = body;
  const { settings: oldSettings, tier: oldTier = null, network: oldNetwork = 'public' } = connection;
  const change: Tree = {
    ...(settings !== undefined && !isSame(settings, oldSettings) && { settings }),
    ...(tier !== oldTier && { tier }),
    ...(network !== oldNetwork && { network }),
    ...(!isSame(allowedAddresses, connection.allowedAddresses ?? []) && { allowedAddresses }),
    ...(certificateAuthority !== undefined &&
      certificateAuthority !== connection.certificateAuthority && { certificateAuthority }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(sorted(a)) === JSON.stringify(sorted(b));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)]),
  );
}
