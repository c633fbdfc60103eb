import { isPaused, type StoredConnection } from '../../shared/control/connections.ts';
import type { Change } from '../../shared/event/schema.ts';

/** How a connection appears as the target of an audit event. */
export function targetOf({ id, name }: StoredConnection) {
  return { type: 'connection', id, name };
}

/**
 * What was changed of a connection, attribute by attribute, each setting by itself; of secrets only that they were.
 *
 * @param secrets names of those that were given.
 */
export function changesOf(
  before: StoredConnection | undefined,
  after: StoredConnection,
  secrets: readonly string[],
): Change[] {
  const [old, now] = [before ? attributesOf(before) : {}, attributesOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = names
    .filter((name) => old[name] !== now[name])
    .map((name) => ({
      attribute: name,
      ...(old[name] !== undefined && { old: old[name] }),
      ...(now[name] !== undefined && { new: now[name] }),
    }));
  const given = secrets.map((name) => ({
    attribute: `secrets.${name}`,
    new: before?.secrets.includes(name) ? '(replaced)' : '(set)',
  }));
  return [...changed, ...given];
}

function attributesOf(connection: StoredConnection): Record<string, string> {
  const { source, origin, tier, network, allowedAddresses, certificateAuthority, backfillFrom } = connection;
  const plain = {
    source,
    origin,
    tier,
    network,
    allowedAddresses: allowedAddresses?.join(' '),
    certificateAuthority,
    backfillFrom,
    paused: isPaused(connection) ? 'true' : undefined,
  };
  const settings = Object.entries(connection.settings ?? {}).map(([name, value]) => [
    `settings.${name}`,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return Object.fromEntries([...Object.entries(plain).filter(([, value]) => value !== undefined), ...settings]);
}
