import type { Source } from './types.ts';

/** What one would look for in a source and not find, folded away. */
export function NotLogged({ source: { notLogged } }: { readonly source: Pick<Source, 'notLogged'> }) {
  if (notLogged.length === 0) return null;
  return (
    <details class="not-logged">
      <summary class="small muted">What is not in this log</summary>
      <ul>
        {notLogged.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
    </details>
  );
}
