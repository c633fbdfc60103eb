import { Table } from '../ui/data.tsx';
import { countOf } from '../ui/format.ts';
import { Time } from '../ui/time.tsx';
import { spanWords } from './span.ts';
import type { Stream } from './types.ts';

/** How each stream fares, in numbers. */
export function StreamsTable({ streams }: { readonly streams: readonly Stream[] }) {
  if (streams.length === 0) return null;
  const time = (at: string | null) => (at === null ? <span class="faint">not yet</span> : <Time at={at} />);
  return (
    <section aria-labelledby="streams" class="stack">
      <h2 id="streams">Streams</h2>
      <Table
        caption="How each stream fares"
        rows={streams}
        keyOf={({ stream }) => stream}
        columns={[
          { name: 'Stream', cell: ({ stream }) => <span class="mono">{stream}</span> },
          { name: 'Polled', cell: ({ lastRunAt }) => time(lastRunAt) },
          { name: 'Succeeded', cell: ({ lastSuccessAt }) => time(lastSuccessAt) },
          { name: 'Newest event', cell: ({ lastEventAt }) => time(lastEventAt) },
          { name: 'Behind', isNumber: true, cell: ({ lagSeconds }) => spanWords(lagSeconds * 1_000) },
          { name: 'Events a day', isNumber: true, cell: ({ eventsPerDay }) => countOf(eventsPerDay) },
          {
            name: 'Came late',
            isNumber: true,
            cell: ({ late, lateBeyondLag }) => countOf(late + lateBeyondLag),
          },
        ]}
      />
    </section>
  );
}
