import { Skeleton } from '../ui/states.tsx';

/** Rows as they will be. */
export function FeedSkeleton() {
  return (
    <div role="status" aria-label="Loading events">
      {Array.from({ length: 10 }, (_, index) => (
        <div key={index} class="event-row" aria-hidden="true">
          <Skeleton width={`${70 - ((index * 13) % 35)}%`} height={16} />
          <Skeleton width={`${34 - ((index * 7) % 12)}%`} height={12} />
        </div>
      ))}
    </div>
  );
}
