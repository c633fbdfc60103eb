import type { CanonicalEvent } from '../api/types.ts';
import { sentence } from '../event/sentence.ts';
import { EntityLink } from '../ui/entity-link.tsx';

/** An event's sentence, the names in it leading to their activity. */
export function SentenceLine({ event }: { readonly event: CanonicalEvent }) {
  return (
    <>
      {sentence(event).map((part, index) =>
        typeof part === 'string' ? (
          <bdi key={index}>{part}</bdi>
        ) : (
          <EntityLink key={index} entity={part.entity} text={part.text} />
        ),
      )}
    </>
  );
}
