import { useEffect, useRef } from 'preact/hooks';
import { letterKeys } from './preferences.ts';
import { Store } from './store.ts';

/** A key of the keyboard map: `key` as KeyboardEvent has it. */
export interface KeyBinding {
  readonly key: string;
  /** What it does, for the list of keys. */
  readonly does: string;
  readonly run: () => void;
}

/** Those that work now, the latest last: it wins. */
export const bindings = new Store<readonly KeyBinding[]>([]);

/** Makes keys work while the component is there. They don't while one types, or a modal dialog is open. */
export function useKeys(keys: readonly KeyBinding[]): void {
  const latest = useRef(keys);
  latest.current = keys;
  const names = keys.map(({ key, does }) => `${key} ${does}`).join('\n');
  useEffect(() => {
    const mine = latest.current.map(({ key, does }, index) => ({
      key,
      does,
      run: () => latest.current[index]?.run(),
    }));
    bindings.set([...bindings.value, ...mine]);
    return () => bindings.set(bindings.value.filter((binding) => !mine.includes(binding)));
  }, [names]);
}

/** Listens to the keyboard. Called once. */
export function followKeys(): void {
  document.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key !== 'Escape' && (isTyping(event.target) || document.querySelector('dialog:modal') !== null)) return;
    if (event.key.length === 1 && letterKeys.value === 'off') return;
    // What has the focus does its own with Enter.
    if (event.key === 'Enter' && event.target instanceof Element && event.target.closest('a, button, summary')) return;
    // A popover takes Escape for itself.
    if (event.key === 'Escape' && document.querySelector(':popover-open') !== null) return;
    const binding = bindings.value.findLast(({ key }) => key === event.key);
    if (!binding) return;
    event.preventDefault();
    binding.run();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null;
}
