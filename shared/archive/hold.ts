import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Control } from '../control/table.ts';
import { TenantName } from '../names.ts';

export const HOLD_PARTITION = 'hold';
const ID = /^[0-9a-f]{16}$/;

/** Who did something, and when. */
const Act = z.object({ by: z.string(), at: z.iso.datetime() });

/** What the maker of a legal hold says: the events of a span of event time, its end left out, and why they are to stay. */
export const HoldRequest = z
  .strictObject({
    from: instant(),
    to: instant(),
    reason: z.string().min(1).max(1024),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'must be after from' });
export type HoldRequest = z.infer<typeof HoldRequest>;

/** A legal hold. It stays on record when it is released. Times are ISO-8601 in UTC, with milliseconds. */
export const Hold = z.object({
  id: z.string(),
  tenant: TenantName,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  reason: z.string(),
  made: Act,
  released: Act.optional(),
});
export type Hold = z.infer<typeof Hold>;

/** What a hold is compared with: a sealed file, by the earliest and the latest time of its events, both included. */
export interface Spanned {
  readonly tenant: string;
  readonly earliest: string;
  readonly latest: string;
}

/** Those of the holds that are not released and may cover an event of the file: of its tenant, and of a time it spans. */
export function heldBy<H extends Pick<Hold, 'tenant' | 'from' | 'to' | 'released'>>(
  holds: readonly H[],
  file: Spanned,
): H[] {
  return holds.filter((hold) => hold.released === undefined && covers(hold, file));
}

/** Whether a hold, released or not, is about the tenant of a file and a time that the file spans. */
export function covers(hold: Pick<Hold, 'tenant' | 'from' | 'to'>, { tenant, earliest, latest }: Spanned): boolean {
  return (
    hold.tenant === tenant && Date.parse(hold.from) <= Date.parse(latest) && Date.parse(earliest) < Date.parse(hold.to)
  );
}

/** The holds of all tenants that are not released. It takes dynamodb:Query on the control table's partition `hold`. */
export async function activeHolds(control: Pick<Control, 'list'>): Promise<Hold[]> {
  return (await allHolds(control)).filter(({ released }) => released === undefined);
}

/** The same with those that are released. */
export async function allHolds(control: Pick<Control, 'list'>): Promise<Hold[]> {
  return (await control.list(HOLD_PARTITION)).map((item) => Hold.parse(item));
}

/** The holds of a tenant, released ones too, in the order they were made. */
export async function holdsOf(control: Pick<Control, 'list'>, tenant: string): Promise<Hold[]> {
  const holds = (await control.list(HOLD_PARTITION, `${tenant}.`)).map((item) => Hold.parse(item));
  return holds.sort((a, b) => Date.parse(a.made.at) - Date.parse(b.made.at));
}

export async function findHold(control: Pick<Control, 'get'>, tenant: string, id: string): Promise<Hold | undefined> {
  const item = ID.test(id) ? await control.get(HOLD_PARTITION, sortKey({ tenant, id })) : undefined;
  return item && Hold.parse(item);
}

/** A hold that is not stored yet. */
export function newHold(request: HoldRequest & { tenant: string }, by: string, now: Date): Hold {
  const { tenant, from, to, reason } = request;
  return {
    id: randomBytes(8).toString('hex'),
    tenant,
    from,
    to,
    reason,
    made: { by, at: now.toISOString() },
  };
}

/** Makes the hold good. */
export async function storeHold(control: Pick<Control, 'put'>, hold: Hold): Promise<void> {
  await control.put(HOLD_PARTITION, sortKey(hold), hold, 'absent');
}

/** Releases a hold for good; one that was released before stays as it is. */
export async function releaseHold(control: Pick<Control, 'put'>, hold: Hold, by: string, now: Date): Promise<Hold> {
  const released: Hold = { ...hold, released: hold.released ?? { by, at: now.toISOString() } };
  if (hold.released === undefined) await control.put(HOLD_PARTITION, sortKey(hold), released, 'present');
  return released;
}

function sortKey({ tenant, id }: Pick<Hold, 'tenant' | 'id'>): string {
  return `${tenant}.${id}`;
}

function instant() {
  return z.iso.datetime({ offset: true, abort: true }).transform((text) => new Date(text).toISOString());
}
