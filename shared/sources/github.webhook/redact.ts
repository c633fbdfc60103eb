import { isJsonObject, type Json, type JsonObject } from '../../json.ts';
import { objectAt, textAt } from '../read.ts';
import { REDACTED } from '../redacted.ts';

/** Shorter secrets are replaced where they stand by themselves only: they may occur in other texts by chance. */
const SHORTEST_SEARCHED = 8;
/** Far beyond what GitHub sends; what lies deeper is replaced unseen, as recursion has to end somewhere. */
const DEEPEST = 100;

/**
 * Secret scanning alerts may hold the secret that was found. The event without it: the value of every `secret` is
 * replaced, and so is each text elsewhere that contains one. Undefined when there is nothing to replace.
 */
export function withoutSecrets(event: string, raw: JsonObject): JsonObject | undefined {
  const alert = objectAt(raw, 'alert');
  if (!event.startsWith('secret_scanning') && !(alert !== undefined && Object.hasOwn(alert, 'secret')))
    return undefined;
  const secrets: string[] = [];
  collect(raw, secrets, 0);
  const redaction = { searched: secrets.filter((secret) => secret.length >= SHORTEST_SEARCHED), redacted: false };
  const clean = replace(raw, redaction, 0);
  return redaction.redacted && isJsonObject(clean) ? clean : undefined;
}

interface Redaction {
  readonly searched: readonly string[];
  redacted: boolean;
}

function collect(value: Json, secrets: string[], depth: number): void {
  if (depth > DEEPEST) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, secrets, depth + 1);
  } else if (isJsonObject(value)) {
    const secret = textAt(value, 'secret');
    if (secret !== undefined && secret !== REDACTED) secrets.push(secret);
    for (const item of Object.values(value)) collect(item, secrets, depth + 1);
  }
}

function replace(value: Json, redaction: Redaction, depth: number): Json {
  if (depth > DEEPEST) return redacted(redaction);
  if (Array.isArray(value)) return value.map((item) => replace(item, redaction, depth + 1));
  if (isJsonObject(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'secret' && item !== null && item !== REDACTED
          ? redacted(redaction)
          : replace(item, redaction, depth + 1),
      ]),
    );
  }
  if (typeof value !== 'string' || !redaction.searched.some((secret) => value.includes(secret))) return value;
  redaction.redacted = true;
  return redaction.searched.reduce((text, secret) => text.replaceAll(secret, REDACTED), value);
}

function redacted(redaction: Redaction): string {
  redaction.redacted = true;
  return REDACTED;
}
