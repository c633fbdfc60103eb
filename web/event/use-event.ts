import type { CanonicalEvent } from '../api/types.ts';
import { api } from '../app/session.ts';
import { type Loaded, useLoad } from '../ui/use-load.ts';

/** An event with its raw one. An event never changes, so what is known of it is shown while the whole is loaded. */
export function useEvent(id: string, known?: CanonicalEvent): Loaded<CanonicalEvent> {
  const loaded = useLoad(id, (signal) => api.ask<CanonicalEvent>(`/v1/events/${encodeURIComponent(id)}`, { signal }));
  return { ...loaded, data: loaded.data ?? known };
}
