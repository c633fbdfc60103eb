import type { EventType } from '../../../shared/taxonomy.ts';
import { account, DAY, FILES, type Happening, MINUTE, SIGN_IN } from './happening.ts';
import { APPLICATIONS, PEOPLE, type Person } from './people.ts';
import { Random } from './random.ts';
import { guessedPassword, leavingContractor, recently } from './stories.ts';

/** An event as an application sends it to `POST /v1/events`. */
export interface DemoEvent {
  readonly id: string;
  readonly time: string;
  readonly source: string;
  readonly product: string;
  readonly type: EventType;
  readonly action: string;
  readonly outcome: 'success' | 'failure';
  readonly actor: { readonly type: 'user'; readonly name: string; readonly email: string; readonly role: string };
  readonly raw: { readonly demo: true; readonly story: string };
  readonly [field: string]: unknown;
}

const SEED = 20_261_122;
const DAYS = 29;
/** Days ago. */
const CONTRACTOR_LEAVES = 3;
const GROUPS = ['finance', 'sales', 'engineering', 'support', 'contractors'] as const;
const SETTINGS = [
  ['gatehouse', 'session.lifetime_hours', '12', '8'],
  ['gatehouse', 'mfa.required', 'false', 'true'],
  ['driftbox', 'sharing.external_links', 'allowed', 'expire after 7 days'],
  ['clientry', 'export.limit_rows', '50000', '5000'],
  ['forgepad', 'branch_protection.main', 'off', 'on'],
  ['tallybook', 'approval.threshold_eur', '5000', '1000'],
] as const;

/**
 * About 500 events of the 30 days before `now` (epoch milliseconds): a made-up company at work, with a few things in it
 * that are worth finding. The same at every call but for the dates; no event is later than `now`.
 */
export function demoEvents(now: number): DemoEvent[] {
  const random = new Random(SEED);
  const today = Math.floor(now / DAY) * DAY;
  const happenings: Happening[] = [];
  for (let back = DAYS; back >= 1; back--) {
    const midnight = today - back * DAY;
    const people = back > CONTRACTOR_LEAVES ? PEOPLE : PEOPLE.filter(({ role }) => role !== 'contractor');
    for (const who of people) if (random.chance(0.55)) happenings.push(...workday(who, midnight, random));
    if (back % 3 === 0) happenings.push(...administration(midnight, random));
  }
  happenings.push(
    ...guessedPassword(today - 9 * DAY),
    ...leavingContractor(today - CONTRACTOR_LEAVES * DAY),
    ...recently(now),
  );
  happenings.sort((a, b) => a.at - b.at);
  return happenings.map(toEvent);
}

function workday(who: Person, midnight: number, random: Random): Happening[] {
  let at = midnight + random.integer(7 * 60, 10 * 60) * MINUTE;
  const session = `s-${random.integer(100_000, 999_999)}`;
  const mfa = { method: random.pick(['totp', 'webauthn', 'push']) };
  const happenings: Happening[] = [];
  const add = (story: string, happening: Omit<Happening, 'at' | 'who' | 'story'>) => {
    happenings.push({ ...happening, at, who, story, more: { session, ...happening.more } });
    at += random.integer(3, 110) * MINUTE;
  };
  if (random.chance(0.12))
    add('mistyped the password', {
      where: 'gatehouse',
      type: 'account_login',
      action: 'user.login',
      outcome: 'failure',
      more: { session: undefined, reason: 'wrong password' },
    });
  add(SIGN_IN, {
    where: 'gatehouse',
    type: 'account_login',
    action: 'user.login',
    more: { mfa, identityProvider: 'gatehouse' },
  });
  for (let rest = random.integer(0, 2); rest > 0; rest--) {
    const [where, name] = random.pick(FILES);
    const targets = [{ type: 'file', id: `file-${FILES.findIndex(([, one]) => one === name) + 1}`, name }];
    const isDownload = random.chance(0.6);
    add(isDownload ? 'downloaded a file' : 'edited a file', {
      where,
      type: isDownload ? 'download_resource' : 'update_resource',
      action: isDownload ? 'file.download' : 'file.edit',
      more: { targets },
    });
  }
  if (random.chance(0.2)) add('signed out', { where: 'gatehouse', type: 'account_logout', action: 'user.logout' });
  return happenings;
}

function administration(midnight: number, random: Random): Happening[] {
  const who = random.pick(PEOPLE.filter(({ role }) => role === 'admin'));
  const whom = random.pick(PEOPLE.filter(({ role }) => role === 'member' || role === 'manager'));
  const group = random.pick(GROUPS);
  const [where, attribute, old, value] = random.pick(SETTINGS);
  const start = midnight + random.integer(13 * 60, 16 * 60) * MINUTE;
  const common = { who, where: 'gatehouse' as const };
  return [
    {
      ...common,
      at: start,
      type: random.chance(0.7) ? 'add_to_group' : 'remove_from_group',
      action: 'group.membership',
      story: 'changed who is in a group',
      more: { targets: [account(whom), { type: 'group', id: group, name: group }] },
    },
    {
      ...common,
      at: start + 2 * MINUTE,
      type: 'update_role',
      action: 'role.assign',
      story: 'changed a role',
      more: { targets: [account(whom)], changes: [{ attribute: 'role', old: 'member', new: 'editor' }] },
    },
    {
      ...common,
      at: start + 5 * MINUTE,
      where: 'driftbox',
      type: 'add_permission',
      action: 'folder.share',
      story: 'granted access to a folder',
      more: {
        targets: [{ type: 'folder', id: 'folder-12', name: 'Board' }, account(whom)],
        changes: [{ attribute: 'access', new: 'read' }],
      },
    },
    {
      ...common,
      at: start + 9 * MINUTE,
      where,
      type: 'update_security_configuration',
      action: 'settings.update',
      story: 'changed a setting',
      more: {
        targets: [{ type: 'setting', id: attribute, name: attribute }],
        changes: [{ attribute, old, new: value }],
      },
    },
  ];
}

function toEvent(
  { at, who, where, type, action, story, outcome = 'success', more }: Happening,
  index: number,
): DemoEvent {
  return {
    id: `demo-${String(index + 1).padStart(4, '0')}`,
    time: new Date(at).toISOString(),
    source: `custom.demo-${where}`,
    product: APPLICATIONS[where],
    type,
    action,
    outcome,
    actor: { type: 'user', name: who.name, email: who.email, role: who.role },
    ip: who.ip,
    location: { country: who.country, city: who.city },
    device: { name: who.device, type: 'laptop' },
    ...more,
    raw: { demo: true, story },
  };
}
