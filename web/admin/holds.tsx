import { useState } from 'preact/hooks';
import { go } from '../app/navigation.ts';
import { api } from '../app/session.ts';
import { Button } from '../ui/button.tsx';
import { Chip, VendorText } from '../ui/data.tsx';
import { Confirm } from '../ui/dialog.tsx';
import { PlusIcon, SealIcon } from '../ui/icons.tsx';
import { Empty, ErrorNote, SkeletonLines } from '../ui/states.tsx';
import { Time } from '../ui/time.tsx';
import { toast } from '../ui/toast.tsx';
import { HoldNew } from './hold-new.tsx';
import { holdSpan } from './hold-span.ts';
import { type Cell, Listing } from './listing.tsx';
import { adminRoute } from './route.ts';
import type { Hold } from './types.ts';
import { useApiKeys, useHolds } from './use-admin.ts';

/** What must not be deleted from the archive, whatever its retention says. */
export function Holds({ isNew }: { readonly isNew: boolean }) {
  const { data, error, reload } = useHolds();
  const keys = useApiKeys();
  const names = new Map(keys.data?.map(({ id, name }) => [`key_${id}`, name]));
  const [released, setReleased] = useState<Hold | null>(null);
  const open = (isOpen: boolean) => go(adminRoute.href({ new: isOpen ? '1' : null }, 'holds'), 'replace');
  const make = (
    <Button kind="primary" icon={<PlusIcon />} onClick={() => open(true)}>
      New hold
    </Button>
  );
  const columns: readonly Cell<Hold>[] = [
    {
      name: 'Events of',
      width: '22%',
      cell: (hold) => (
        <>
          <span class="listing-name">{holdSpan(hold)}</span>
          <code class="faint">{hold.id}</code>
        </>
      ),
    },
    { name: 'Because', cell: ({ reason }) => <VendorText text={reason} most={300} /> },
    {
      name: 'State',
      width: '100px',
      cell: ({ released: over }) => (over ? <Chip>Released</Chip> : <Chip kind="good">Held</Chip>),
    },
    {
      name: 'Made by',
      cell: ({ made, released: over }) => (
        <>
          <By act={made} names={names} />
          {over && (
            <span class="second">
              Released by <By act={over} names={names} />
            </span>
          )}
        </>
      ),
    },
    {
      name: 'Actions',
      width: '96px',
      isActions: true,
      cell: (hold) =>
        !hold.released && (
          <Button
            kind="quiet"
            compact
            label={`Release the hold of ${holdSpan(hold)}`}
            onClick={() => setReleased(hold)}
          >
            Release
          </Button>
        ),
    },
  ];
  return (
    <div class="admin-groups">
      {error !== undefined && <ErrorNote error={error} onRetry={reload} />}
      {data?.length === 0 && (
        <Empty title="Nothing is on hold" icon={SealIcon} actions={make}>
          A legal hold keeps the events of a span of time in the archive, whatever becomes of their retention, until
          somebody releases it.
        </Empty>
      )}
      {data && data.length > 0 && (
        <>
          <div class="row spread">
            <p class="muted">Files of the archive that any hold covers can’t be deleted by anybody.</p>
            {make}
          </div>
          <Listing
            caption="Legal holds"
            columns={columns}
            rows={data}
            keyOf={({ id }) => id}
            isFaded={(hold) => hold.released !== undefined}
          />
        </>
      )}
      {!data && error === undefined && <SkeletonLines lines={4} />}
      {isNew && <HoldNew onClose={() => open(false)} onMade={reload} />}
      {released && <Release hold={released} onClose={() => setReleased(null)} onDone={reload} />}
    </div>
  );
}

function By({ act, names }: { readonly act: Hold['made']; readonly names: ReadonlyMap<string, string> }) {
  return (
    <>
      <VendorText text={names.get(act.by) ?? act.by} most={60} />
      <span class="small muted second">
        <Time at={act.at} as="short" />
      </span>
    </>
  );
}

function Release(props: { readonly hold: Hold; readonly onClose: () => void; readonly onDone: () => void }) {
  const { hold, onClose, onDone } = props;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const release = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await api.ask(`/v1/holds/${encodeURIComponent(hold.id)}`, { method: 'DELETE' });
      toast('Released.');
      onClose();
      onDone();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  return (
    <Confirm title="Release this hold" action="Release it" busy={isBusy} onConfirm={release} onClose={onClose}>
      <div class="stack">
        <p>
          Events of {holdSpan(hold)} are deleted when their retention ends, unless another hold covers them. The hold
          stays on record.
        </p>
        {error !== undefined && <ErrorNote error={error} />}
      </div>
    </Confirm>
  );
}
