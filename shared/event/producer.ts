import { z } from 'zod';
import type { Problem } from '../errors.ts';
import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import { toProblems } from '../problems.ts';
import { TIERS, type Tier } from '../retention.ts';
import { CATEGORIES, categoryOf, EVENT_TYPES } from '../taxonomy.ts';
import type { EventInput } from './prepare.ts';
import { Actor, Change, EventFacts, OUTCOMES } from './schema.ts';
import { isPlausible, parseTime } from './time.ts';

/** The source of events that applications send in canonical form; `custom.<name>` tells applications apart. */
export const CUSTOM_SOURCE = 'custom';
const MAX_CANONICAL_BYTES = 200 * 1024;
/** JSON is read to any depth, but writing it takes the stack: at this depth every function can. */
const MAX_DEPTH = 1_000;

const AnyJson = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.unknown()),
  z.record(z.string(), z.unknown()),
]);

/** The shape of an event as an application sends it. Everything else of the canonical event is set by Annals. */
export const ProducerEvent = z.strictObject({
  id: z.string().min(1).max(256).optional().describe('Your own id: sending it again changes nothing'),
  time: z.string().describe('When it happened: ISO-8601 with a zone, from 1970 until 24 hours ahead'),
  action: EventFacts.shape.action.describe('Your own name for what was done, such as invoice.delete'),
  actor: Actor.partial({ type: true }).describe(
    'Who did it: at least one of id, name and email, unless type says there is none',
  ),
  source: z
    .string()
    .regex(/^custom(\.[a-z0-9_-]{1,48})?$/, 'must be custom or custom.<name>')
    .optional(),
  product: z.string().min(1).max(64).optional(),
  tenant: z.string().optional().describe("If given, must be the API key's own"),
  category: z.enum(CATEGORIES).nullable().optional(),
  type: z.enum(EVENT_TYPES).nullable().optional().describe('The EMM event type'),
  outcome: z.enum(OUTCOMES).optional(),
  targets: EventFacts.shape.targets.optional(),
  ip: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address without a port' }).optional(),
  userAgent: EventFacts.shape.userAgent,
  session: EventFacts.shape.session,
  location: EventFacts.shape.location,
  device: EventFacts.shape.device,
  reason: EventFacts.shape.reason,
  credential: EventFacts.shape.credential,
  identityProvider: EventFacts.shape.identityProvider,
  mfa: EventFacts.shape.mfa,
  changes: z
    .array(z.strictObject({ attribute: Change.shape.attribute, old: AnyJson.optional(), new: AnyJson.optional() }))
    .max(1000)
    .optional(),
  tier: z.enum(TIERS).optional().describe('How long it stays queryable through the API'),
  raw: z.record(z.string(), z.unknown()).optional().describe('Anything else, as a JSON object'),
});

const ACTORS_WITHOUT_NAME = new Set(['system', 'anonymous', 'unknown']);
const SET_BY_ANNALS = new Set(['connection', 'receivedAt', 'flags']);

/** An application's event, checked: what to store, and where it says it comes from. */
export interface ProducedEvent extends EventInput {
  readonly from: { readonly source: string; readonly product: string; readonly tier?: Tier };
  /** All that was said, for telling a repeat from a conflict. */
  readonly said: Json;
}

/**
 * Checks one event of an application.
 *
 * @returns the event, or everything that is wrong with it.
 */
