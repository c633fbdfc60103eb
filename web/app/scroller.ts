import { createContext, type RefObject } from 'preact';

/** The element that scrolls the page. */
export const ScrollerContext = createContext<RefObject<HTMLElement | null>>({ current: null });
