import type { CanonicalEvent } from '../api/types.ts';
import { useSourceTitle } from '../feed/labels.ts';
import { SentenceLine } from '../feed/sentence-line.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { OutcomeMark, TypeLabel, VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';
import { Around } from './around.tsx';
import { Changes } from './changes.tsx';
import { asCurl, asJson, asSql } from './copies.ts';
import { Fields } from './fields.tsx';
import { Proof } from './proof.tsx';
import { Raw } from './raw.tsx';

/** All that is known of one event. */
export function EventDetail(props: {
  readonly event: CanonicalEvent;
  /** As `h1` where the page is about it, else `h2`. */
  readonly heading: 'h1' | 'h2';
  /** Where another event in full is. */
  readonly hrefOf: (id: string) => string;
}) {
  const { event, heading: Heading, hrefOf } = props;
  const titleOf = useSourceTitle();
  return (
    <article class="event-detail">
      <header>
        <Heading class="event-title">
          <SentenceLine event={event} />
        </Heading>
        <p class="event-meta">
          <OutcomeMark outcome={event.outcome} />
          <TypeLabel type={event.type} />
          <VendorText text={titleOf(event)} most={80} />
          <Time at={event.time} as="full" />
        </p>
        <div class="row event-copies">
          <CopyButton text={() => asJson(event)} label="JSON" kind="plain" withText />
          <CopyButton text={() => asCurl(event, location.origin)} label="curl" kind="plain" withText />
          <CopyButton text={() => asSql(event)} label="SQL" kind="plain" withText />
        </div>
      </header>
      <Changes changes={event.changes} />
      <Fields event={event} />
      <Around key={event.id} event={event} hrefOf={hrefOf} />
      <Proof key={`proof ${event.id}`} event={event} />
      {event.raw && <Raw raw={event.raw} />}
    </article>
  );
}
