import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import { useContext, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import { ScrollerContext } from '../app/scroller.ts';

export type RowVirtualizer = Virtualizer<HTMLElement, HTMLElement>;

/** How high what sticks to the top of the page is: rows scrolled to must not lie under it. */
const STICKY = 72;

/**
 * Rows of a list inside the page's scroller of which only those in sight are rendered.
 *
 * @param list The element that the rows lie in, as high as all of them.
 */
export function useVirtual(
  list: { readonly current: HTMLElement | null },
  options: { readonly count: number; readonly estimate: number; readonly keyOf: (index: number) => string },
): RowVirtualizer {
  const scroller = useContext(ScrollerContext);
  const [, render] = useReducer<number, void>((turn) => turn + 1, 0);
  const [margin, setMargin] = useState(0);
  const resolved: VirtualizerOptions<HTMLElement, HTMLElement> = {
    count: options.count,
    getScrollElement: () => scroller.current,
    estimateSize: () => options.estimate,
    getItemKey: options.keyOf,
    overscan: 8,
    scrollMargin: margin,
    scrollPaddingStart: STICKY,
    scrollPaddingEnd: 16,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => render(),
  };
  const kept = useRef<RowVirtualizer | null>(null);
  kept.current ??= new Virtualizer(resolved);
  const virtualizer = kept.current;
  virtualizer.setOptions(resolved);
  useLayoutEffect(() => virtualizer._didMount(), [virtualizer]);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => {
    const page = list.current?.parentElement;
    if (!page) return;
    const measure = () => {
      if (!list.current || !scroller.current) return;
      const { top } = list.current.getBoundingClientRect();
      setMargin(Math.round(top - scroller.current.getBoundingClientRect().top + scroller.current.scrollTop));
    };
    measure();
    // What is above the list grows and shrinks as it loads, and the whole page with it.
    const observer = new ResizeObserver(measure);
    for (let element: Element | null = page; element && element !== scroller.current; element = element.parentElement) {
      observer.observe(element);
    }
    return () => observer.disconnect();
  }, [list, scroller]);
  return virtualizer;
}
