import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useScope } from '../app/me.ts';
import type { PageProps } from '../app/pages.ts';
import { letterKeys } from '../app/preferences.ts';
import { useStore } from '../app/store.ts';
import { Access } from './access.tsx';
import { Incomplete } from './incomplete.tsx';
import { Kept } from './kept.tsx';
import { Reading } from './reading.tsx';
import { helpRoute, PARTS, type Part } from './route.ts';
import { Sql } from './sql.tsx';

/** What one has to know to trust what the other pages show. */
export function HelpPage({ place }: PageProps) {
  const mayRead = useScope('read');
  useEffect(() => goTo(place.id), [place]);
  return (
    <div class="page help">
      <header class="page-head">
        <div>
          <h1>Help</h1>
          <p>What you see here, who else sees it, and what you don’t see.</p>
        </div>
      </header>
      <div class="help-columns">
        <nav aria-label="On this page">
          <ul>
            {Object.entries(PARTS).map(([part, title]) => (
              <li key={part}>
                <a href={helpRoute.href({}, part)} aria-current={place.id === part ? 'true' : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div class="help-parts">
          <Section part="access">
            <Access />
          </Section>
          <Section part="reading">
            <Reading />
          </Section>
          <Section part="kept">
            <Kept mayRead={mayRead} onSettled={() => goTo(place.id)} />
          </Section>
          <Section part="incomplete">
            <Incomplete />
          </Section>
          <Section part="sql">
            <Sql />
          </Section>
          <Section part="keys">
            <Keys />
          </Section>
        </div>
      </div>
    </div>
  );
}

/** Leads to a part of the page, also for those who do not see it. */
function goTo(part: string | null): void {
  if (part === null) return;
  const heading = document.getElementById(`help-${part}`);
  heading?.scrollIntoView({ block: 'start' });
  heading?.focus({ preventScroll: true });
}

function Section({ part, children }: { readonly part: Part; readonly children: ComponentChildren }) {
  return (
    <section aria-labelledby={`help-${part}`}>
      <h2 id={`help-${part}`} tabIndex={-1}>
        {PARTS[part]}
      </h2>
      {children}
    </section>
  );
}

const KEYS: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['j', 'k'], 'Next and previous event'],
  [['Enter'], 'Open the event'],
  [['Escape'], 'Close it, or whatever is open'],
  [['/'], 'Go to the search'],
  [['←', '→', '↑', '↓'], 'Move in the coverage matrix'],
  [['Tab'], 'Next link, button or field'],
  [['?'], 'The keys that work where you are'],
];

function Keys() {
  const areOn = useStore(letterKeys) === 'on';
  return (
    <>
      <dl class="keys">
        {KEYS.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p class="small muted">
        Single letters are {areOn ? 'on' : 'off'}. Account, Keyboard turns them {areOn ? 'off' : 'on'}.
      </p>
    </>
  );
}
