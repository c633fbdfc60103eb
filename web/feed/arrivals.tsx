import { useContext, useEffect, useRef } from 'preact/hooks';
import { ScrollerContext } from '../app/scroller.ts';
import { plural } from '../ui/format.ts';

/** How far from the top one still is at the top. */
const TOP_PX = 80;

/** Says that events have arrived. At the top of the page they are shown by themselves; elsewhere nothing moves until asked. */
export function Arrivals(props: { readonly count: number; readonly hasMore: boolean; readonly onShow: () => void }) {
  const { count, hasMore, onShow } = props;
  const scroller = useContext(ScrollerContext);
  const announced = useRef('');
  const isAtTop = (scroller.current?.scrollTop ?? 0) < TOP_PX;
  const text = count === 0 ? '' : hasMore ? 'Many new events' : plural(count, 'new event');
  if (text !== '') announced.current = text;
  useEffect(() => {
    if (count > 0 && !hasMore && (scroller.current?.scrollTop ?? 0) < TOP_PX) onShow();
  }, [count, hasMore, onShow, scroller]);
  return (
    <>
      <p class="visually-hidden" role="status">
        {announced.current}
      </p>
      {count > 0 && !(isAtTop && !hasMore) && (
        <div class="arrivals">
          <button
            type="button"
            class="arrivals-pill"
            onClick={() => {
              scroller.current?.scrollTo({ top: 0 });
              // The list has to know that it is at the top before rows are put there, or it would keep its place.
              requestAnimationFrame(onShow);
            }}
          >
            ↑ {text}
          </button>
        </div>
      )}
    </>
  );
}
