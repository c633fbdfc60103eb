import { newConnectionHref } from '../sources/links.ts';
import type { SourceForm } from './source-form.ts';
import { SOURCE_FORMS } from './source-forms.ts';

/** Every source that can be connected. */
export function SourceChoice() {
  return (
    <>
      <header class="page-head">
        <div>
          <h1>New connection</h1>
          <p>Which log is to be collected? The same product may have several; each is a connection of its own.</p>
        </div>
      </header>
      <ul class="source-choice">
        {Object.entries(SOURCE_FORMS).map(([name, form]) => (
          <li key={name}>
            <a href={newConnectionHref(name)}>
              <strong>{form.title}</strong>
              <code>{name}</code>
              <span class="small muted">{waysOf(form)}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

function waysOf({ ways, webhook }: SourceForm): string {
  const polls = ways.some(({ isPush }) => !isPush);
  const pushes = webhook !== undefined || ways.some(({ isPush }) => isPush);
  if (polls && pushes) return 'Read through its API, or sent';
  return polls ? 'Read through its API' : 'Sent as webhooks';
}
