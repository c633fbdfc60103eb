import type { EventType } from '../../taxonomy.ts';
import type { Kind } from '../verbs.ts';

/** Event types that are told by the whole of their names; the first that fits decides. */
const WHOLE: readonly (readonly [RegExp, EventType | null])[] = [
  // Alerts, notices, and what was not allowed
  [
    /_(BLOCKED|JUSTIFIED|JUSTIFICATION|VIOLATION|RESTRICTED|DETECTION|MALICIOUS)(_|$)|_ALERT$|ABNORMAL|CHECK_FAILED|^EDR_/,
    null,
  ],
  [/DEVICE_ASSOCIATION|_TOKEN_REVOKE|^TERMS_|_REJECT$|_(SEND|FORWARDED)$|REDIRECT/, null],

  [/^REMOVE_LOGIN|LOGOUT/, 'account_logout'],
  [/LOGIN|TOKEN_CREATE$/, 'account_login'],
  [/DISABLE_.*FACTOR|FACTOR.*_DISABLE/, 'remove_enrollment'],
  [/_FACTOR_/, 'add_enrollment'],

  [/^GROUP_ADD_USER/, 'add_to_group'],
  [/^GROUP_REMOVE_USER/, 'remove_from_group'],
  [/_EXPIRATION$|_SHARED_UPDATE$/, 'update_resource'],
  [/UNSHARE|COLLAB.*REMOVE|ACCESS_REVOKED|^GROUP_(REMOVE_|ADMIN_(DELETED|REMOVED))/, 'remove_permission'],
  [
    /^SHARE|_SHARED|COLLAB\w*_(ADD|INVITE|ACCEPT|ROLE)|ACCESS_GRANTED|_(ROLE|PERMISSION)$|INVITE_ACCEPT|^GROUP_(ADD_|ADMIN_)/,
    'add_permission',
  ],
  [/^BOX_AI_/, 'query_resource'],
];

/** What the name speaks of; everything else is a resource. */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/POLICY|RETENTION|LEGAL_HOLD|^SHIELD_|AUTOMATION|SECURITY_SETTINGS/, 'security_configuration'],
  [/^APPLICATION_|_APP_/, 'integration'],
  [/^GROUP_/, 'group'],
  [/_USER$|^EMAIL_ALIAS/, 'user'],
];

type Verb = 'create' | 'read' | 'update' | 'delete' | 'download';

/** Verbs, mostly at the end of a name; the first that fits decides. */
const VERBS: readonly (readonly [Verb, RegExp])[] = [
  ['update', /UNDELETE|UNSYNC|^LOCK_|_KEY_|ALIAS/],
  ['download', /(^|_)(DOWNLOAD|SYNC)(ED)?$/],
  ['read', /(^|_)(PREVIEW|OPEN|ACCESS)$|_VIEWED(_|$)/],
  ['delete', /(^|_)(DELETE|DELETED|DELETION|REMOVE|REMOVED|TRASH|DESTROY)(_|$)/],
  ['create', /(^|_)(CREATE|CREATED|CREATION|NEW|ADD|ADDED|COPY|UPLOAD|INITIATE)(_RETENTION|_USER|$)/],
  [
    'update',
    /(^|_)(UPDATE|UPDATED|EDIT|EDITED|MODIFY|RENAME|MOVE|LOCK|UNLOCK|RESTORE|ENABLED|DISABLED|APPLY|PENDING|SETTINGS|VERSION|FAVORITE|UNFAVORITE|TRANSFER\w*)(_USER|$)|^SIGN_DOCUMENT_/,
  ],
];

/** The EMM type of an event type that is in no table, by its words; null without a verb. */
export function guessType(action: string): EventType | null {
  // Box has no names of such a length.
  if (action.length > 200) return null;
  const whole = WHOLE.find(([name]) => name.test(action));
  if (whole !== undefined) return whole[1];
  const verb = VERBS.find(([, name]) => name.test(action))?.[0];
  if (verb === undefined) return null;
  const kind = KINDS.find(([name]) => name.test(action))?.[1] ?? 'resource';
  if (verb === 'download' || verb === 'read') return `${verb}_resource`;
  // An application that is gone would be an integration that this log has never told of.
  return kind === 'integration' && verb === 'delete' ? 'update_integration' : `${verb}_${kind}`;
}
