import { isPaused, type StoredConnection } from '../../shared/control/connections.ts';
import { InvalidRequestError, type Problem } from '../../shared/errors.ts';
import type { Poller } from '../../shared/polling/poller.ts';
import { toProblems } from '../../shared/problems.ts';
import type { Source } from '../../shared/sources/source.ts';
import { environment } from '../environment.ts';

type Given = Readonly<Record<string, string>> | undefined;

/** What is said about a connection that only one which is polled has a use for. */
const OF_POLLING = ['network', 'allowedAddresses', 'certificateAuthority', 'backfillFrom'] as const;

/**
 * Checks what a connection is going to be against what its source wants.
 *
 * @param secrets those that the request gives.
 * @param before the connection as it is, for a change.
 * @throws InvalidRequestError naming everything that is wrong.
 */
export function checkConnection(
  source: Source,
  after: StoredConnection,
  secrets: Given,
  before?: StoredConnection,
): void {
  const problems = [
    ...(source.poller ? pollingProblems(source.poller, after, before) : pushingProblems(source, after)),
    ...secretProblems(source, after, secrets, before),
  ];
  if (problems.length > 0) throw new InvalidRequestError('the connection does not fit its source', problems);
}

function pushingProblems({ name }: Source, after: StoredConnection): Problem[] {
  const message = `is for sources that are polled, and ${name} is not`;
  const given = (['settings', ...OF_POLLING] as const).filter((path) => after[path] !== undefined);
  return [...given, ...(isPaused(after) ? ['paused'] : [])].map((path) => ({ path, message }));
}

function pollingProblems(poller: Poller, after: StoredConnection, before: StoredConnection | undefined): Problem[] {
  const { settings } = after;
  if (settings === undefined) {
    const message = 'is for connections that are polled: give it settings';
    const given = OF_POLLING.filter((path) => after[path] !== undefined);
    return [...given, ...(isPaused(after) ? ['paused'] : [])].map((path) => ({ path, message }));
  }
  const network =
    after.network === 'private' && environment('PRIVATE_POLL_FUNCTION') === ''
      ? [
          {
            path: 'network',
            message: 'can not be private, as this deployment has no setting "vpc": deploy it with one',
          },
        ]
      : [];
  const parsed = poller.settings.safeParse(settings);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap(toProblems);
    return [...problems.map(({ path, message }) => ({ path: under('settings', path), message })), ...network];
  }
  return [...network, ...(before?.settings === undefined ? [] : movedProblems(poller, settings, before.settings))];
}

/** Whoever may change a connection can't read its secrets, and must not be able to send them elsewhere. */
function movedProblems(
  poller: Poller,
  settings: NonNullable<StoredConnection['settings']>,
  old: NonNullable<StoredConnection['settings']>,
): Problem[] {
  const place = (of: typeof settings) => {
    const { origin, hosts } = poller.connect(of);
    return JSON.stringify([origin, hosts]);
  };
  const was = poller.settings.safeParse(old).success ? place(old) : undefined;
  if (place(settings) === was) return [];
  return [{ path: 'settings', message: 'would lead to another host or account than before: make a new connection' }];
}

function secretProblems(
  { name, webhook, poller, cursor }: Source,
  after: StoredConnection,
  given: Given = {},
  before?: StoredConnection,
): Problem[] {
  const ofPoller = Object.entries(poller?.secrets ?? {});
  const known = [...(webhook ? ['webhook'] : []), ...ofPoller.map(([secret]) => secret)];
  const unknown = Object.keys(given)
    .filter((one) => !known.includes(one))
    .map((one) => ({
      path: `secrets.${one}`,
      message: `is not a secret of ${name}: it has ${known.join(', ') || 'none'}`,
    }));
  // What only pushes is of no use without the means to prove itself.
  const unproved =
    !before && webhook && cursor === 'none' && given['webhook'] === undefined
      ? [{ path: 'secrets.webhook', message: 'is required: the secret that the vendor signs with' }]
      : [];
  return [
    ...unknown,
    ...unproved,
    ...ofPoller.flatMap(([secret, { description, pattern, optional }]): Problem[] => {
      const path = `secrets.${secret}`;
      const value = given[secret];
      if (value === undefined) {
        const isMissing = after.settings !== undefined && !optional && !after.secrets.includes(secret);
        return isMissing ? [{ path, message: `is required: ${description}` }] : [];
      }
      if (after.settings === undefined) return [{ path, message: 'is for polling: give the connection settings too' }];
      return pattern && !pattern.test(value) ? [{ path, message: `does not look right. ${description}` }] : [];
    }),
  ];
}

function under(field: string, path: string): string {
  return path === '' ? field : `${field}.${path}`;
}
