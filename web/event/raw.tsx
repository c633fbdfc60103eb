import { useMemo, useState } from 'preact/hooks';
import type { JsonObject } from '../../shared/json.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { VendorText } from '../ui/data.tsx';
import { Field } from '../ui/field.tsx';
import { findJson } from './find-json.ts';
import { JsonTree } from './json-tree.tsx';

const MOST_FOUND = 200;

/** The vendor's event as it came, folded until it is asked for. */
export function Raw({ raw }: { readonly raw: JsonObject }) {
  const [isOpen, setOpen] = useState(false);
  const [find, setFind] = useState('');
  const found = useMemo(() => (find.trim() === '' ? null : findJson(raw, find.trim(), MOST_FOUND)), [raw, find]);
  return (
    <details class="section raw" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <h2>Raw event</h2>
      </summary>
      {isOpen && (
        <div class="stack">
          <div class="raw-tools">
            <Field
              label="Find in the raw event"
              hideLabel
              type="search"
              placeholder="Find a key or value…"
              value={find}
              onValue={setFind}
            />
            <CopyButton text={() => JSON.stringify(raw, null, 2)} label="Copy raw" withText kind="plain" />
          </div>
          {found === null ? (
            <JsonTree value={raw} />
          ) : (
            <>
              <p class="small muted" role="status">
                {found.length === 0
                  ? 'Not in the raw event.'
                  : `${found.length}${found.length === MOST_FOUND ? ' or more' : ''} found`}
              </p>
              <ul class="json mono">
                {found.map(({ path, value }) => (
                  <li key={path}>
                    <span class="json-key">
                      <VendorText text={path} most={300} />
                    </span>
                    : <VendorText text={value} most={1_000} />
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </details>
  );
}
