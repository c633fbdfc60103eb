import type { EventType } from '../../taxonomy.ts';
import { type Deed, deedOf, type Kind, typeOfDeed, wordsOf } from '../verbs.ts';

/** Verbs that mean something else at Fleet than at most vendors: what they do is done on a host, or to a setting. */
const VERBS: Readonly<Record<string, Deed>> = {
  ran: 'update',
  scheduled: 'update',
  installed: 'update',
  uninstalled: 'update',
  resent: 'update',
  cleared: 'update',
  escrowed: 'update',
  refetch: 'update',
  refetched: 'update',
  retrieved: 'read',
  wiped: 'delete',
  live: 'query',
};

const INTEGRATION =
  /^(proxy|scep|est|digicert|hydrant|smallstep|vpp|abm|integration|okta|jira|zendesk|webhook|idp|oidc)$/;
const SECURITY =
  /^(policy|policies|profiles?|options|secrets|version|updates?|setup|mdm|encryption|gitops|access|enforcement|setting|settings)$/;

/** The EMM type of an activity that is in no table, by its verb, the first word as a rule, and its nouns; null without a verb. */
export function guessType(action: string): EventType | null {
  const words = wordsOf(action);
  const [verb = ''] = words;
  // What was called off, or did not come about, changed nothing.
  if (verb === 'canceled' || verb === 'failed') return null;
  if (words.includes('login') || words.includes('logged')) return typeOfDeed(deedOf(action), 'user');
  const isToggle = verb === 'enabled' || verb === 'disabled';
  const kind = kindOf(words);
  if (isToggle && kind === 'integration') return verb === 'enabled' ? 'create_integration' : 'delete_integration';
  if (isToggle) return 'update_security_configuration';
  if (kind === 'role')
    return verb.startsWith('delete') || verb.startsWith('remove') ? 'remove_permission' : 'add_permission';
  const deed = deedIn(words);
  return typeOfDeed(deed, deed === 'read' ? 'resource' : kind);
}

function deedIn(words: readonly string[]): Deed | undefined {
  if (words.includes('enrolled')) return 'create';
  if (words.includes('unenrolled')) return 'delete';
  const [verb = ''] = words;
  return (Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined) ?? deedOf(words.join('_'));
}

function kindOf(words: readonly string[]): Kind {
  const last = words.at(-1) ?? '';
  if (words.includes('enrolled') || words.includes('unenrolled')) return 'resource';
  if (last === 'role') return 'role';
  if (words.includes('user') && !words.includes('auth')) return 'user';
  if (/^(team|fleet)s?$/.test(last)) return 'group';
  if (words.some((word) => INTEGRATION.test(word)) || words.includes('activity')) return 'integration';
  // Keys and passwords are those of one host.
  if (/^(key|password)$/.test(last)) return 'resource';
  return words.some((word) => SECURITY.test(word)) ? 'security_configuration' : 'resource';
}
