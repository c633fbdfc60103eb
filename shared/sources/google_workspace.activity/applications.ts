import type { Stream } from '../../polling/poller.ts';

/** What most customers have and want: administration, sign-ins, access, files, groups, devices. */
export const DEFAULT_APPLICATIONS = [
  'admin',
  'login',
  'token',
  'saml',
  'user_accounts',
  'groups',
  'groups_enterprise',
  'drive',
  'calendar',
  'mobile',
  'rules',
  'chrome',
  'context_aware_access',
  'access_transparency',
  'chat',
  'meet',
  'keep',
  'data_studio',
  'gcp',
  'vault',
  'takeout',
];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

type Pace = Pick<Stream, 'everySeconds' | 'settleSeconds' | 'overlapSeconds'>;

/** Google says "near real time" and minutes; an hour's delay is nothing unusual. */
const PROMPT: Pace = { everySeconds: 5 * MINUTE, settleSeconds: 5 * MINUTE, overlapSeconds: HOUR };
/** Google names no delay. */
const UNSTATED: Pace = { everySeconds: 10 * MINUTE, settleSeconds: 15 * MINUTE, overlapSeconds: 2 * HOUR };
/** "Tens of minutes", "a couple of hours". */
const SLOW: Pace = { everySeconds: 15 * MINUTE, settleSeconds: 30 * MINUTE, overlapSeconds: 3 * HOUR };
/** "Up to a few hours". */
const SLOWEST: Pace = { everySeconds: 30 * MINUTE, settleSeconds: HOUR, overlapSeconds: 6 * HOUR };

// https://support.google.com/a/answer/7061566
const PACES: ReadonlyMap<string, Pace> = new Map([
  ...[
    'access_evaluation',
    'access_transparency',
    'admin',
    'admin_data_action',
    'assignments',
    'chat',
    'chrome',
    'classroom',
    'context_aware_access',
    'data_migration',
    'login',
    'mobile',
    'saml',
  ].map((application) => [application, PROMPT] as const),
  ...['calendar', 'groups', 'groups_enterprise', 'token'].map((application) => [application, SLOW] as const),
  ['cloud_search', SLOWEST],
]);

/** Logs so large that a day of them takes long to read again from its beginning, as every window that was cut short is. */
const LARGE = new Set(['drive', 'gmail']);

/** The stream of an application, known here or not. Its window is far below the 30 days that `gmail` may span. */
export function streamOf(application: string): Stream {
  return {
    name: application,
    ...(PACES.get(application) ?? UNSTATED),
    // "In rare cases" events come much later than any stated delay.
    lateSeconds: 3 * DAY,
    sweepEverySeconds: 12 * HOUR,
    windowSeconds: LARGE.has(application) ? HOUR : DAY,
    keepsSeconds: 180 * DAY,
    historySeconds: 180 * DAY,
  };
}
