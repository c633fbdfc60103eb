import { TemplateError } from '../template/error.ts';

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names?: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const MINUTES: Field = { name: 'minutes', first: 0, last: 59 };
const HOURS: Field = { name: 'hours', first: 0, last: 23 };
const DAY_OF_MONTH: Field = { name: 'day of month', first: 1, last: 31 };
const MONTH: Field = { name: 'month', first: 1, last: 12, names: MONTHS };
const DAY_OF_WEEK: Field = { name: 'day of week', first: 1, last: 7, names: DAYS };
const YEAR: Field = { name: 'year', first: 1970, last: 2199 };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** One day, UTC. `weekday` counts from 1, Sunday, as in the expression; `lastDay` is the length of its month. */
interface Day {
  readonly day: number;
  readonly weekday: number;
  readonly lastDay: number;
}
type DayTest = (day: Day) => boolean;

/**
 * Parses the six fields inside `cron(...)`: minutes, hours, day of month, month, day of week, year. One of the two day
 * fields is `?`. (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html)
 *
 * Returns a function that gives the first instant after another, both in epoch milliseconds; undefined after 2199.
 *
 * @throws TemplateError when the text is not such an expression.
 */
export function parseCron(text: string): (after: number) => number | undefined {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) throw malformed(text, 'it has not six fields');
  const [minutes = '', hours = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) throw malformed(text, 'exactly one of the day fields must be ?');
  const isMinute = parseField(minutes, MINUTES, text);
  const isHour = parseField(hours, HOURS, text);
  const isMonth = parseField(month, MONTH, text);
  const isYear = parseField(year, YEAR, text);
  const isDay = dayOfMonth === '?' ? parseDayOfWeek(dayOfWeek, text) : parseDayOfMonth(dayOfMonth, text);

  return (after) => {
    const earliest = Math.floor(after / MINUTE_MS) * MINUTE_MS + MINUTE_MS;
    for (let day = Math.floor(earliest / DAY_MS) * DAY_MS; ; day += DAY_MS) {
      const date = new Date(day);
      if (date.getUTCFullYear() > YEAR.last) return undefined;
      if (!isYear(date.getUTCFullYear()) || !isMonth(date.getUTCMonth() + 1) || !isDay(dayOf(date))) continue;
      for (let hour = 0; hour < 24; hour++) {
        if (!isHour(hour)) continue;
        for (let minute = 0; minute < 60; minute++) {
          const instant = day + (hour * 60 + minute) * MINUTE_MS;
          if (instant >= earliest && isMinute(minute)) return instant;
        }
      }
    }
  };
}

function dayOf(date: Date): Day {
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return { day: date.getUTCDate(), weekday: date.getUTCDay() + 1, lastDay };
}

function parseDayOfMonth(text: string, whole: string): DayTest {
  if (text === 'L') return ({ day, lastDay }) => day === lastDay;
  const [, nearest] = /^(\d{1,2})W$/.exec(text) ?? [];
  if (nearest === undefined) {
    const test = parseField(text, DAY_OF_MONTH, whole);
    return ({ day }) => test(day);
  }
  const wanted = parseNumber(nearest, DAY_OF_MONTH, whole);
  return ({ day, weekday, lastDay }) => {
    if (wanted > lastDay || weekday === 1 || weekday === 7) return false;
    const weekdayOfWanted = ((weekday - 1 + wanted - day + 70) % 7) + 1;
    // The nearest weekday stays in the month: a Saturday 1st goes to the 3rd, a Sunday last to two days before.
    if (weekdayOfWanted === 7) return day === (wanted === 1 ? 3 : wanted - 1);
    if (weekdayOfWanted === 1) return day === (wanted === lastDay ? wanted - 2 : wanted + 1);
    return day === wanted;
  };
}

function parseDayOfWeek(text: string, whole: string): DayTest {
  if (text === 'L') return ({ weekday }) => weekday === 7;
  const [, lastOne] = /^(\w+)L$/.exec(text) ?? [];
  if (lastOne !== undefined) {
    const wanted = parseNumber(lastOne, DAY_OF_WEEK, whole);
    return ({ day, weekday, lastDay }) => weekday === wanted && day > lastDay - 7;
  }
  const [, which, ordinal] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (which !== undefined) {
    const wanted = parseNumber(which, DAY_OF_WEEK, whole);
    return ({ day, weekday }) => weekday === wanted && Math.ceil(day / 7) === Number(ordinal);
  }
  const test = parseField(text, DAY_OF_WEEK, whole);
  return ({ weekday }) => test(weekday);
}

/** A list of `*`, numbers, names, ranges and steps. */
function parseField(text: string, field: Field, whole: string): (value: number) => boolean {
  const allowed = new Set<number>();
  for (const part of text.split(',')) {
    const [range = '', step, ...more] = part.split('/');
    const [from = '', to, ...rest] = range.split('-');
    if (more.length > 0 || rest.length > 0) throw malformed(whole, `${part} is no ${field.name}`);
    const first = range === '*' ? field.first : parseNumber(from, field, whole);
    const onlyOne = to === undefined && step === undefined && range !== '*';
    const last = to === undefined ? (onlyOne ? first : field.last) : parseNumber(to, field, whole);
    const by = step === undefined ? 1 : Number(/^[1-9]\d*$/.exec(step)?.[0]);
    if (Number.isNaN(by) || last < first) throw malformed(whole, `${part} is no ${field.name}`);
    for (let value = first; value <= last; value += by) allowed.add(value);
  }
  return (value) => allowed.has(value);
}

function parseNumber(text: string, { name, first, last, names }: Field, whole: string): number {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  const value = named >= 0 ? named + first : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= first && value <= last) return value;
  throw malformed(whole, `${text} is no ${name}`);
}

function malformed(text: string, why: string): TemplateError {
  return new TemplateError(`cron(${text}) can't be used: ${why}`);
}
