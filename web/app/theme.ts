import { theme } from './preferences.ts';
import { Store } from './store.ts';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** What the choice of theme comes to. What is drawn on a canvas has to be drawn again when it changes. */
export const scheme = new Store<'light' | 'dark'>('light');

/** Puts the chosen theme on the document, now and whenever it changes. Called once. */
export function followTheme(): void {
  const apply = () => {
    if (theme.value === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme.value;
    scheme.set(theme.value === 'system' ? (dark.matches ? 'dark' : 'light') : theme.value);
  };
  apply();
  theme.watch(apply);
  dark.addEventListener('change', apply);
}
