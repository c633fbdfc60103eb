import type { Actor, Target } from '../api/types.ts';
import { choice, text } from '../app/params.ts';
import { route } from '../app/route.ts';
import { LASTS } from '../feed/range.ts';

/** `#/entity/<kind:value>` */
export const entityRoute = route('entity', {
  as: choice(['both', 'actor', 'target'], 'both'),
  last: choice(LASTS, '30d'),
  from: text(),
  to: text(),
  event: text(),
});

const KIND = /^[a-z][a-z0-9_-]*$/;
/** Says nothing of what kind it is, so that it is looked for under any. */
const VAGUE = new Set(['unknown', 'anonymous']);

/** The name under which an actor or target is looked up: its e-mail first, which is the same in every product. */
export function entityKey(
  entity: Pick<Actor & Target, 'id' | 'name' | 'email'> & { readonly type: string },
): string | null {
  const value = entity.email ?? entity.id ?? entity.name;
  if (value === undefined) return null;
  const kind = entity.type.toLowerCase();
  return KIND.test(kind) && !VAGUE.has(kind) ? `${kind}:${value}` : value;
}

/** What people call it. */
export function entityName({ name, email, id }: Pick<Actor & Target, 'id' | 'name' | 'email'>): string | null {
  return name ?? email ?? id ?? null;
}
