import { z } from 'zod';
import type { Control } from '../control/table.ts';
import type { SourceDay } from './source-day.ts';

export const RECONCILE_PARTITION = 'reconcile';

/** The days of one month of a source that were found complete, with how many events were counted then. */
const Month = z.object({
  tenant: z.string(),
  source: z.string(),
  month: z.string(),
  counts: z.record(z.string(), z.number()),
});
type Month = z.infer<typeof Month>;

/** Remembers, in the control table, which source-days were complete when they were last compared. */
export class Settled {
  readonly #control: Pick<Control, 'list' | 'replace'>;
  readonly #months: Map<string, Month>;

  private constructor(control: Pick<Control, 'list' | 'replace'>, months: readonly Month[]) {
    this.#control = control;
    this.#months = new Map(months.map((month) => [sortKey(month), month]));
  }

  static async read(control: Pick<Control, 'list' | 'replace'>): Promise<Settled> {
    return new Settled(
      control,
      (await control.list(RECONCILE_PARTITION)).map((item) => Month.parse(item)),
    );
  }

  /** Tenants that had events before. */
  tenants(): string[] {
    return [...new Set([...this.#months.values()].map(({ tenant }) => tenant))];
  }

  /** The count of events with which a day was complete; undefined when it never was. */
  count(day: SourceDay): number | undefined {
    return this.#months.get(sortKey(monthOf(day)))?.counts[day.date];
  }

  async add(day: SourceDay, count: number): Promise<void> {
    const month = this.#months.get(sortKey(monthOf(day))) ?? { ...monthOf(day), counts: {} };
    const next = { ...month, counts: { ...month.counts, [day.date]: count } };
    this.#months.set(sortKey(next), next);
    // Of two runs at once one may undo the other's: that day is compared once more.
    await this.#control.replace(RECONCILE_PARTITION, sortKey(next), next);
  }
}

function monthOf({ tenant, source, date }: SourceDay) {
  return { tenant, source, month: date.slice(0, 7) };
}

function sortKey({ tenant, source, month }: Omit<Month, 'counts'>): string {
  return `${tenant}#${source}#${month}`;
}
