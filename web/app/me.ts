import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Me, Scope } from '../api/types.ts';

export const MeContext = createContext<Me | null>(null);

/** Who is signed in. Pages are rendered only then. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error('nobody is signed in here');
  return me;
}

export function useScope(scope: Scope): boolean {
  return useMe().key.scopes.includes(scope);
}
