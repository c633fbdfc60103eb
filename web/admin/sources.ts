import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { isCustom } from '../sources/custom.ts';
import type { Source } from '../sources/types.ts';
import type { Loaded } from '../ui/use-load.ts';

/** Every source that the deployment knows; undefined until they are loaded. */
export const AdminSources = createContext<Loaded<readonly Source[]> | null>(null);

export function useAdminSources(): Loaded<readonly Source[]> {
  const sources = useContext(AdminSources);
  if (sources === null) throw new Error('no sources are loaded here');
  return sources;
}

/** What people call a source; its plain name while sources are not loaded, and of applications' own. */
export function useTitle(): (source: string) => string {
  const { data } = useAdminSources();
  return (source) => (isCustom(source) ? source : (data?.find(({ name }) => name === source)?.title ?? source));
}
