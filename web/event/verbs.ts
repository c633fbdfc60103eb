import { wordsOf } from '../../shared/sources/verbs.ts';

/** A verb as it is told of what was done, and of what was tried. */
export interface Verb {
  readonly did: string;
  readonly toDo: string;
}

export const verb = (did: string, toDo: string): Verb => ({ did, toDo });

export type Deed = 'create' | 'read' | 'update' | 'delete';

const PLAIN: Readonly<Record<Deed, Verb>> = {
  create: verb('created', 'create'),
  read: verb('viewed', 'view'),
  update: verb('changed', 'change'),
  delete: verb('deleted', 'delete'),
};

const ed = (...stems: string[]) =>
  Object.fromEntries(stems.map((stem) => [stem, verb(stem.endsWith('e') ? `${stem}d` : `${stem}ed`, stem)]));

/** Verbs in the names of actions that say more than the type does. */
const FINER: Readonly<Record<Deed, Readonly<Record<string, Verb>>>> = {
  create: { ...ed('upload', 'invite', 'install', 'import', 'clone', 'register', 'fork'), copy: verb('copied', 'copy') },
  read: ed('preview'),
  update: {
    ...ed('edit', 'rename', 'move', 'lock', 'unlock', 'enable', 'disable', 'suspend', 'unsuspend', 'block', 'unblock'),
    ...ed('archive', 'unarchive', 'restore', 'upgrade', 'release', 'deactivate', 'activate'),
    transfer: verb('transferred', 'transfer'),
    push: verb('pushed to', 'push to'),
  },
  delete: ed('revoke', 'uninstall', 'disable', 'disconnect', 'purge', 'deprovision', 'deactivate', 'recycle'),
};

/** Vendors choose the names of actions: an endless one is not worth reading to its end. */
const LONGEST_ACTION = 160;

/** The words of an action's name, in lower case. */
export function actionParts(action: string): string[] {
  return wordsOf(action.slice(0, LONGEST_ACTION));
}

/** What was done, as exactly as the action's name tells. */
export function verbOf(deed: Deed, action: string): Verb {
  for (const word of actionParts(action)) {
    const found = Object.entries(FINER[deed]).find(([stem, { did }]) => word === stem || word === did.split(' ')[0]);
    if (found) return found[1];
  }
  return PLAIN[deed];
}
