import type { CanonicalEvent, Target } from '../api/types.ts';
import { isSame, shortName } from './naming.ts';
import { attributeWords, isPlain, type Part, person, thing } from './phrases.ts';
import type { Predicate } from './sentence.ts';
import { APPS, FACTORS, firstBut, firstOf, GRANTEES, GROUPS, PEOPLE, ROLES, SURROUNDINGS } from './targets.ts';
import { type Verb, verb } from './verbs.ts';

/** "signed in to application Tide tables", "signed in as bo@example.com" */
export function signing(does: Verb, preposition: string, event: CanonicalEvent): Predicate {
  const other = event.targets.find((target) => PEOPLE.includes(target.type) && !isSame(event.actor, target));
  const app = event.targets.find((target) => APPS.includes(target.type) && target.name !== undefined);
  return {
    verb: does,
    rest: [...(other ? [' as ', ...thing(other)] : []), ...(app ? [preposition, nameOf(app)] : [])],
  };
}

/** "passed a second-factor check (webauthn)" */
export function secondFactor(event: CanonicalEvent): Predicate {
  const app = event.targets.find((target) => APPS.includes(target.type) && target.name !== undefined);
  const method = event.mfa?.method;
  const how = method !== undefined && isPlain(method) ? ` (${method})` : '';
  return {
    verb: verb('passed a second-factor check', 'pass a second-factor check'),
    rest: [how, ...(app ? [' for ', nameOf(app)] : [])],
  };
}

/** "added octo-bot to group Admins": the member first, whatever order the targets are in. */
export function membership(way: 'add' | 'remove', event: CanonicalEvent): Predicate {
  const { targets, actor } = event;
  const group =
    firstOf(targets, GROUPS) ?? firstOf(targets, ['organization', 'repository', 'workgroup', 'role', 'tenant']);
  const member =
    firstOf(targets, PEOPLE) ??
    firstBut(
      targets.filter((target) => target !== group),
      SURROUNDINGS,
    );
  const into: readonly Part[] = group ? thing(group) : ['a group'];
  if (member && group && isSame(actor, member)) {
    return { verb: way === 'add' ? verb('joined', 'join') : verb('left', 'leave'), rest: [' ', ...into] };
  }
  const who: readonly Part[] = member ? thing(member) : ['a member'];
  if (way === 'add') return { verb: verb('added', 'add'), rest: [' ', ...who, ' to ', ...into] };
  return { verb: verb('removed', 'remove'), rest: [' ', ...who, ' from ', ...into] };
}

/** "gave Sam Petrov access to folder Board (read)", "removed role admin from Otto" */
export function access(way: 'give' | 'remove', event: CanonicalEvent): Predicate {
  const { targets } = event;
  const grantee = firstOf(targets, GRANTEES);
  const others = targets.filter((target) => target !== grantee);
  const right = firstOf(others, ROLES);
  const resource = firstBut(others, [...PEOPLE, ...ROLES, ...SURROUNDINGS]) ?? firstOf(others, SURROUNDINGS);
  const what: readonly Part[] = right ? thing(right) : resource ? ['access to ', ...thing(resource)] : ['a permission'];
  const level = right ? '' : levelOf(event);
  const who = grantee && person(grantee, event);
  const whom = grantee && (who === 'themselves' ? [who] : thing(grantee));
  if (way === 'remove') {
    return { verb: verb('removed', 'remove'), rest: [' ', ...what, ...(whom ? [' from ', ...whom] : []), level] };
  }
  if (!whom) return { verb: verb('granted', 'grant'), rest: [' ', ...what, level] };
  return { verb: verb('gave', 'give'), rest: [' ', ...whom, ' ', ...what, level] };
}

/** " (read)": what the access is, when one change tells. */
function levelOf({ changes }: CanonicalEvent): string {
  const [change] = changes;
  if (!change || changes.length > 1) return '';
  const { old, new: now } = change;
  if (old !== undefined && !isPlain(old)) return '';
  if (now !== undefined) return isPlain(now) && now.trim() !== '' ? ` (${attributeWords(change)}: ${now})` : '';
  return old === undefined || old.trim() === '' ? '' : ` (${attributeWords(change)}: ${old})`;
}

/** "enrolled phone +1 202 for Ingrid Dahl" */
export function enrollment(way: 'add' | 'remove', event: CanonicalEvent): Predicate {
  const { targets, actor } = event;
  const factor = firstOf(targets, FACTORS);
  const owner = targets.find((target) => PEOPLE.includes(target.type) && !isSame(actor, target));
  const what: readonly Part[] = factor ? thing(factor) : ['a second factor'];
  if (way === 'add') {
    return { verb: verb('enrolled', 'enroll'), rest: [' ', ...what, ...(owner ? [' for ', ...thing(owner)] : [])] };
  }
  return { verb: verb('removed', 'remove'), rest: [' ', ...what, ...(owner ? [' of ', ...thing(owner)] : [])] };
}

/** "searched for subject:storm in mailbox x", "queried device y" */
export function query(event: CanonicalEvent): Predicate {
  const { targets } = event;
  const text = firstOf(targets, ['query']);
  const others = targets.filter((target) => target !== text && !PEOPLE.includes(target.type));
  const where = firstBut(others, SURROUNDINGS);
  if (text) {
    return {
      verb: verb('searched', 'search'),
      rest: [' for ', nameOf(text), ...(where ? [' in ', ...thing(where)] : [])],
    };
  }
  if (where) return { verb: verb('queried', 'query'), rest: [' ', ...thing(where)] };
  return { verb: verb('ran a search', 'run a search'), rest: [] };
}

function nameOf(target: Target): Part {
  return { entity: target, text: shortName(target) ?? target.type };
}
