import { z } from 'zod';

/** What asking one stream for one event came to. */
export const StreamTest = z.strictObject({
  stream: z.string(),
  ok: z.boolean(),
  /** How many events of the last day came; vendors that can be asked for one give one. */
  events: z.int(),
  /** When the newest of these happened. */
  newest: z.string().optional(),
  /** What is wrong: a word, what was said, and what to do. */
  code: z.string().optional(),
  message: z.string().optional(),
  advice: z.string().optional(),
});
export type StreamTest = z.infer<typeof StreamTest>;

export const ConnectionTest = z.strictObject({
  ok: z.boolean(),
  streams: z.array(StreamTest),
  /** How far the vendor's clock is ahead of ours; 0 where it can't be told. */
  skewSeconds: z.int(),
});
export type ConnectionTest = z.infer<typeof ConnectionTest>;
