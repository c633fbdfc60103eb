import { Client } from '../api/client.ts';
import type { ApiError } from '../api/error.ts';
import type { Me } from '../api/types.ts';
import { Store } from './store.ts';

const KEY = 'annals.key';
/** The API does not say why it refuses a key: whoever guesses keys would learn from it. */
const EXPIRED = 'It may have expired or been revoked: ask an administrator for another.';

export interface Session {
  /** `resuming`: the key that the tab had before is being checked. */
  readonly state: 'signed out' | 'resuming' | 'checking' | 'signed in' | 'not checked';
  readonly me: Me | null;
  /** Why one is signed out, or could not be signed in. */
  readonly message: string | null;
}

const SIGNED_OUT: Session = { state: 'signed out', me: null, message: null };

export const session = new Store<Session>(SIGNED_OUT);

/** Asks the API with the key of this session. A key that is no longer good signs out; the place one was at is kept. */
export const api = new Client({
  fetch: (input, init) => fetch(input, init),
  key: () => sessionStorage.getItem(KEY),
  onRefused: (error, key) => {
    // A late answer to a key that has been replaced says nothing about the one now.
    if (key === null || key !== sessionStorage.getItem(KEY)) return;
    sessionStorage.removeItem(KEY);
    session.set({ ...SIGNED_OUT, message: `You were signed out. ${error.message} ${EXPIRED}` });
  },
  wait: (ms, signal) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    }),
});

/** Takes up the session that this tab had before it was loaded again. */
export async function resume(): Promise<void> {
  const key = sessionStorage.getItem(KEY);
  if (key !== null) await check('resuming');
}

/** Signs in with an API key, which the API checks. It is kept in this tab's session storage, and nowhere else. */
export async function signIn(key: string): Promise<void> {
  sessionStorage.setItem(KEY, key);
  await check('checking');
}

async function check(state: 'checking' | 'resuming'): Promise<void> {
  session.set({ state, me: null, message: null });
  try {
    const me = await api.ask<Me>('/v1/me', { timeoutMs: 15_000 });
    session.set({ state: 'signed in', me, message: null });
  } catch (cause) {
    const { status, message } = cause as ApiError;
    if (status === 401) {
      session.set({ ...SIGNED_OUT, message: `${message} ${EXPIRED}` });
      return;
    }
    session.set({ state: 'not checked', me: null, message });
  }
}

export function signOut(): void {
  sessionStorage.removeItem(KEY);
  session.set(SIGNED_OUT);
}
