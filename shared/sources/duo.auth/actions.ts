import type { EventType } from '../../taxonomy.ts';
import type { ActionTable } from '../source.ts';
import { wordsOf } from '../verbs.ts';

/** The event types of https://duo.com/docs/adminapi#authentication-logs */
export const ACTIONS: ActionTable = {
  authentication: 'mfa_verification',
  enrollment: 'add_enrollment',
};

/** The EMM type of an event type that is not in the table, by the first word that tells. */
const WORDS: readonly (readonly [RegExp, EventType])[] = [
  [/^(un|de|dis)(enrol|regist)\w*$|^(remov|delet)\w+$/, 'remove_enrollment'],
  [/^(re)?(enrol|regist)\w*$/, 'add_enrollment'],
  [/^(re)?(authenticat|verif|challeng)\w+$|^(2fa|mfa|push|passcode|auth)$/, 'mfa_verification'],
];

/** The EMM type of an event type that is not in the table. */
export function guess(action: string): EventType | null {
  const words = wordsOf(action);
  return WORDS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1] ?? null;
}
