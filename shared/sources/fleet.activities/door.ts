import { createHash, timingSafeEqual } from 'node:crypto';
import type { WebhookDoor } from '../source.ts';

/**
 * Fleet's activities webhook (https://fleetdm.com/docs/rest-api/rest-api#webhooks): it carries no id, no signature and no
 * header of one's choice, and is sent before the activity is stored, so that it is a hint to poll and no more. What proves
 * it is a token in the path.
 */
export const door: WebhookDoor = {
  tokenInPath: true,
  verify({ token }, secrets) {
    if (token === undefined || token === '') return false;
    const claimed = sha256(token);
    let proved = false;
    for (const secret of secrets) proved = timingSafeEqual(sha256(secret.trim()), claimed) || proved;
    return proved;
  },
  read: () => ({ kind: 'hint' }),
};

/** Hashes are of one length, whatever the texts are. */
function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
