import type { Change, Target } from '../../event/schema.ts';
import type { JsonObject } from '../../json.ts';
import type { EventType } from '../../taxonomy.ts';
import { objectsAt, textAt, valueAt } from '../read.ts';
import type { NounRules } from './operation.ts';
import { GUID, personOf } from './people.ts';
import { modifiedChanges } from './properties.ts';

/** PowerShell cmdlets, `Set-TransportRule`: Exchange's own, and those of Purview and Defender, which share its shell. */
const CMDLET = /^[A-Za-z]+-[A-Za-z]/;

export function isCmdlet(operation: string): boolean {
  return CMDLET.test(operation);
}

/** What the nouns of cmdlets are; others are resources. */
export const CMDLET_NOUNS: NounRules = [
  [/group member$/, 'membership'],
  [/(permission|role assignment|delegation|full access)s?$/, 'permission'],
  [/role group$|management role$/, 'role'],
  [/inbox rule$/, 'resource'],
  [/group$/, 'group'],
  [/^\w+ (mailbox|mail user|user|remote mailbox)$/, 'user'],
  [/^new app$|^(enable|disable|set|remove) app$/, 'integration'],
  [
    /(policy|rule|config|configuration|setting|settings|connector|domain|preset|label|entry|tag|audit association)s?$/,
    'security_configuration',
  ],
];

interface Parameter {
  readonly name: string;
  readonly value: string;
}

const IN_TEXT = /-(\w+)(?:\s+|:)(?:"([^"]*)"|'([^']*)'|([^\s"'-]\S*))/g;

/** A cmdlet's parameters: a list in Exchange's records, one text in those of Purview. */
function parametersOf(raw: JsonObject): Parameter[] {
  const value = valueAt(raw, 'Parameters');
  if (typeof value === 'string') {
    return [...value.matchAll(IN_TEXT)].map(([, name = '', double, single, bare]) => ({
      name,
      value: double ?? single ?? bare ?? '',
    }));
  }
  return objectsAt(raw, 'Parameters').flatMap((parameter) => {
    const name = textAt(parameter, 'Name');
    return name === undefined ? [] : [{ name, value: textAt(parameter, 'Value') ?? '' }];
  });
}

/** Parameters that say on what, or how, and not what is set. */
const HOW =
  /^(Identity|Confirm|Force|WhatIf|Bypass\w*|ErrorAction|WarningAction|Organization|DomainController|Debug|Verbose|IgnoreDehydratedFlag)$/;

/** What a cmdlet set: its parameters, with old values where `ModifiedProperties` has them. */
export function cmdletChanges(raw: JsonObject): Change[] {
  const modified = modifiedChanges(raw);
  const told = new Set(modified.map(({ attribute }) => attribute));
  const side = /^remove-/i.test(textAt(raw, 'Operation') ?? '') ? 'old' : 'new';
  const set = parametersOf(raw).filter(({ name }) => !HOW.test(name) && !told.has(name));
  return [...modified, ...set.map(({ name, value }) => ({ attribute: name, [side]: value }))];
}

/** Parameters that name somebody or something besides the object. */
const NAMING: Readonly<Record<string, string>> = {
  Member: 'user',
  Members: 'user',
  User: 'user',
  Users: 'user',
  Trustee: 'user',
  Delegate: 'user',
  Owner: 'user',
  ManagedBy: 'user',
  Role: 'role',
  Roles: 'role',
  SecurityGroup: 'group',
  Mailbox: 'mailbox',
};

/** The object of a cmdlet, and whom else its parameters name. */
export function cmdletTargets(raw: JsonObject, type: EventType | null): Target[] {
  const parameters = parametersOf(raw);
  const identity = parameters.find(({ name }) => name === 'Identity')?.value;
  const object = textAt(raw, 'ObjectId') ?? identity ?? parameters.find(({ name }) => name === 'Name')?.value;
  const kind = objectKind(textAt(raw, 'Operation') ?? '', type);
  return [
    ...(object === undefined ? [] : [objectTarget(kind, object, identity)]),
    ...parameters.flatMap(({ name, value }) => {
      const named = Object.hasOwn(NAMING, name) ? NAMING[name] : undefined;
      if (named === undefined) return [];
      return value.split(/[;,]/).map((one) => ({ type: named, ...personOf(lastSegment(one.trim())) }));
    }),
  ];
}

function objectTarget(type: string, object: string, identity: string | undefined): Target {
  const last = lastSegment(object);
  const person = personOf(last);
  const byId = identity !== undefined && GUID.test(identity) ? identity : undefined;
  const path = last === object ? undefined : object;
  return { type, ...person, id: person.id ?? byId ?? path };
}

/** The last name of `host/organization/name` and `organization\name`. */
function lastSegment(path: string): string {
  return path.split(/[\\/]/).findLast((segment) => segment !== '') ?? path;
}

/** What a cmdlet works on: as the EMM says where it has a word, otherwise the cmdlet's noun in snake case. */
function objectKind(operation: string, type: EventType | null): string {
  const kind = type?.split('_').at(-1);
  if (kind === 'user' || kind === 'group' || kind === 'role') return kind;
  if (kind === 'integration') return 'app';
  const noun = operation.slice(operation.indexOf('-') + 1).replace(/(Recipient|Folder)?Permission$/, '');
  return noun.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase() || 'object';
}
