import { z } from 'zod';
import { canonicalJson } from '../../json.ts';
import { LANDING_PARTITION, LANDING_PREFIX } from '../columns.ts';
import { Digest, PLAN_PREFIX } from '../digest.ts';
import type { ObjectVersion } from './store.ts';

const PlannedObject = z.strictObject({ key: z.string(), version: z.string(), size: z.int().min(0) });

/** What the seal of a day takes: fixed before its work, so that whoever does the work makes the same of it. */
export const Plan = z.strictObject({
  format: z.literal(1),
  day: z.iso.date(),
  plannedAt: z.iso.datetime(),
  /** What is worked on at a time: each part fits the memory and the time of a run. Empty for a day without objects. */
  parts: z.array(z.array(PlannedObject).min(1)),
  /** Sealed files whose retention is over: the digest lists them, and then they go. */
  expired: Digest.shape.expired,
});
export type Plan = z.infer<typeof Plan>;

/** What became of one part. The digest of a day is its parts together. */
export const PartRecord = Digest.pick({
  landing: true,
  files: true,
  unreadable: true,
  repeats: true,
  archivedBefore: true,
}).extend({ format: z.literal(1), day: z.iso.date(), part: z.int().min(1) });
export type PartRecord = z.infer<typeof PartRecord>;

/** The files of one step of a part that has more of them than are written in one go. */
export const StepRecord = PartRecord.pick({ format: true, day: true, part: true, files: true });
export type StepRecord = z.infer<typeof StepRecord>;

/** How much one part may hold. An object larger than that is a part of its own. */
export interface PartLimits {
  /** Of objects as they lie in landing. */
  readonly bytes: number;
  readonly objects: number;
  /** Files that are written before it is put on record which. */
  readonly files: number;
}

export function planKey(day: string): string {
  return `${PLAN_PREFIX}${day}.json`;
}

/** What the records of a day's parts begin with. */
export function partPrefix(day: string): string {
  return `${PLAN_PREFIX}${day}-`;
}

/** Of part `part`, counted from 1. */
export function partKey(day: string, part: number): string {
  return `${partPrefix(day)}${part}.json`;
}

/** What the records of a part's steps begin with. */
export function stepPrefix(day: string, part: number): string {
  return `${partPrefix(day)}${part}-`;
}

/** Of step `step` of a part, both counted from 1. */
export function stepKey(day: string, part: number, step: number): string {
  return `${stepPrefix(day, part)}${step}.json`;
}

/** The bytes of a plan or a record: equal ones have equal bytes. */
export function planBytes(plan: Plan | PartRecord | StepRecord): Buffer {
  return Buffer.from(`${canonicalJson(plan)}\n`);
}

const PARTITION = new RegExp(`^${LANDING_PREFIX}${LANDING_PARTITION}=(\\d{4}-\\d{2}-\\d{2})/`);

/** The landing partition that a key is in; '' for a key that Firehose would not give, which belongs to every day. */
export function partitionOf(key: string): string {
  return PARTITION.exec(key)?.[1] ?? '';
}

/** Objects in the order given, cut into parts. */
export function partsOf(
  objects: readonly ObjectVersion[],
  limits: Pick<PartLimits, 'bytes' | 'objects'>,
): ObjectVersion[][] {
  const parts: ObjectVersion[][] = [];
  let bytes = 0;
  for (const object of objects) {
    const current = parts.at(-1);
    if (current === undefined || current.length >= limits.objects || bytes + object.size > limits.bytes) {
      parts.push([object]);
      bytes = 0;
    } else current.push(object);
    bytes += object.size;
  }
  return parts;
}
