import type { JsonObject } from '../../json.ts';
import { arrayAt, firstText, objectAt, objectsAt, textAt } from '../read.ts';

/** The key under which a poller says which service it asked: a commit itself does not. */
export const SERVICE_KEY = 'service_id';

/** What a commit was done to; `type` is the vendor's (`users`, `node_groups`), absent in v1. */
export interface CommitObject {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly type: string | undefined;
}

/** One of the events of a commit; v1 has the message only. */
export interface Activity {
  readonly message: string;
  readonly type: string | undefined;
  readonly what: string | undefined;
  readonly description: string | undefined;
  /** The commit with this event alone. */
  readonly raw: JsonObject;
}

/** A commit of the activity service, whichever shape it came in. */
export interface Commit {
  readonly service: string | undefined;
  readonly time: string | undefined;
  readonly subject: Readonly<{ id: string | undefined; name: string | undefined }>;
  /** The chain of proxies, the client first. */
  readonly addresses: string | undefined;
  readonly objects: readonly CommitObject[];
  /** Empty where the events can't be read. */
  readonly activities: readonly Activity[];
}

/** Reads a commit of v1 (`object`), of v2 (`objects`), or a row of `events.csv`. Never throws. */
export function commitFrom(raw: JsonObject): Commit {
  const isRow = Object.hasOwn(raw, 'Message') || Object.hasOwn(raw, 'Submit Time');
  return isRow ? row(raw) : commit(raw);
}

function commit(raw: JsonObject): Commit {
  const objects = [objectAt(raw, 'object'), ...objectsAt(raw, 'objects')].filter((one) => one !== undefined);
  const events = objectsAt(raw, 'events');
  const areAllRead = events.length === arrayAt(raw, 'events').length;
  return {
    service: textAt(raw, SERVICE_KEY),
    time: textAt(raw, 'timestamp'),
    subject: { id: textAt(raw, 'subject.id'), name: textAt(raw, 'subject.name') },
    addresses: textAt(raw, 'ip_address'),
    objects: objects.map((one) => ({ id: textAt(one, 'id'), name: textAt(one, 'name'), type: textAt(one, 'type') })),
    activities: (areAllRead ? events : []).map((event) => ({
      message: textAt(event, 'message') ?? '',
      type: textAt(event, 'type'),
      what: textAt(event, 'what'),
      description: textAt(event, 'description'),
      raw: { ...raw, events: [event] },
    })),
  };
}

function row(raw: JsonObject): Commit {
  const at = (column: string) => textAt(raw, [column]);
  return {
    service: textAt(raw, SERVICE_KEY),
    // `YYYY-MM-DD HH:MM:SS.fff` in UTC: https://www.puppet.com/docs/pe/2019.8/activity_api_events.html
    time: at('Submit Time')?.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d+)?)$/, '$1T$2Z'),
    subject: { id: at('Subject Id'), name: at('Subject Name') },
    addresses: firstText(raw, [['Ip Address'], ['IP Address']]),
    objects: [{ id: at('Object Id'), name: at('Object Name'), type: at('Object Type') }],
    activities: [
      { message: at('Message') ?? '', type: at('Type'), what: at('What'), description: at('Description'), raw },
    ],
  };
}
