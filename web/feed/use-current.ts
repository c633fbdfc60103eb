import { useEffect, useRef, useState } from 'preact/hooks';
import type { CanonicalEvent } from '../api/types.ts';
import { useKeys } from '../app/keys.ts';
import type { RowVirtualizer } from './use-virtual.ts';

/** The row that the keyboard is on: j and k move it, Enter opens it. */
export function useCurrent(at: {
  readonly events: readonly CanonicalEvent[];
  readonly open: string | null;
  readonly onOpen: (id: string | null) => void;
  readonly list: { readonly current: HTMLElement | null };
  readonly virtualizer: RowVirtualizer;
}): { readonly index: number; readonly set: (index: number) => void } {
  const { events, open, onOpen, list, virtualizer } = at;
  // Kept by id, as what arrives moves the rows.
  const [id, setId] = useState<string | null>(open);
  const wanted = useRef<number | null>(null);
  const found = events.findIndex((event) => event.id === id);
  const index = Math.max(0, found);

  const move = (step: number) => {
    const next = found < 0 ? 0 : Math.max(0, Math.min(events.length - 1, found + step));
    const event = events[next];
    if (!event) return;
    setId(event.id);
    wanted.current = next;
    virtualizer.scrollToIndex(next, { align: 'auto' });
    if (open !== null) onOpen(event.id);
  };
  useEffect(() => {
    if (wanted.current === null) return;
    const row = list.current?.querySelector<HTMLElement>(`[data-index="${wanted.current}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });
  useKeys([
    { key: 'j', does: 'Next event', run: () => move(1) },
    { key: 'k', does: 'Previous event', run: () => move(-1) },
    { key: 'Enter', does: 'Open the event', run: () => events[index] && onOpen(events[index].id) },
    ...(open === null ? [] : [{ key: 'Escape', does: 'Close the event', run: () => onOpen(null) }]),
  ]);
  return { index, set: (to) => setId(events[to]?.id ?? null) };
}
