import { VendorText } from '../ui/data.tsx';
import { Note } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import type { Trouble } from './status.ts';

/** What is wrong, what to do, and what was said, in that order. */
export function Troubles({ troubles }: { readonly troubles: readonly Trouble[] }) {
  return troubles.map(({ stream, kind, text, advice, said }) => (
    <Note key={`${stream} ${text}`} kind={kind}>
      <p>
        <strong>{text}</strong> {stream !== null && <span class="muted">Stream {stream}</span>}
      </p>
      {advice && <p>{advice}</p>}
      {said && (
        <p class="small muted said">
          <Time at={said.at} />: <VendorText text={said.message} /> <code>{said.code}</code>
        </p>
      )}
    </Note>
  ));
}
