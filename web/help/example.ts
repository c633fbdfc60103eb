import type { CanonicalEvent } from '../api/types.ts';

/** An event that shows how one is read. Nobody in it exists. */
export const EXAMPLE: CanonicalEvent = {
  id: '01KAP12Q80XVE6NT4ZQ5YB7M3H',
  time: '2026-11-22T09:30:00.000Z',
  receivedAt: '2026-11-22T09:31:12.402Z',
  tenant: 'main',
  connection: 'octo-org',
  source: 'github.audit',
  product: 'github',
  category: 'authorization',
  type: 'add_to_group',
  action: 'team.add_member',
  outcome: 'success',
  actor: { type: 'user', name: 'Jane Roe', email: 'jane@example.com', role: 'owner' },
  targets: [
    { type: 'user', name: 'octo-bot' },
    { type: 'group', name: 'Admins' },
  ],
  ip: '203.0.113.7',
  changes: [{ attribute: 'role', old: 'member', new: 'maintainer' }],
  tier: 'indefinite',
};

/** What each part of it says: its name in the API, the example's value, and how to read it. */
export const FIELDS: readonly { readonly name: string; readonly value: string; readonly meaning: string }[] = [
  {
    name: 'actor',
    value: 'Jane Roe, owner',
    meaning: 'Who did it: a user, a service, the system itself, or nobody known.',
  },
  { name: 'action', value: EXAMPLE.action, meaning: 'What it was, in the vendor’s own word, unchanged.' },
  {
    name: 'category, type',
    value: 'Authorization, add to group',
    meaning: 'The same in every product, after the SaaS Event Maturity Matrix. “Not mapped” where it fits none.',
  },
  { name: 'targets', value: 'octo-bot, Admins', meaning: 'Whom and what it was done to.' },
  {
    name: 'changes',
    value: 'role: member → maintainer',
    meaning: 'Old and new values, as far as the vendor tells them.',
  },
  {
    name: 'outcome',
    value: 'Succeeded',
    meaning: 'Succeeded, failed, or unknown where the vendor does not say. Many logs have no refused attempts.',
  },
  { name: 'time', value: '09:30:00', meaning: 'When it happened, by the vendor’s clock. Lists are in this order.' },
  {
    name: 'receivedAt',
    value: '09:31:12',
    meaning: 'When Annals first had it. The first telling stays; repeats change nothing.',
  },
  {
    name: 'ip, session, device',
    value: '203.0.113.7',
    meaning: 'Where from. Absent means that the vendor does not say.',
  },
  {
    name: 'source, connection',
    value: 'github.audit, octo-org',
    meaning: 'Which log it is from, and through which account.',
  },
  {
    name: 'raw',
    value: '{ … }',
    meaning: 'The vendor’s event, complete. Secrets that a vendor put into it are replaced.',
  },
  {
    name: 'proof',
    value: 'sealed',
    meaning: 'Whether it lies, signed and locked, in the archive. That takes two to three days.',
  },
];
