import type { Change } from '../api/types.ts';
import { VendorText } from '../ui/data.tsx';

const LONGEST = 2_000;

/** What was changed: old → new. */
export function Changes({ changes }: { readonly changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  return (
    <section class="section" aria-labelledby="changes">
      <h2 id="changes">Changes</h2>
      <dl class="changes">
        {changes.map(({ attribute, old, new: now }, index) => (
          <div key={index}>
            <dt>
              <VendorText text={attribute} most={200} />
            </dt>
            <dd>
              <Value text={old} of="Old" />
              <span class="change-arrow" aria-hidden="true">
                →
              </span>
              <Value text={now} of="New" />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Value({ text, of }: { readonly text: string | undefined; readonly of: 'Old' | 'New' }) {
  return (
    <span class={`change-value ${of.toLowerCase()}`}>
      <span class="visually-hidden">{of}: </span>
      {text === undefined ? (
        <span class="faint">not told</span>
      ) : text === '' ? (
        <span class="faint">empty</span>
      ) : (
        <VendorText text={text} most={LONGEST} />
      )}
    </span>
  );
}
