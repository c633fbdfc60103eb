const MIDNIGHT = 'T00:00:00.000Z';
const DAY_MS = 86_400_000;

/** The span of a hold in words: by days with its last day, where it is of whole days in UTC. */
export function holdSpan({ from, to }: { readonly from: string; readonly to: string }): string {
  if (!from.endsWith(MIDNIGHT) || !to.endsWith(MIDNIGHT)) return `${from} to ${to}`;
  const [first, last] = [from.slice(0, 10), new Date(Date.parse(to) - DAY_MS).toISOString().slice(0, 10)];
  return first === last ? first : `${first} to ${last}`;
}

/** What the API is asked for when a hold is to be of these days, the last one included. */
export function spanOf(firstDay: string, lastDay: string): { from: string; to: string } {
  const from = `${firstDay}${MIDNIGHT}`;
  return { from, to: new Date(Date.parse(`${lastDay}${MIDNIGHT}`) + DAY_MS).toISOString() };
}
