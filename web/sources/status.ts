import type { Ailment } from '../../shared/polling/health.ts';
import { spanWords } from './span.ts';
import type { Connection, Stream } from './types.ts';

/** How much of a look a connection needs; its mark has a shape for each. */
export const KINDS = ['failure', 'caution', 'waiting', 'paused', 'good', 'push'] as const;
export type Kind = (typeof KINDS)[number];

export interface Status {
  readonly kind: Kind;
  readonly word: string;
}

const AILING: Readonly<Record<Ailment, Status>> = {
  ConnectionsFailing: { kind: 'failure', word: 'Failing' },
  ConnectionsThrottled: { kind: 'caution', word: 'Held back' },
  ConnectionsLagging: { kind: 'caution', word: 'Behind' },
  ConnectionsSilent: { kind: 'caution', word: 'Silent' },
  CredentialsExpiring: { kind: 'caution', word: 'Credential ends' },
};
/** The first that a connection has says how it is called. */
const GRAVEST: readonly Ailment[] = [
  'ConnectionsFailing',
  'ConnectionsThrottled',
  'ConnectionsLagging',
  'ConnectionsSilent',
  'CredentialsExpiring',
];

/** A connection's state in a word. */
export function statusOf({ health }: Pick<Connection, 'health'>): Status {
  if (health === null) return { kind: 'push', word: 'Takes what is sent' };
  if (health.paused) return { kind: 'paused', word: 'Paused' };
  if (health.problem !== null) return { kind: 'failure', word: 'Not polled' };
  const gravest = GRAVEST.find((ailment) => health.ailments.includes(ailment));
  if (gravest) return AILING[gravest];
  if (health.streams.some(({ lastError }) => lastError !== null)) return { kind: 'caution', word: 'Trying again' };
  const hasRun = health.streams.some(({ lastSuccessAt }) => lastSuccessAt !== null);
  return hasRun ? { kind: 'good', word: 'Collecting' } : { kind: 'waiting', word: 'Starting' };
}

/** True for what somebody should look after. */
export function needsLook(connection: Pick<Connection, 'health'>): boolean {
  return ['failure', 'caution'].includes(statusOf(connection).kind);
}

/** Something that is wrong with a connection, and what to do. */
export interface Trouble {
  /** The stream; null where it is the whole connection. */
  readonly stream: string | null;
  readonly kind: 'failure' | 'caution';
  /** One sentence. */
  readonly text: string;
  readonly advice: string | null;
  /** What the vendor or the network said, as it was. */
  readonly said: { readonly at: string; readonly code: string; readonly message: string } | null;
}

/** All that is wrong with a connection, the gravest first. */
export function troublesOf({ health }: Pick<Connection, 'health'>, now: number): Trouble[] {
  if (health === null) return [];
  const whole: Trouble[] =
    health.problem === null
      ? []
      : [{ stream: null, kind: 'failure', text: 'It is not polled.', advice: sentence(health.problem), said: null }];
  const all = [...whole, ...health.streams.flatMap((stream) => ofStream(stream, now))];
  return all.sort((a, b) => Number(b.kind === 'failure') - Number(a.kind === 'failure'));
}

function ofStream(stream: Stream, now: number): Trouble[] {
  const { lastError, advice, failuresInARow, lastRunAt, lastEventAt, eventsPerDay } = stream;
  const has = (ailment: Ailment) => stream.ailments.includes(ailment);
  const of = (text: string, part: Partial<Trouble> = {}): Trouble => ({
    stream: stream.stream,
    kind: 'caution',
    text,
    advice: null,
    said: null,
    ...part,
  });
  const since = (time: string | null) => (time === null ? '' : spanWords(now - Date.parse(time)));
  const failure = (): Trouble[] => {
    if (lastError) {
      const times = failuresInARow > 1 ? `The last ${failuresInARow} polls failed.` : 'The last poll failed.';
      const text = has('ConnectionsThrottled') || lastError.code === 'throttled' ? 'The vendor holds it back.' : times;
      return [of(text, { advice, said: lastError, kind: has('ConnectionsFailing') ? 'failure' : 'caution' })];
    }
    if (lastRunAt === null && has('ConnectionsFailing')) {
      const what =
        'Look into the log of the poll function, and whether the deployment has a network for this connection.';
      return [of('It was never polled.', { kind: 'failure', advice: what })];
    }
    return has('ConnectionsFailing')
      ? [
          of('A sweep or a backfill of it keeps failing.', {
            kind: 'failure',
            advice: 'The backfills below say what with.',
          }),
        ]
      : [];
  };
  return [
    ...failure(),
    ...(has('ConnectionsLagging') && !lastError
      ? [
          of(`It is ${spanWords(stream.lagSeconds * 1_000)} behind.`, {
            advice: 'It catches up by itself unless there is more than it can read.',
          }),
        ]
      : []),
    ...(has('ConnectionsSilent')
      ? [
          of(`Nothing has come for ${since(lastEventAt)}, and about ${eventsPerDay} events come on a usual day.`, {
            advice:
              'Look at the vendor whether the log is still switched on, and whether the account still sees all of it.',
          }),
        ]
      : []),
    ...(has('CredentialsExpiring') && stream.credentialExpiresAt !== null
      ? [expiry(of, stream.credentialExpiresAt, now)]
      : []),
  ];
}

function expiry(of: (text: string, part: Partial<Trouble>) => Trouble, at: string, now: number): Trouble {
  const left = Date.parse(at) - now;
  return of(left > 0 ? `Its credential ends in ${spanWords(left)}.` : 'Its credential has ended.', {
    advice: 'Make a new one at the vendor and give it to the connection: it goes on where it was.',
  });
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(first) ? first : `${first}.`;
}
