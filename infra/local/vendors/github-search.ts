/** A search as GitHub's audit log takes it. */
export interface Search {
  readonly include: 'web' | 'git' | 'all';
  readonly descending: boolean;
  readonly perPage: number;
  readonly after?: Position;
  readonly before?: Position;
  /** Milliseconds, both included. */
  readonly from: number;
  readonly to: number;
}

/** Where a row is in the log: by `@timestamp`, and by id among those of one millisecond. */
export interface Position {
  readonly timestamp: number;
  readonly id: string;
}

/** What the search says is wrong, in GitHub's 422. */
export class BadSearch extends Error {}

const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;
const MONTHS = 3;

/** @throws BadSearch */
export function searchOf(parameters: URLSearchParams, now: Date): Search {
  const { after, before } = { after: parameters.get('after'), before: parameters.get('before') };
  const perPage = parameters.get('per_page') ?? String(DEFAULT_PER_PAGE);
  if (!/^\d+$/.test(perPage)) throw new BadSearch('per_page is not a number');
  return {
    include: oneOf(['web', 'git', 'all'], parameters.get('include') ?? 'web', 'include'),
    descending: oneOf(['desc', 'asc'], parameters.get('order') ?? 'desc', 'order') === 'desc',
    perPage: Math.min(Math.max(Number(perPage), 1), MAX_PER_PAGE),
    ...(after && { after: positionOf(after) }),
    ...(before && { before: positionOf(before) }),
    ...createdOf(parameters.get('phrase') ?? '', now),
  };
}

export function comparePositions(a: Position, b: Position): number {
  return a.timestamp - b.timestamp || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/** As samples of GitHub's documentation decode: `1.664383359927e+12|9hC0quDshWUmYKZ91EOf5w`. */
export function cursorOf({ timestamp, id }: Position): string {
  return Buffer.from(`${timestamp.toExponential()}|${id}`).toString('base64');
}

function positionOf(cursor: string): Position {
  const [, timestamp, id] = /^(\d(?:\.\d+)?e\+\d+)\|(.+)$/.exec(Buffer.from(cursor, 'base64').toString()) ?? [];
  if (timestamp === undefined || id === undefined) throw new BadSearch('the cursor is invalid');
  return { timestamp: Number(timestamp), id };
}

function oneOf<const T extends string>(allowed: readonly T[], given: string, name: string): T {
  const found = allowed.find((value) => value === given);
  if (found === undefined) throw new BadSearch(`${name} is not one of ${allowed.join(', ')}`);
  return found;
}

/** Without `created:` only the last three months are searched. */
function createdOf(phrase: string, now: Date): { from: number; to: number } {
  let [from, to] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const words = phrase.split(/\s+/).filter((word) => word !== '');
  for (const word of words) {
    const [, value] = /^created:(\S+)$/.exec(word) ?? [];
    if (value === undefined) throw new BadSearch(`"${word}" is a qualifier that this fake does not know`);
    const [low, high] = rangeOf(value);
    from = Math.max(from, low);
    to = Math.min(to, high);
  }
  if (words.length > 0) return { from, to };
  const start = new Date(now);
  start.setUTCMonth(start.getUTCMonth() - MONTHS);
  return { from: start.getTime(), to };
}

/** `A..B`, `>=A`, `>A`, `<=A`, `<A` or `A`; a bound is a day, or an instant of a whole second. */
function rangeOf(value: string): [number, number] {
  const [low, high] = value.split('..');
  if (low !== undefined && high !== undefined) return [boundsOf(low)[0], boundsOf(high)[1]];
  const [, operator = '', bound = ''] = /^([<>]=?)?(.+)$/.exec(value) ?? [];
  const [first, last] = boundsOf(bound);
  if (operator === '>=') return [first, Number.POSITIVE_INFINITY];
  if (operator === '>') return [last + 1, Number.POSITIVE_INFINITY];
  if (operator === '<=') return [Number.NEGATIVE_INFINITY, last];
  return operator === '<' ? [Number.NEGATIVE_INFINITY, first - 1] : [first, last];
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SECOND = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:Z|[+-]\d{2}:\d{2})$/;

/** The first and the last millisecond of a bound; a second is its first one only, as GitHub says nothing else. */
function boundsOf(bound: string): [number, number] {
  const time = DAY.test(bound) || SECOND.test(bound) ? Date.parse(bound) : Number.NaN;
  if (Number.isNaN(time)) throw new BadSearch(`"${bound}" is not a date`);
  return [time, DAY.test(bound) ? time + 86_400_000 - 1 : time];
}
