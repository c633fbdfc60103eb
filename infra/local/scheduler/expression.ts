import { TemplateError } from '../template/error.ts';
import { parseCron } from './cron.ts';

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Gives the first time after another that a schedule is due, in epoch milliseconds; undefined when there is none. */
export type NextTime = (after: number) => number | undefined;

/**
 * Parses an expression of EventBridge Scheduler, in UTC: `rate(5 minutes)`, `cron(0 12 * * ? *)` or
 * `at(2027-01-31T08:00:00)`.
 *
 * A rate is counted from the epoch here, and not from when the schedule was made: so a restart does not move it.
 *
 * @throws TemplateError when the text is none of these.
 */
export function parseExpression(text: string): NextTime {
  const [, kind, inner = ''] = /^(rate|cron|at)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'cron') return parseCron(inner);
  if (kind === 'rate') return parseRate(inner, text);
  if (kind === 'at') return parseAt(inner, text);
  throw new TemplateError(`${text} is no schedule: it must be rate(...), cron(...) or at(...)`);
}

function parseRate(inner: string, text: string): NextTime {
  const [, value, unit = ''] = /^([1-9]\d{0,8}) (minute|hour|day)s?$/.exec(inner) ?? [];
  const interval = Number(value) * (UNIT_MS[unit] ?? Number.NaN);
  if (Number.isNaN(interval)) throw new TemplateError(`${text} is no rate such as rate(5 minutes)`);
  return (after) => (Math.floor(after / interval) + 1) * interval;
}

function parseAt(inner: string, text: string): NextTime {
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(inner) ? Date.parse(`${inner}Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new TemplateError(`${text} is no time such as at(2027-01-31T08:00:00)`);
  return (after) => (after < time ? time : undefined);
}
