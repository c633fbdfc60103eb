import type { EventType } from '../../taxonomy.ts';
import type { ActionTable } from '../source.ts';
import { type Deed, deedOf, type Kind, typeOfDeed, wordsOf } from '../verbs.ts';

/** What an operation is about: a kind of thing, or, where its verb says nothing, the EMM type itself. */
export type Noun = Kind | 'membership' | 'permission' | 'enrollment' | EventType | null;
/** Tried in order against the words of an operation in lower case: `site collection admin added`. */
export type NounRules = readonly (readonly [RegExp, Noun])[];

const KINDS: ReadonlySet<string> = new Set<Kind>([
  'user',
  'group',
  'role',
  'security_configuration',
  'integration',
  'resource',
]);

/** Verbs that Microsoft uses and few others do. */
const OWN_VERBS: readonly (readonly [RegExp, Deed])[] = [
  [/^(recycled|deletion|purged)$/, 'delete'],
  [/^(copied|sent|send|creation|consent|submit|submitted|invited)$/, 'create'],
  [/^(bind|retrieved|prefetched|signaled|visited|used|listed)$/, 'read'],
  [/^(interaction|executed)$/, 'query'],
  [
    /^(verify|verified|checked|release|upgraded|suspension|suspended|accepted|toggled|broken|allow|disallow|start|stop)$/,
    'update',
  ],
];

/** An operation as it is compared: Entra ID ends names in a full stop, and not everywhere; case varies too. */
export function foldOperation(operation: string): string {
  return operation.trim().replace(/\.$/, '').toLowerCase();
}

/** Looks an operation up in a table, whatever its case and final full stop; undefined where it is not in it. */
export function tableLookup(actions: ActionTable): (operation: string) => EventType | null | undefined {
  const folded = new Map(Object.entries(actions).map(([operation, type]) => [foldOperation(operation), type]));
  return (operation) => folded.get(foldOperation(operation));
}

/** The guess of a source: by the first rule that fits and the verb. Gives only types that the source is said to have. */
export function guesser(rules: NounRules, types: readonly EventType[]): (operation: string) => EventType | null {
  return (operation) => {
    const words = wordsOf(operation).join(' ');
    const noun = rules.find(([pattern]) => pattern.test(words))?.[1];
    const deed = deedIn(words);
    const candidates = [typeOf(deed, noun === undefined ? 'resource' : noun), typeOfDeed(deed, 'resource')];
    if (noun === null) return null;
    return candidates.find((type) => type !== null && types.includes(type)) ?? null;
  };
}

/** The verb: at the end in `DeviceAccessPolicyChanged`, where `access` is none, in front in `Set-AccessPolicy`. */
function deedIn(words: string): Deed | undefined {
  const past = words.split(' ').filter((word) => word.endsWith('ed'));
  return deedOf(past.join(' ')) ?? ownDeed(past) ?? deedOf(words) ?? ownDeed(words.split(' '));
}

function ownDeed(words: readonly string[]): Deed | undefined {
  return OWN_VERBS.find(([verb]) => words.some((word) => verb.test(word)))?.[1];
}

function typeOf(deed: Deed | undefined, noun: Exclude<Noun, null> | null): EventType | null {
  if (noun === null || deed === 'login' || deed === 'logout') return typeOfDeed(deed, 'resource');
  if (isKind(noun)) return typeOfDeed(deed, noun);
  const isRemoved = deed === 'remove' || deed === 'delete';
  const isGiven = deed === 'add' || deed === 'create' || deed === 'update';
  switch (noun) {
    case 'membership':
      if (deed === 'update') return 'update_group';
      return isRemoved ? 'remove_from_group' : isGiven ? 'add_to_group' : null;
    case 'permission':
      return isRemoved ? 'remove_permission' : isGiven ? 'add_permission' : null;
    case 'enrollment':
      return isRemoved ? 'remove_enrollment' : isGiven ? 'add_enrollment' : null;
    default:
      return noun;
  }
}

function isKind(noun: string): noun is Kind {
  return KINDS.has(noun);
}