export function readProducerEvent(value: Json, tenant: string, now: number): ProducedEvent | Problem[] {
  if (!isJsonObject(value)) return [{ path: '', message: 'must be a JSON object' }];
  if (isDeeperThan(MAX_DEPTH, value)) {
    return [{ path: '', message: `is nested too deeply: at most ${MAX_DEPTH} objects and lists in one another` }];
  }
  const parsed = ProducerEvent.safeParse(value);
  const problems = [
    ...(parsed.success ? [] : parsed.error.issues.flatMap(problemsOf)),
    ...contradictions(value, tenant, now),
  ];
  if (!parsed.success || problems.length > 0) return problems;
  const { id, time, actor, changes, tier, category, tenant: _tenant, raw: _raw, ...given } = parsed.data;
  const type = given.type ?? null;
  // zod rebuilds objects; the originals keep integers beyond 2^53, and keys such as `__proto__`, as they were.
  const said = value as { raw?: Json; changes?: { old?: Json; new?: Json }[] };
  // An integer beyond 2^53 is an object while it is carried.
  if (said.raw !== undefined && !isJsonObject(said.raw)) return [{ path: 'raw', message: 'must be a JSON object' }];
  const { source = CUSTOM_SOURCE, product, outcome = 'unknown', targets = [], ...rest } = given;
  const facts = stripUndefined({
    ...rest,
    type,
    outcome,
    targets,
    actor: { ...actor, type: actor.type ?? 'user' },
    changes: (changes ?? []).map(({ attribute }, index) => ({
      attribute,
      ...asText('old', said.changes?.[index]?.old),
      ...asText('new', said.changes?.[index]?.new),
    })),
  }) as EventFacts;
  const long = facts.changes.findIndex((change) => !Change.safeParse(change).success);
  if (long !== -1) return [{ path: `changes.${long}`, message: 'old and new may have 65,536 characters as text' }];
  if (Buffer.byteLength(JSON.stringify(facts)) > MAX_CANONICAL_BYTES) {
    return [{ path: '', message: 'is over 200 KiB without raw: move detail into raw' }];
  }
  return {
    from: {
      source,
      product: product ?? (source.slice(CUSTOM_SOURCE.length + 1) || CUSTOM_SOURCE),
      ...(tier && { tier }),
    },
    facts,
    category: category ?? categoryOf(type),
    time: parseTime(time),
    vendorId: id,
    insist: id !== undefined,
    ...(said.raw && { raw: said.raw }),
    said: value,
  };
}

/** What single fields can't tell: checked as far as the fields are of their shape, so that all is told at once. */
function contradictions(said: JsonObject, tenant: string, now: number): Problem[] {
  const problems: Problem[] = [];
  const { time: givenTime, type, category, actor } = said;
  const time = typeof givenTime === 'string' ? parseTime(givenTime) : undefined;
  if (typeof givenTime === 'string' && time === undefined) {
    problems.push({ path: 'time', message: 'must be an ISO-8601 time with a zone, such as 2026-01-31T09:30:00Z' });
  } else if (time !== undefined && !isPlausible(time, now)) {
    problems.push({ path: 'time', message: 'must lie between 1970 and 24 hours from now' });
  }
  const known = EVENT_TYPES.find((one) => one === type);
  if (known && CATEGORIES.some((one) => one === category) && category !== categoryOf(known)) {
    problems.push({ path: 'category', message: `must be ${categoryOf(known)} for type ${known}, or be left out` });
  }
  if (typeof said['tenant'] === 'string' && said['tenant'] !== tenant) {
    problems.push({ path: 'tenant', message: "must be the API key's own tenant, or be left out" });
  }
  if (isJsonObject(actor) && !isNamed(actor)) {
    problems.push({ path: 'actor', message: 'needs an id, a name or an email (or type system, anonymous or unknown)' });
  }
  return problems;
}

function isNamed({ id, name, email, type }: JsonObject): boolean {
  const hasName = id !== undefined || name !== undefined || email !== undefined;
  return hasName || (typeof type === 'string' && ACTORS_WITHOUT_NAME.has(type));
}

/** Without recursion, which what it looks for would exhaust. */
function isDeeperThan(depth: number, value: Json): boolean {
  let level: Json[] = [value];
  for (let left = depth; level.length > 0; left -= 1) {
    if (left < 0) return true;
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
  }
  return false;
}

function asText(key: 'old' | 'new', value: Json | undefined): { [k in 'old' | 'new']?: string } {
  if (value === undefined || value === null) return {};
  return { [key]: typeof value === 'string' ? value : JSON.stringify(value) };
}

function stripUndefined(object: object): object {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  return toProblems(issue).map((problem) => {
    if (issue.code !== 'unrecognized_keys') return problem;
    const isOurs = SET_BY_ANNALS.has(problem.path);
    return {
      ...problem,
      message: isOurs
        ? 'is set by Annals and must be left out'
        : 'is not a field of the canonical event: put what is particular to your application into raw',
    };
  });
}

/** True for a source that applications send to. */
export function isCustomSource(source: string): boolean {
  return source === CUSTOM_SOURCE || source.startsWith(`${CUSTOM_SOURCE}.`);
}
