import type { Days } from '../store/days.ts';
import { type Reconciled, type ReconcileOptions, reconcile } from './reconcile.ts';
import type { Settled } from './settled.ts';
import { type HotDay, hotDay, needsLook } from './source-day.ts';

export interface DailyOptions extends ReconcileOptions {
  readonly days: Days;
  readonly settled: Settled;
  /** Tenants known from elsewhere; those that have events in landing, or had some before, are found. */
  readonly tenants: readonly string[];
  /** First and last day, UTC, that are all compared; without it, those that may have changed. */
  readonly range?: { readonly from: string; readonly to: string } | undefined;
}

/**
 * Compares every source-day that may lack something in landing or archive, newest first, and remembers those that do not. What
 * it has no time for is left for the next run.
 */
export async function* reconcileDaily(options: DailyOptions): AsyncGenerator<Reconciled> {
  const { days, settled, tenants, range, now } = options;
  const choose = async (landed: readonly string[]): Promise<HotDay[]> => {
    const all: HotDay[] = [];
    for (const tenant of new Set([...tenants, ...settled.tenants(), ...landed]))
      for (const row of await days.list(tenant, range)) all.push(hotDay(tenant, row));
    const chosen = range === undefined ? all.filter((day) => needsLook(day, settled.count(day), now)) : all;
    return chosen.sort((a, b) => (a.date === b.date ? (a.source < b.source ? -1 : 1) : a.date < b.date ? 1 : -1));
  };
  for await (const result of reconcile(choose, options)) {
    const { day, underWay, repaired, notRepaired } = result;
    if (underWay + repaired + notRepaired === 0) await settled.add(day, day.count);
    yield result;
  }
}
