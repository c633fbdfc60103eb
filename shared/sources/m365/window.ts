const SECOND_MS = 1_000;
/**
 * Lists begin this long before the window, and what they have of that time is left to the window before. One that began
 * exactly when a blob became available can give only a part of that blob, as Filebeat's authors found.
 */
const LEAD_MS = 60 * SECOND_MS;
/** Lists may not begin longer ago than 7 days; the request takes its time. */
const LOOK_BACK_MS = 7 * 86_400 * SECOND_MS - 60 * SECOND_MS;

export interface AskedWindow {
  /** What the list is asked for, in whole seconds. */
  readonly from: Date;
  readonly to: Date;
  /** From when on what is listed belongs to the window. */
  readonly ownFrom: Date;
  /** True if the beginning of the window is longer ago than Microsoft lists. */
  readonly isCut: boolean;
}

/**
 * The list to ask for to read `[from, to)`.
 *
 * @param now Microsoft's time.
 */
export function askedWindow({ from, to }: { readonly from: Date; readonly to: Date }, now: Date): AskedWindow {
  const oldest = now.getTime() - LOOK_BACK_MS;
  const start = Math.max(from.getTime() - LEAD_MS, oldest);
  return {
    from: new Date(Math.floor(start / SECOND_MS) * SECOND_MS),
    to: new Date(Math.ceil(to.getTime() / SECOND_MS) * SECOND_MS),
    ownFrom: from,
    isCut: from.getTime() < oldest,
  };
}

/** True for what is in the list only because it begins before the window. */
export function isBeforeWindow(contentCreated: string, { from, ownFrom }: AskedWindow): boolean {
  const created = Date.parse(contentCreated);
  return created >= from.getTime() && created < ownFrom.getTime();
}
