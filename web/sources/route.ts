import { choice, text } from '../app/params.ts';
import { route } from '../app/route.ts';

export const SPANS = ['7d', '30d', '90d', '1y', 'all'] as const;
export type Span = (typeof SPANS)[number];

export const SPAN_WORDS: Readonly<Record<Span, string>> = {
  '7d': '7 days',
  '30d': '30 days',
  '90d': '90 days',
  '1y': 'Year',
  all: 'All',
};

/** `#/sources`, and `#/sources/<connection id>` for one connection. */
export const sourcesRoute = route('sources', {
  /** The one source that is shown. */
  source: text(),
  /** How far back the strip of what was collected goes. */
  span: choice(SPANS, '30d'),
});
