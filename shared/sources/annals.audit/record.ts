import { z } from 'zod';
import { Actor, Change, OUTCOMES, Target } from '../../event/schema.ts';
import type { EventType } from '../../taxonomy.ts';

/** What Annals itself does or refuses, and the EMM type of each. */
export const ACTIONS = {
  'key.create': 'create_integration',
  'key.revoke': 'delete_integration',
  'connection.create': 'create_integration',
  'connection.update': 'update_integration',
  'connection.delete': 'delete_integration',
  'connection.test': 'read_integration',
  'connection.backfill': 'update_integration',
  'export.create': 'create_resource',
  'export.download': 'download_resource',
  'hold.create': 'create_resource',
  'hold.release': 'update_resource',
  'search.create': 'create_resource',
  'search.update': 'update_resource',
  'search.share': 'update_resource',
  'search.delete': 'delete_resource',
  'event.delete': 'delete_resource',
  'archive.replay': 'read_resource',
  'access.unauthenticated': 'account_login',
  'access.forbidden': null,
} as const satisfies Record<string, EventType | null>;

/** One act of Annals' own, as it is written down: the raw event of `annals.audit`. */
export const AuditRecord = z.object({
  /** Equal ids are one event: repeated refusals of the same caller within a minute count once. */
  id: z.string(),
  time: z.string(),
  action: z.enum(Object.keys(ACTIONS) as [keyof typeof ACTIONS]),
  outcome: z.enum(OUTCOMES),
  actor: Actor,
  target: Target.optional(),
  ip: z.string().min(1).max(64).optional(),
  userAgent: z.string().min(1).max(1024).optional(),
  reason: z.string().min(1).max(1024).optional(),
  changes: z.array(Change).optional(),
});
export type AuditRecord = z.infer<typeof AuditRecord>;
