import { categoryOf, type EventType } from '../../shared/taxonomy.ts';
import type { RangeState } from '../feed/range.ts';
import { feedRoute } from '../feed/route.ts';
import type { Counted } from '../feed/use-counts.ts';
import { TypeLabel } from '../ui/data.tsx';
import { countOf } from '../ui/format.ts';

const MOST = 6;

/** What it did, or had done to it, the most often. */
export function TopTypes(props: {
  readonly counted: Counted;
  readonly filters: Readonly<Record<string, string>>;
  readonly range: RangeState;
}) {
  const { counted, filters, range } = props;
  const top = topOf(counted);
  const most = top[0]?.count ?? 0;
  // Of one type alone the chart tells as much.
  if (top.length < 2) return null;
  return (
    <section aria-label="The most frequent" class="top-types">
      <h2>Most often</h2>
      <ol>
        {top.map(({ type, count }) => (
          <li key={type ?? 'none'} data-category={categoryOf(type) ?? 'none'}>
            <a href={feedRoute.href({ ...filters, ...range, type: [type ?? 'none'] })}>
              <TypeLabel type={type} />
            </a>
            <span class="bar" aria-hidden="true">
              <span style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <span class="figures muted">{countOf(count)}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function topOf({ counts }: Counted): { readonly type: EventType | null; readonly count: number }[] {
  const sums = new Map<EventType | null, number>();
  for (const { type, count } of counts) sums.set(type, (sums.get(type) ?? 0) + count);
  return [...sums]
    .map(([type, count]) => ({ type, count }))
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST);
}
