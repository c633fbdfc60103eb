import type { EventType } from '../../../shared/taxonomy.ts';
import { APPLICATIONS, type Application, PEOPLE, type Person } from './people.ts';
import { Random } from './random.ts';

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

interface Happening {
  readonly at: number;
  readonly who: Person;
  readonly where: Application;
  readonly type: EventType;
  readonly action: string;
  readonly story: string;
  readonly outcome?: 'success' | 'failure';
  readonly more?: Readonly<Record<string, unknown>>;
}

const SEED = 20_261_122;
const DAYS = 29;
const MINUTE = 60_000;
const DAY = 86_400_000;
const SIGN_IN = 'signed in with a second factor';
const GROUPS = ['finance', 'sales', 'engineering', 'support', 'contractors'] as const;
const FILES = [
  ['driftbox', 'Q3 forecast.xlsx'],
  ['driftbox', 'Pricing 2027.pdf'],
  ['driftbox', 'Offsite agenda.docx'],
  ['driftbox', 'Security questionnaire.docx'],
  ['tallybook', 'Invoices October.csv'],
  ['tallybook', 'Payroll November.csv'],
  ['clientry', 'Customer list EMEA.csv'],
  ['forgepad', 'billing-service.zip'],
] as const;
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
    for (const who of PEOPLE) if (random.chance(0.62)) happenings.push(...workday(who, midnight, random));
    if (back % 4 === 0) happenings.push(...administration(midnight, random));
  }
  happenings.push(...guessedPassword(today - 9 * DAY), ...leavingContractor(today - 3 * DAY), ...recently(now));
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
  if (random.chance(0.5)) {
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

/** Nine wrong passwords from an unknown place, then one that fits, and a new way in. */
function guessedPassword(midnight: number): Happening[] {
  const who = findPerson('Ingrid Dahl');
  const story = 'somebody guessed a password';
  const from = {
    ip: '203.0.113.250',
    location: { country: 'RO', city: 'Cluj' },
    device: { name: 'unknown', type: 'browser' },
  };
  const start = midnight + 3 * 60 * MINUTE;
  const attempts = Array.from(
    { length: 9 },
    (_, index): Happening => ({
      at: start + index * 20_000,
      who,
      where: 'gatehouse',
      type: 'account_login',
      action: 'user.login',
      outcome: 'failure',
      story,
      more: { ...from, reason: 'wrong password' },
    }),
  );
  const session = 's-700700';
  return [
    ...attempts,
    {
      at: start + 200_000,
      who,
      where: 'gatehouse',
      type: 'account_login',
      action: 'user.login',
      story,
      more: { ...from, session },
    },
    {
      at: start + 260_000,
      who,
      where: 'gatehouse',
      type: 'add_enrollment',
      action: 'mfa.enroll',
      story,
      more: { ...from, session, targets: [account(who)], mfa: { method: 'totp', enrollment: 'new phone' } },
    },
  ];
}

/** A contractor takes files along on the last evening; the account is closed the morning after. */
function leavingContractor(midnight: number): Happening[] {
  const who = findPerson('Victor Hale');
  const admin = findPerson('Jane Whitlock');
  const story = 'a contractor leaves';
  const evening = midnight + 21 * 60 * MINUTE;
  const morning = midnight + DAY + 8 * 60 * MINUTE;
  const session = 's-911911';
  return [
    { at: evening, who, where: 'gatehouse', type: 'account_login', action: 'user.login', story, more: { session } },
    ...FILES.map(
      ([where, name], index): Happening => ({
        at: evening + (index + 1) * 40_000,
        who,
        where,
        type: 'download_resource',
        action: 'file.download',
        story,
        more: { session, targets: [{ type: 'file', id: `file-${index + 1}`, name }] },
      }),
    ),
    {
      at: morning,
      who: admin,
      where: 'gatehouse',
      type: 'remove_from_group',
      action: 'group.membership',
      story,
      more: { targets: [account(who), { type: 'group', id: 'contractors', name: 'contractors' }] },
    },
    {
      at: morning + MINUTE,
      who: admin,
      where: 'gatehouse',
      type: 'delete_user',
      action: 'user.delete',
      story,
      more: { targets: [account(who)] },
    },
  ];
}

function recently(now: number): Happening[] {
  const admin = findPerson('Tomas Okafor');
  return [
    {
      at: now - 50 * MINUTE,
      who: admin,
      where: 'gatehouse',
      type: 'account_login',
      action: 'user.login',
      story: SIGN_IN,
      more: { mfa: { method: 'webauthn' } },
    },
    {
      at: now - 40 * MINUTE,
      who: admin,
      where: 'forgepad',
      type: 'create_integration',
      action: 'integration.install',
      story: 'connected another service',
      more: { targets: [{ type: 'integration', id: 'build-bot', name: 'Build bot' }] },
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

function account({ name, email }: Person): object {
  return { type: 'user', name, email };
}

function findPerson(name: string): Person {
  const found = PEOPLE.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there is nobody called ${name}`);
  return found;
}
