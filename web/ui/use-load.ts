import { useCallback, useEffect, useState } from 'preact/hooks';

export interface Loaded<T> {
  /** What was loaded last, also while it is loaded again. Undefined before, and after what is asked for has changed. */
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/**
 * Loads something when the component appears and whenever `key` changes; what was asked before is aborted.
 *
 * @param key Names what is asked for; null loads nothing.
 */
export function useLoad<T>(key: string | null, load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string | null; data?: T; error?: unknown; turn: number }>({
    key: null,
    turn: -1,
  });
  useEffect(() => {
    if (key === null) return;
    const stop = new AbortController();
    load(stop.signal).then(
      (data) => !stop.signal.aborted && setState({ key, data, turn }),
      (error: unknown) =>
        !stop.signal.aborted && setState((before) => ({ ...(before.key === key ? before : {}), key, error, turn })),
    );
    return () => stop.abort();
  }, [key, turn]);
  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent && state.turn === turn ? state.error : undefined,
    isLoading: key !== null && !(isCurrent && state.turn === turn),
    reload: useCallback(() => setTurn((before) => before + 1), []),
  };
}
