import type { EventType } from '../../taxonomy.ts';
import { type Deed, deedOf, type Kind, typeOfDeed, wordsOf } from '../verbs.ts';

/** Verbs that mean something else at Ardexa than at most vendors. */
const VERBS: Readonly<Record<string, Deed>> = {
  send: 'create',
  get: 'download',
  refresh: 'read',
  run: 'query',
  bulk: 'query',
  start: 'update',
  stop: 'update',
};

const USER = /^(user|users|me|member|members|membership|profile|account|password|email|invite|invited)$/;
const GROUP = /^(group|groups|org|organisation|organization|workgroup|workgroups)$/;
const SECURITY =
  /^(setting|settings|config|configuration|certificate|certificates|policy|network|security|token|tokens|access)$/;
const INTEGRATION = /^(plugin|plugins|integration|integrations|external|source|sources|install|uninstall)$/;

/** The EMM type of an action that is not documented, by its verb and its nouns; null without a verb. */
export function guessType(action: string): EventType | null {
  const words = wordsOf(action);
  if (words.includes('mfa')) return 'mfa_verification';
  if (words.includes('share')) return 'add_permission';
  if (words.includes('unshare')) return 'remove_permission';
  if (words.includes('accept')) return 'add_to_group';
  if (words.some((word) => /^(tunnel|session)$/.test(word))) {
    return words.some((word) => /^(close|stop|end)$/.test(word)) ? null : 'read_resource';
  }
  if (words.some((word) => /^(cmd|command|script)$/.test(word))) return 'update_resource';
  return typeOfDeed(deedIn(words), kindOf(words));
}

/** The EMM type of an action on something that the documentation does not have; null where the name says too little. */
export function guessOn(action: string, things: readonly string[]): EventType | null {
  const kind = kindOf(things.flatMap(wordsOf));
  return kind === 'resource' ? null : typeOfDeed(deedOf(action), kind);
}

function deedIn(words: readonly string[]): Deed | undefined {
  const [verb = ''] = words;
  return (Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined) ?? deedOf(words.join('_'));
}

function kindOf(words: readonly string[]): Kind {
  const has = (kind: RegExp) => words.some((word) => kind.test(word));
  if (has(USER)) return 'user';
  if (has(SECURITY)) return 'security_configuration';
  if (has(INTEGRATION)) return 'integration';
  return has(GROUP) ? 'group' : 'resource';
}
