import { text } from '../app/params.ts';
import { route } from '../app/route.ts';

export const PARTS = ['keys', 'connections', 'holds'] as const;
export type Part = (typeof PARTS)[number];

/** `#/admin` is the keys, `#/admin/connections` and `#/admin/holds` the rest. */
export const adminRoute = route('admin', {
  /** Under connections: the source of the one that is being made; `1` while that is not chosen. Elsewhere: the form is open. */
  new: text(),
  /** Under connections: the id of the one that is managed. */
  open: text(),
});
export type AdminState = ReturnType<typeof adminRoute.read>;

/** The part that an address names. */
export function partOf(id: string | null): Part {
  return PARTS.find((part) => part === id) ?? 'keys';
}
