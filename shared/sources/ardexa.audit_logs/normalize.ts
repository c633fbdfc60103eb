import type { Actor, Change, EventFacts } from '../../event/schema.ts';
import { parseTime } from '../../event/time.ts';
import { type Json, type JsonObject, scalarText } from '../../json.ts';
import { fitFacts, textAt } from '../read.ts';
import type { MappedEvent } from '../source.ts';
import { timeInUtc, timeOfMilliseconds, timeOfSeconds } from '../time.ts';
import { changesOf } from './changes.ts';
import { cleanChange, withoutSecrets } from './redact.ts';
import { typeOf } from './refine.ts';
import { contentOf, type Row, rowOf, withPlainColumns } from './row.ts';
import { targetsOf, userOf } from './targets.ts';

/** Maps one row of the table, from the API or from a CSV export. Always one event; rows have no id but what they say. */
export function normalize(given: JsonObject): MappedEvent[] {
  const plain = withPlainColumns(given);
  const clean = withoutSecrets(plain);
  const raw = clean ?? plain;
  const changes = changesOf(rowOf(plain)).map(cleanChange);
  const time = timeOf(raw['event_time']);
  const content = contentOf(raw, instantOf(time));
  return [{ facts: factsOf(rowOf(raw), changes), time, raw, content, redacted: clean !== undefined }];
}

function factsOf(row: Row, changes: Change[]): EventFacts {
  const type = typeOf(row);
  const outcome = outcomeOf(row);
  const isMfa = row.action === 'mfa login' || /\bmfa\b/i.test(isLogIn(row) ? (row.newValue ?? '') : '');
  return fitFacts({
    type,
    action: textAt(row.raw, ['action']) ?? '',
    outcome,
    actor: actorOf(row),
    targets: targetsOf(row, type),
    reason: outcome === 'failure' ? reasonOf(row) : undefined,
    ...(isMfa && { mfa: { method: 'code' } }),
    changes,
  });
}

const SECONDS_END = 100_000_000_000;

/**
 * Ardexa's documentation shows no time: ISO-8601, without a zone in UTC, with a blank for the T as databases and CSV have
 * it, and numbers of seconds or milliseconds are understood. What is none of these is passed on as it came.
 */
function timeOf(value: Json | undefined): string | undefined {
  const text = scalarText(value)?.trim();
  if (text === undefined) return undefined;
  const seconds = Math.abs(Number(text)) < SECONDS_END;
  const counted = seconds ? timeOfSeconds(text) : timeOfMilliseconds(text);
  if (counted !== undefined) return counted;
  return timeInUtc(text.replace(/^(\d{4}-\d\d-\d\d) +(\d\d:\d\d\S*) *(?:(Z|[+-]\d\d:?\d\d)|UTC|GMT)?$/i, '$1T$2$3'));
}

const FINER = /\.\d{3}(\d*?)0*(?:Z|[+-][\d:]+)$/i;

/** A time in the one way to write it: in UTC, with its digits beyond milliseconds. */
function instantOf(text: string | undefined): string | undefined {
  const time = text === undefined ? undefined : parseTime(text);
  return time === undefined ? text : time.replace('Z', `${FINER.exec(text ?? '')?.[1] ?? ''}Z`);
}

function isLogIn({ things }: Row): boolean {
  return things.includes('auth');
}

const SUCCESS = /^(success|succeeded|ok|true)/i;
const FAILURE = /^(fail|error|denied|refused|reject|invalid|false)/i;
const REFUSAL = /\b(fail(ed|ure)?|invalid|incorrect|denied|refused|rejected|wrong)\b/i;

/** The documentation has both `failure` and `failed`. A log-in without a status may still say that it was refused. */
function outcomeOf(row: Row): EventFacts['outcome'] {
  const status = textAt(row.raw, ['status'])?.trim() ?? '';
  if (SUCCESS.test(status)) return 'success';
  if (FAILURE.test(status)) return 'failure';
  return isLogIn(row) && REFUSAL.test(`${row.newValue ?? ''} ${row.comments ?? ''}`) ? 'failure' : 'unknown';
}

function reasonOf(row: Row): string | undefined {
  return row.comments ?? (isLogIn(row) ? row.newValue : undefined);
}

function actorOf(row: Row): Actor {
  const user = userOf(textAt(row.raw, ['user_id']));
  // Devices come and go by themselves.
  if (row.things.includes('state_change')) return { ...user, type: 'system' };
  if (user.id !== undefined) return { ...user, type: 'user' };
  return { type: isLogIn(row) ? 'anonymous' : 'unknown' };
}
