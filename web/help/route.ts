import { route } from '../app/route.ts';

/** The parts of the help, in order; `#/help/<part>` goes to one. */
export const PARTS = {
  access: 'Who sees it',
  reading: 'How to read an event',
  kept: 'How long it is kept',
  incomplete: 'What “incomplete” means',
  sql: 'SQL',
  keys: 'Keyboard',
} as const;
export type Part = keyof typeof PARTS;

export const helpRoute = route('help', {});
