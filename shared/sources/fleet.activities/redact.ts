import type { JsonObject } from '../../json.ts';
import { objectAt, textAt } from '../read.ts';
import { REDACTED } from '../redacted.ts';

/**
 * The activity with its webhook addresses cut down to scheme and host, as whoever has the rest of one can post to it
 * (https://api.slack.com/messaging/webhooks). Undefined when there is nothing to cut.
 */
export function withoutSecrets(raw: JsonObject): JsonObject | undefined {
  const details = objectAt(raw, 'details') ?? {};
  const cut = Object.keys(details)
    .filter((key) => key.endsWith('webhook_url'))
    .map((key) => [key, textAt(details, [key])] as const)
    .flatMap(([key, url]) => (url === undefined || withoutPath(url) === url ? [] : [[key, withoutPath(url)] as const]));
  return cut.length === 0 ? undefined : { ...raw, details: { ...details, ...Object.fromEntries(cut) } };
}

function withoutPath(text: string): string {
  const url = URL.parse(text);
  // Also what was cut before, so that it stays as it is.
  if (url === null || url.host === '') return text === REDACTED ? text : REDACTED;
  const bare = `${url.protocol}//${url.host}/`;
  return url.href === bare ? text : `${bare}${REDACTED}`;
}
