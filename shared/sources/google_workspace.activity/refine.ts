import type { EventType } from '../../taxonomy.ts';
import { type Parameters, textOf, textsOf } from './parameters.ts';

/** Challenges that are passed without a second factor, or that are none. */
const FIRST_FACTORS = new Set([
  'captcha',
  'deny',
  'extended_botguard',
  'none',
  'oidc',
  'other',
  'outdated_app_warning',
  'password',
  'recaptcha',
  'saml',
  'time_delay',
]);

/** The challenges of a sign-in that go beyond a password. */
export function secondFactorsOf(given: Parameters): string[] {
  return textsOf(given, 'login_challenge_method').filter((method) => !FIRST_FACTORS.has(method));
}

/** The type of an event where that depends on its parameters, the table giving the likeliest. */
export function refineType(
  application: string,
  action: string,
  type: EventType | null,
  given: Parameters,
): EventType | null {
  if (type === 'add_permission') return isNarrowed(application, action, given) ? 'remove_permission' : type;
  if (application === 'login' && (action === 'login_success' || action === 'login_failure')) {
    return secondFactorsOf(given).length > 0 ? 'mfa_verification' : type;
  }
  if (application === 'mobile' && action === 'DEVICE_REGISTER_UNREGISTER_EVENT') {
    return textOf(given, 'account_state')?.toUpperCase() === 'UNREGISTERED' ? 'delete_resource' : type;
  }
  return type;
}

/** What people may do with a file, from least to most. */
const ROLES = ['none', 'can_view', 'can_comment', 'can_edit', 'owner'];
/** Who may see a file, from fewest to most. */
const VISIBILITIES = [
  'private',
  'shared_explicitly',
  'shared_internally',
  'people_within_domain_with_link',
  'public_in_the_domain',
  'shared_externally',
  'people_with_link',
  'public_on_the_web',
];
/** What members of a shared drive may do. */
const MEMBERS = ['none', 'reader', 'commenter', 'contributor', 'editor', 'content_manager', 'organizer'];
/** Who may change a file's access: `owner` keeps it to the owner. */
const SHARERS = ['owner', 'writers'];

const SCALES = [ROLES, VISIBILITIES, MEMBERS];
const NOBODY = new Set(['none', 'private', 'no_access']);
const REMOVALS = new Set(['remove_from_shared_drive', 'remove_from_team_drive']);

/** True when access was taken away: none is left, or less than before. */
function isNarrowed(application: string, action: string, given: Parameters): boolean {
  if (application === 'calendar') return NOBODY.has(textOf(given, 'access_level')?.toLowerCase() ?? '');
  if (application !== 'drive' && application !== 'data_studio') return false;
  if (action === 'change_owner') return false;
  const change = textOf(given, 'membership_change_type');
  if (change !== undefined && REMOVALS.has(change)) return true;
  const before = values(given, 'old_value', 'removed_role');
  const after = values(given, 'new_value', 'added_role');
  if (change === 'add_to_shared_drive' || after.length === 0) return false;
  if (after.every((value) => NOBODY.has(value))) return true;
  return (action === 'change_acl_editors' ? [SHARERS] : SCALES).some((scale) => isLess(scale, before, after));
}

function values(given: Parameters, ...names: readonly string[]): string[] {
  return names.flatMap((name) => textsOf(given, name)).map((text) => text.toLowerCase());
}

function isLess(scale: readonly string[], before: readonly string[], after: readonly string[]): boolean {
  const [was, is] = [before, after].map((list) => list.map((value) => scale.indexOf(value)));
  if (was === undefined || is === undefined || was.length === 0) return false;
  return !was.includes(-1) && !is.includes(-1) && Math.max(...is) < Math.max(...was);
}
