import { useState } from 'preact/hooks';
import type { Json } from '../../shared/json.ts';
import { VendorText } from '../ui/data.tsx';
import { ChevronIcon } from '../ui/icons.tsx';
import { childrenOf, leafText, summaryOf } from './find-json.ts';

/** Members rendered at first, and by each press of "more". */
const STEP = 100;
const LONGEST = 2_000;

/** JSON as a tree. What is folded is not rendered. */
export function JsonTree({ value }: { readonly value: Json }) {
  return (
    <div class="json mono">
      <Members value={value} />
    </div>
  );
}

function Members({ value }: { readonly value: Json }) {
  const [most, setMost] = useState(STEP);
  const members = childrenOf(value) ?? [];
  return (
    <ul>
      {members.slice(0, most).map(([name, member]) => (
        <li key={name}>
          <Member name={name} value={member} />
        </li>
      ))}
      {members.length > most && (
        <li>
          <button type="button" class="json-fold" onClick={() => setMost(most + STEP)}>
            {members.length - most} more…
          </button>
        </li>
      )}
    </ul>
  );
}

function Member({ name, value }: { readonly name: string; readonly value: Json }) {
  const [isOpen, setOpen] = useState(false);
  const members = childrenOf(value);
  const label = (
    <span class="json-key">
      <VendorText text={name} most={200} />
    </span>
  );
  if (!members || members.length === 0) {
    const text = members ? summaryOf(value).replace('0', '') : leafText(value);
    return (
      <>
        {label}: <span class={`json-${typeof value}`}>{<VendorText text={text} most={LONGEST} />}</span>
      </>
    );
  }
  return (
    <>
      <button type="button" class="json-fold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <ChevronIcon size={12} /> {label} <span class="faint">{summaryOf(value)}</span>
      </button>
      {isOpen && <Members value={value} />}
    </>
  );
}
