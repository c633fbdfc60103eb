import type { EventType } from '../../shared/taxonomy.ts';

/** What events of a type report: "No source you collect reports downloads". */
export const TYPE_WORDS: Readonly<Record<EventType, string>> = {
  account_login: 'sign-ins',
  account_logout: 'sign-outs',
  mfa_verification: 'second factors',
  create_user: 'new users',
  read_user: 'look-ups of users',
  update_user: 'changed users',
  delete_user: 'deleted users',
  create_group: 'new groups',
  read_group: 'look-ups of groups',
  update_group: 'changed groups',
  delete_group: 'deleted groups',
  add_to_group: 'new group members',
  remove_from_group: 'removed group members',
  create_role: 'new roles',
  read_role: 'look-ups of roles',
  update_role: 'changed roles',
  delete_role: 'deleted roles',
  add_permission: 'granted permissions',
  remove_permission: 'revoked permissions',
  add_enrollment: 'new enrollments',
  remove_enrollment: 'removed enrollments',
  create_security_configuration: 'new security settings',
  read_security_configuration: 'look-ups of security settings',
  update_security_configuration: 'changed security settings',
  delete_security_configuration: 'deleted security settings',
  create_integration: 'new integrations',
  read_integration: 'look-ups of integrations',
  update_integration: 'changed integrations',
  delete_integration: 'deleted integrations',
  create_resource: 'new files and resources',
  read_resource: 'opened files and resources',
  update_resource: 'changed files and resources',
  delete_resource: 'deleted files and resources',
  download_resource: 'downloads',
  query_resource: 'searches and queries',
};

/** What an investigator asks for first, the most telling first. */
const TELLING: readonly EventType[] = [
  'account_login',
  'download_resource',
  'add_permission',
  'update_security_configuration',
  'mfa_verification',
  'add_to_group',
  'create_integration',
  'remove_enrollment',
  'create_user',
  'delete_resource',
];

/** The types with the most telling first, else in the order given. */
export function byWeight<T extends { readonly type: EventType }>(cells: readonly T[]): T[] {
  const weight = ({ type }: T) => (TELLING.includes(type) ? TELLING.indexOf(type) : TELLING.length);
  return cells.toSorted((a, b) => weight(a) - weight(b));
}

/** "a", "a and b", "a, b and c" */
export function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
