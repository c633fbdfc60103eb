import type { CanonicalEvent } from '../api/types.ts';
import { sentenceText } from '../event/sentence.ts';
import { OutcomeMark, TypeLabel, VendorText } from '../ui/data.tsx';
import { memo } from '../ui/memo.ts';
import { Time } from '../ui/time.tsx';
import { useSourceTitle } from './labels.ts';
import { SentenceLine } from './sentence-line.tsx';

export interface EventRowProps {
  readonly event: CanonicalEvent;
  /** Where the event in full is. */
  readonly href: string;
}

/** An event in two lines: what happened; by which source, of which type, from where and when. */
export const EventRow = memo(function EventRow({ event, href }: EventRowProps) {
  const titleOf = useSourceTitle();
  const { category, outcome, type, ip, action, time } = event;
  return (
    <div class="event-row" data-category={category ?? 'none'} data-outcome={outcome}>
      <p class="event-sentence">
        <SentenceLine event={event} />
      </p>
      <p class="event-meta">
        <VendorText text={titleOf(event)} most={60} />
        {type === null ? (
          <code>
            <VendorText text={action} most={60} />
          </code>
        ) : (
          <TypeLabel type={type} />
        )}
        {outcome !== 'success' && <OutcomeMark outcome={outcome} />}
        {ip !== undefined && (
          <span class="event-ip">
            from <VendorText text={ip} most={60} />
          </span>
        )}
      </p>
      <a class="event-open" href={href} tabIndex={-1}>
        <Time at={time} as="brief" />
        <span class="visually-hidden">: details of “{sentenceText(event).slice(0, 200)}”</span>
      </a>
    </div>
  );
});
