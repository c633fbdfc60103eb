import { type EventInput, type PreparedEvent, type Provenance, prepareEvents } from '../event/prepare.ts';
import type { JsonObject } from '../json.ts';
import { driftOf } from './drift.ts';
import type { Source } from './source.ts';

/** Vendor events made canonical, and what was noticed about them. */
export interface Accepted {
  readonly prepared: readonly PreparedEvent[];
  /** For each prepared event the position of the vendor event that it came from. */
  readonly origins: readonly number[];
  /** Declared fields that had another type, with how often. */
  readonly drift: ReadonlyMap<string, number>;
}

/**
 * Maps vendor events of one source and prepares them for the store: the way in for webhooks, imports and polls alike.
 *
 * @param deliveryId names what one push carries; several events of it are told apart by what the mapping calls them.
 */
export function acceptVendorEvents(
  source: Source,
  raws: readonly JsonObject[],
  provenance: Omit<Provenance, 'source' | 'product'>,
  deliveryId?: string,
): Accepted {
  const drift = new Map<string, number>();
  const origins: number[] = [];
  const inputs = raws.flatMap((raw, index) => {
    for (const path of driftOf(source.fields, raw)) drift.set(path, (drift.get(path) ?? 0) + 1);
    return source.normalize(raw).map((mapped): EventInput => {
      origins.push(index);
      if (deliveryId === undefined) return mapped;
      return { ...mapped, vendorId: mapped.vendorId === undefined ? deliveryId : `${deliveryId}/${mapped.vendorId}` };
    });
  });
  const prepared = prepareEvents(inputs, { ...provenance, source: source.name, product: source.product });
  return { prepared, origins, drift };
}
