import type { Kind, Status } from './status.ts';

/** By kind: a disc, a triangle, a square, bars, a ring, an arrow. */
const SHAPES: Readonly<Record<Kind, string>> = {
  good: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1z',
  caution: 'M6 .8 11.6 11H.4z',
  failure: 'M1.5 1.5h9v9h-9z',
  paused: 'M2 1.5h3v9H2zM7 1.5h3v9H7z',
  waiting: 'M6 1a5 5 0 1 1 0 10A5 5 0 0 1 6 1zm0 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  push: 'M5 .8h2v5.4h2.6L6 10 2.4 6.2H5zM1.5 10h9v1.5h-9z',
};

/** How a connection fares, by shape and in a word. */
export function StatusMark({ status: { kind, word } }: { readonly status: Status }) {
  return (
    <span class={`status ${kind}`}>
      <svg class="status-shape" width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
        <path d={SHAPES[kind]} fill="currentColor" fill-rule="evenodd" />
      </svg>
      {word}
    </span>
  );
}
