import { Store } from './store.ts';

/** A choice of the person at this browser, kept in local storage; never a secret. */
export class Preference<T extends string> extends Store<T> {
  readonly #key: string;

  constructor(name: string, words: readonly T[], fallback: NoInfer<T>) {
    const key = `annals.${name}`;
    const kept = read(key);
    super(words.find((word) => word === kept) ?? fallback);
    this.#key = key;
  }

  override set(value: T): void {
    super.set(value);
    try {
      localStorage.setItem(this.#key, value);
    } catch {
      // Storage may be off or full: the choice then holds until the page is left.
    }
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export const THEMES = ['system', 'light', 'dark'] as const;
export const theme = new Preference('theme', THEMES, 'system');

export const ZONES = ['local', 'utc'] as const;
export type Zone = (typeof ZONES)[number];
/** The zone that times are shown in. */
export const zone = new Preference('zone', ZONES, 'local');

/** Whether single letters are shortcuts: WCAG 2.1.4 asks for a way to turn them off. */
export const letterKeys = new Preference('keys', ['on', 'off'], 'on');
