import type { EventType } from '../taxonomy.ts';

/** What an action does, by the verbs that vendors use. */
export type Deed =
  | 'create'
  | 'read'
  | 'update'
  | 'delete'
  | 'download'
  | 'query'
  | 'login'
  | 'logout'
  | 'add'
  | 'remove';

/** Verbs in any form that vendors write them in; whole words only, the first that is found decides. */
const VERBS: readonly (readonly [Deed, RegExp])[] = [
  ['logout', /^(log_?out|logoff|sign_?out)(ed)?$/],
  ['login', /^(log_?in|logon|sign_?in)(ed)?$/],
  ['download', /^(download|export)(s|ed)?$/],
  ['query', /^(query|queries|queried|search|searched)$/],
  ['delete', /^(delete|destroy|purge|erase|uninstall|unregister|revoke|disconnect)(s|d|ed)?$/],
  ['remove', /^(remove|unassign|detach|unenroll|withdraw|kick)(s|d|ed)?$/],
  ['create', /^(create|new|register|install|provision|publish|upload|import|clone|copy|fork|open|generate)(s|d|ed)?$/],
  ['add', /^(add|assign|attach|enroll|grant|invite|join)(s|d|ed)?$/],
  ['read', /^(read|view|get|list|preview|access|show)(s|ed)?$/],
  [
    'update',
    /^(update|edit|modify|modified|change|set|rename|move|transfer|enable|disable|reset|restore|archive|unarchive|lock|unlock|activate|deactivate|suspend|unsuspend|configure|toggle|turn|apply|applied|rotate|mark|resolve|close|reopen|approve|reject|dismiss)(s|d|ed)?$/,
  ],
];

/** The words of an action's name, in lower case: `UserLoggedIn`, `user.logged_in` and `USER_LOGGED_IN` alike. */
export function wordsOf(action: string): string[] {
  return action
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, ' ')
    .replace(/(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** What an action does, by the first verb among its words; undefined when it has none that is known. */
export function deedOf(action: string): Deed | undefined {
  const words = wordsOf(action);
  // "log in" and "sign out" are two words in most names.
  const pairs = words
    .slice(1)
    .map((word, index) => `${words[index]}${word}`.replace(/^logged/, 'log').replace(/^signed/, 'sign'));
  for (const word of [...pairs, ...words]) {
    const found = VERBS.find(([deed, verb]) => (deed === 'login' || deed === 'logout') && verb.test(word));
    if (found) return found[0];
  }
  for (const word of words) {
    const found = VERBS.find(([, verb]) => verb.test(word));
    if (found) return found[0];
  }
  return undefined;
}

/** What the EMM tells apart; everything else is a resource. */
export type Kind = 'user' | 'group' | 'role' | 'security_configuration' | 'integration' | 'resource';

/** The EMM type of a deed done to a kind of thing; null where the EMM has no word for it. */
export function typeOfDeed(deed: Deed | undefined, kind: Kind): EventType | null {
  if (deed === undefined) return null;
  if (deed === 'login') return 'account_login';
  if (deed === 'logout') return 'account_logout';
  const plain = deed === 'add' ? 'create' : deed === 'remove' ? 'delete' : deed;
  if (plain === 'download' || plain === 'query') return `${plain}_resource`;
  return `${plain}_${kind}`;
}
