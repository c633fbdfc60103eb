import type { EventFacts } from '../../event/schema.ts';
import { scalarText } from '../../json.ts';
import type { Source } from '../source.ts';
import { deedOf, typeOfDeed } from '../verbs.ts';
import { ACTIONS, AuditRecord } from './record.ts';

/** Annals' own audit log: administrative acts and refused attempts. */
export const annalsAudit: Source = {
  name: 'annals.audit',
  product: 'annals',
  title: 'Annals itself',
  defaultTier: 'indefinite',
  defaultOrigin: 'annals',
  lag: 'immediate',
  vendorKeeps: 'as long as Annals keeps it',
  order: 'none',
  cursor: 'none',
  eventId: 'id',
  types: [...new Set(Object.values(ACTIONS).filter((type) => type !== null))],
  actions: ACTIONS,
  guess: (action) =>
    action.startsWith('access.un')
      ? 'account_login'
      : action.endsWith('.backfill')
        ? 'update_integration'
        : // What is done stands last: `export.create` creates, and a search may be shared.
          typeOfDeed(
            deedOf(action.replace(/^.*\./, '')),
            /^(key|connection)\./.test(action) ? 'integration' : 'resource',
          ),
  fields: { id: 'string', time: 'string', action: 'string', outcome: 'string', actor: 'object', target: 'object' },
  notLogged: ['Queries: who read which events', 'SQL in Athena, which CloudTrail records'],
  suggestedSearch: { name: 'What was refused', query: { outcome: 'failure' } },
  normalize(raw) {
    const parsed = AuditRecord.safeParse(raw);
    if (!parsed.success) {
      const action = scalarText(raw['action'])?.slice(0, 1024) ?? 'unknown';
      return [
        {
          raw,
          facts: { type: null, action, outcome: 'unknown', actor: { type: 'unknown' }, targets: [], changes: [] },
        },
      ];
    }
    const { id, time, target, changes = [], ...facts } = parsed.data;
    const targets = target ? [target] : [];
    const mapped: EventFacts = { ...facts, type: ACTIONS[facts.action], targets, changes };
    return [{ time, vendorId: id, raw, facts: mapped }];
  },
};
