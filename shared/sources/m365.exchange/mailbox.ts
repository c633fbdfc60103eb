import type { Change, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import { personOf } from '../m365/people.ts';
import { modifiedChanges, namedValues } from '../m365/properties.ts';
import { firstText, objectAt, objectsAt, textAt } from '../read.ts';

/** What a record of a mailbox is about: the mailbox, folders, items, and whose name was used or who was let in. */
export function mailboxTargets(raw: JsonObject): Target[] {
  const folders = [
    ...['Folder', 'DestFolder', 'Item.ParentFolder'].flatMap((path) => objectAt(raw, path) ?? []),
    ...objectsAt(raw, 'Folders'),
  ];
  const items = [
    ...[objectAt(raw, 'Item')].flatMap((item) => (item === undefined || isFolderOnly(item) ? [] : [item])),
    ...objectsAt(raw, 'AffectedItems'),
    ...objectsAt(raw, 'Folders').flatMap((folder) => objectsAt(folder, 'FolderItems')),
  ];
  const rule = namedValues(raw, 'OperationProperties').get('RuleName');
  return [
    ...['MemberUpn', 'Item.ParentFolder.MemberUpn', 'SendAsUserSmtp', 'SendOnBehalfOfUserSmtp'].map(userAt(raw)),
    { type: 'mailbox', id: textAt(raw, 'MailboxGuid'), email: textAt(raw, 'MailboxOwnerUPN') },
    { type: 'inbox_rule', name: rule },
    { type: 'query', name: textAt(raw, 'QueryText') },
    ...folders.map((folder) => ({ type: 'folder', id: textAt(folder, 'Id'), name: textAt(folder, 'Path') })),
    ...items.map((item) => ({
      type: 'message',
      // The store's own id differs from one mailbox to the next.
      id: firstText(item, ['InternetMessageId', 'Id']),
      name: textAt(item, 'Subject'),
    })),
  ];
}

/** Permission records have an item for the sake of its folder. */
function isFolderOnly(item: JsonObject): boolean {
  return firstText(item, ['InternetMessageId', 'Subject']) === undefined;
}

function userAt(raw: JsonObject): (path: string) => Target {
  return (path) => ({ type: 'user', ...personOf(textAt(raw, path)) });
}

/** Properties of an operation that say what was set. */
const SET = /^(Rule|Delegate|Calendar)/;

/** What a record of a mailbox changed: names of properties mostly, and the whole of inbox rules and permissions. */
export function mailboxChanges(raw: JsonObject): Change[] {
  const side = /^remove/i.test(textAt(raw, 'Operation') ?? '') ? 'old' : 'new';
  const rights = firstText(raw, ['Item.ParentFolder.MemberRights', 'MemberRights']);
  const destination = textAt(raw, 'DestFolder.Path');
  const rule = [...namedValues(raw, 'OperationProperties')].filter(([name]) => SET.test(name));
  return [
    ...modifiedChanges(raw),
    ...rule.map(([attribute, value]) => ({ attribute, new: value })),
    ...(rights === undefined ? [] : [{ attribute: 'MemberRights', [side]: rights }]),
    ...(destination === undefined ? [] : [{ attribute: 'Folder', old: textAt(raw, 'Folder.Path'), new: destination }]),
  ];
}

const LOGON_TYPES: Readonly<Record<string, string>> = {
  1: 'Admin',
  2: 'Delegate',
  3: 'Transport',
  4: 'SystemService',
  6: 'DelegatedAdmin',
};

/** As what somebody opened a mailbox that is not theirs. */
export function mailboxRole(raw: JsonObject): string | undefined {
  const type = textAt(raw, 'LogonType');
  return type !== undefined && Object.hasOwn(LOGON_TYPES, type) ? LOGON_TYPES[type] : undefined;
}
