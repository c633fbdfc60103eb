import type { CanonicalEvent } from '../api/types.ts';
import { feedRoute } from '../feed/route.ts';
import { ButtonLink } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Drawer } from '../ui/drawer.tsx';
import { OpenIcon } from '../ui/icons.tsx';
import { SkeletonLines } from '../ui/states.tsx';
import { EventDetail } from './detail.tsx';
import { MissingEvent } from './missing.tsx';
import { useEvent } from './use-event.ts';

/** One event beside the list it is in. */
export function EventDrawer(props: {
  readonly id: string;
  /** The list, which may know the event already. */
  readonly events: readonly CanonicalEvent[];
  readonly hrefOf: (id: string) => string;
  readonly onClose: () => void;
}) {
  const { id, events, hrefOf, onClose } = props;
  const { data, error, reload } = useEvent(
    id,
    events.find((event) => event.id === id),
  );
  const page = feedRoute.href({}, id);
  return (
    <Drawer
      label="Event"
      onClose={onClose}
      actions={
        <>
          <ButtonLink href={page} kind="quiet" compact icon={<OpenIcon />}>
            Open as page
          </ButtonLink>
          <CopyButton text={() => `${location.href.split('#')[0]}${page}`} label="Copy link" withText />
        </>
      }
    >
      {error !== undefined && <MissingEvent id={id} error={error} onRetry={reload} />}
      {data ? (
        <EventDetail event={data} heading="h2" hrefOf={hrefOf} />
      ) : (
        error === undefined && <SkeletonLines lines={8} />
      )}
    </Drawer>
  );
}
