import { EVENT_TYPES, type EventType } from '../../taxonomy.ts';
import { guesser, type NounRules, tableLookup } from '../m365/operation.ts';
import type { ActionTable } from '../source.ts';

/**
 * The operations of Entra ID as it writes them, most with a final full stop
 * (https://learn.microsoft.com/purview/audit-log-activities), and their EMM types. What depends on more than the
 * operation, multi-factor authentication, is refined in refine.ts.
 */
export const ACTIONS: ActionTable = {
  // Signing in
  UserLoggedIn: 'account_login',
  UserLoginFailed: 'account_login',
  UserLoggedOff: 'account_logout',

  // Users
  'Add user.': 'create_user',
  'Delete user.': 'delete_user',
  'Update user.': 'update_user',
  'Change user license.': 'update_user',
  'Change user password.': 'update_user',
  'Reset user password.': 'update_user',
  'Set force change user password.': 'update_user',
  'Set license properties.': 'update_user',

  // Groups
  'Add group.': 'create_group',
  'Update group.': 'update_group',
  'Delete group.': 'delete_group',
  'Add member to group.': 'add_to_group',
  'Remove member from group.': 'remove_from_group',

  // Roles
  'Add member to role.': 'add_permission',
  'Remove member from role.': 'remove_permission',
  'Add role definition.': 'create_role',
  'Update role definition.': 'update_role',
  'Delete role definition.': 'delete_role',

  // Policies
  'Add policy.': 'create_security_configuration',
  'Update policy.': 'update_security_configuration',
  'Delete policy.': 'delete_security_configuration',
  'Add conditional access policy.': 'create_security_configuration',
  'Update conditional access policy.': 'update_security_configuration',
  'Delete conditional access policy.': 'delete_security_configuration',

  // Applications and what they may do
  'Add application.': 'create_integration',
  'Update application.': 'update_integration',
  'Delete application.': 'delete_integration',
  'Add service principal.': 'create_integration',
  'Update service principal.': 'update_integration',
  'Remove service principal.': 'delete_integration',
  'Add service principal credentials.': 'update_integration',
  'Remove service principal credentials.': 'update_integration',
  'Add delegation entry.': 'create_integration',
  'Set delegation entry.': 'update_integration',
  'Remove delegation entry.': 'delete_integration',
  'Consent to application.': 'create_integration',

  // The organization: domains, partners, federation
  'Add domain to company.': 'create_security_configuration',
  'Update domain.': 'update_security_configuration',
  'Verify domain.': 'update_security_configuration',
  'Verify email verified domain.': 'update_security_configuration',
  'Remove domain from company.': 'delete_security_configuration',
  'Add partner to company.': 'create_security_configuration',
  'Remove partner from company.': 'delete_security_configuration',
  'Set domain authentication.': 'update_security_configuration',
  'Set federation settings on domain.': 'update_security_configuration',
  'Set password policy.': 'update_security_configuration',
  'Set DirSyncEnabled flag.': 'update_security_configuration',
  'Set company information.': 'update_security_configuration',
  'Set company contact information.': 'update_resource',
};

/** The EMM types that events of this source can have. */
export const MAPPED_TYPES: readonly EventType[] = EVENT_TYPES.filter(
  (type) =>
    Object.values(ACTIONS).includes(type) ||
    ['mfa_verification', 'add_enrollment', 'remove_enrollment', 'create_resource', 'delete_resource'].includes(type),
);

const NOUNS: NounRules = [
  [/^user log(ged|in|in failed)?\b/, 'resource'],
  [/disable strong authentication/, 'remove_enrollment'],
  [/strong authentication|security info|authentication method|authentication phone/, 'enrollment'],
  [/app role assignment|(to|from|in) role\b|member (to|from|in)\b.*role/, 'permission'],
  [/(member|owner)s? (to|from) group/, 'membership'],
  [/credential|certificates and secrets/, 'update_integration'],
  [/contact information/, 'resource'],
  [
    /policy|domain|partner|company|federation|dir sync|setting|named location|tenant|certificate/,
    'security_configuration',
  ],
  [/role/, 'role'],
  [/service principal|application|delegation|delegated|o ?auth|consent|\bapp\b/, 'integration'],
  [/device|administrative unit/, 'resource'],
  [/group/, 'group'],
  [/user|account|license|password/, 'user'],
];

export const typeInTable = tableLookup(ACTIONS);
/** The EMM type of an operation that is not in the table, by its noun and verb. */
export const guessType = guesser(NOUNS, MAPPED_TYPES);
