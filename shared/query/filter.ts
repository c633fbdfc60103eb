import { identifiers } from '../event/entities.ts';
import type { Actor, CanonicalEvent, Target } from '../event/schema.ts';

/** Who or what is asked for: a value alone, or `kind:value`. Lower case. */
export interface EntityRef {
  /** The whole text as given: `jane@example.com`, `user:jane@example.com`, or a value that itself holds a colon. */
  readonly whole: string;
  readonly kind?: string;
  readonly value?: string;
}

/** What an event must be like. A list matches any of its values; absent fields match everything. */
export interface EventFilter {
  readonly source?: readonly string[];
  readonly connection?: readonly string[];
  readonly category?: readonly string[];
  /** EMM event types; `none` stands for events that fit none. */
  readonly type?: readonly string[];
  readonly action?: readonly string[];
  readonly outcome?: readonly string[];
  readonly ip?: readonly string[];
  readonly session?: readonly string[];
  /** Names of changed attributes, any case. */
  readonly attribute?: readonly string[];
  readonly actor?: EntityRef;
  readonly target?: EntityRef;
  readonly entity?: EntityRef;
  /** Substring of any canonical string, any case. */
  readonly q?: string;
  /** Inclusive, UTC ISO-8601 with milliseconds. */
  readonly from?: string;
  /** Exclusive. */
  readonly to?: string;
}

/** The word that stands for "no EMM type" in a filter. */
export const NO_TYPE = 'none';

const KIND = /^([a-z][a-z0-9_-]*):(.+)$/s;

export function parseEntityRef(text: string): EntityRef {
  const whole = text.toLowerCase();
  const parts = KIND.exec(whole);
  return parts?.[1] !== undefined && parts[2] !== undefined ? { whole, kind: parts[1], value: parts[2] } : { whole };
}

/** True if the event is what the filter asks for. */
export function matches(event: CanonicalEvent, filter: EventFilter): boolean {
  const { attribute, actor, target, entity, q, from, to } = filter;
  return (
    oneOf(event.source, filter.source) &&
    oneOf(event.connection, filter.connection) &&
    oneOf(event.category ?? NO_TYPE, filter.category) &&
    oneOf(event.type ?? NO_TYPE, filter.type) &&
    oneOf(event.action, filter.action) &&
    oneOf(event.outcome, filter.outcome) &&
    oneOf(event.ip, filter.ip) &&
    oneOf(event.session, filter.session) &&
    (from === undefined || event.time >= from) &&
    (to === undefined || event.time < to) &&
    (actor === undefined || isEntity(event.actor, actor)) &&
    (target === undefined || event.targets.some((one) => isEntity(one, target))) &&
    (entity === undefined || [event.actor, ...event.targets].some((one) => isEntity(one, entity))) &&
    (attribute === undefined ||
      event.changes.some((change) =>
        attribute.some((name) => name.toLowerCase() === change.attribute.toLowerCase()),
      )) &&
    (q === undefined || holdsText(event, q.toLowerCase()))
  );
}

function oneOf(value: string | undefined, wanted: readonly string[] | undefined): boolean {
  return wanted === undefined || (value !== undefined && wanted.includes(value));
}

function isEntity(entity: Actor | Target, { whole, kind, value }: EntityRef): boolean {
  const names = identifiers(entity);
  return (
    names.includes(whole) ||
    (kind !== undefined && value !== undefined && entity.type.toLowerCase() === kind && names.includes(value))
  );
}

function holdsText(value: unknown, text: string): boolean {
  if (typeof value === 'string') return value.toLowerCase().includes(text);
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => holdsText(inner, text));
}
