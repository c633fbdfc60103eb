import { scalarText } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { textAt } from '../read.ts';
import { ruleOf, typeOfName } from './actions.ts';
import { guessOn, guessType } from './guess.ts';
import { type Row, structureOf } from './row.ts';

/** Where Linux and its network managers keep an interface's settings; to Ardexa it is a file like any other. */
const INTERFACE_FILE =
  /(^|\/)(interfaces(\.d(\/|$)|$)|netplan\/|ifcfg-|wpa_supplicant[^/]*\.conf$|dhcpcd\.conf$|system-connections\/)|systemd\/network\//i;

/** The EMM type of a row: by what its action was done to, else by the action's name, else guessed from both. */
export function typeOf(row: Row): EventType | null {
  const { action, things, attribute, newValue = '' } = row;
  const rule = ruleOf(action, things, attribute);
  if (rule === undefined) {
    const known = typeOfName(action);
    if (known === null) return null;
    // As they are spelt, since capitals part the words of `networkConfig`.
    const [name = '', ...on] = ['action', 'controller', 'entity'].map((column) => textAt(row.raw, [column]) ?? '');
    return guessOn(name, on) ?? known ?? guessType(name);
  }
  if (rule.type === 'add_permission' && isTakenAway(row)) return 'remove_permission';
  // Ardexa logs network settings as the file that they are sent in.
  if (action === 'send' && attribute === 'file' && INTERFACE_FILE.test(newValue))
    return 'update_security_configuration';
  return rule.type;
}

/** The permissions, roles or members that a value lists: JSON, or text with commas or blanks between them. */
export function listOf(value: string | undefined): string[] {
  const structure = structureOf(value);
  if (Array.isArray(structure)) return structure.flatMap((item) => scalarText(item) ?? []);
  if (structure !== undefined) {
    return Object.entries(structure).flatMap(([name, isGranted]) => (isGranted === true ? [name] : []));
  }
  return (value ?? '').split(/[\s,;]+/).filter((item) => item !== '');
}

function isTakenAway({ action, oldValue, newValue }: Row): boolean {
  if (action === 'share') return newValue?.toLowerCase() === 'private';
  const before = new Set(listOf(oldValue));
  const after = new Set(listOf(newValue));
  return after.size < before.size && after.isSubsetOf(before);
}
