import { account, DAY, FILES, type Happening, MINUTE, SIGN_IN } from './happening.ts';
import { PEOPLE, type Person } from './people.ts';

/** Nine wrong passwords from an unknown place, then one that fits, and a new way in. */
export function guessedPassword(midnight: number): Happening[] {
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
export function leavingContractor(midnight: number): Happening[] {
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

/** The last hour, so that the newest page has something of today. */
export function recently(now: number): Happening[] {
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

function findPerson(name: string): Person {
  const found = PEOPLE.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there is nobody called ${name}`);
  return found;
}
