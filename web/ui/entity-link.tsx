import type { Actor, Target } from '../api/types.ts';
import { entityKey, entityName, entityRoute } from '../entity/route.ts';
import { VendorText } from './data.tsx';

/** An actor or target by its name, leading to its activity. */
export function EntityLink({ entity, text }: { readonly entity: Actor | Target; readonly text?: string }) {
  const key = entityKey(entity);
  const name = text ?? entityName(entity) ?? entity.type;
  if (key === null) return <VendorText text={name} most={120} />;
  const ids = [entity.type, entity.email, entity.id].filter((one) => one !== undefined && one !== name);
  return (
    <a class="entity-link" href={entityRoute.href({}, key)} title={ids.join(' · ').slice(0, 300)}>
      <VendorText text={name} most={120} />
    </a>
  );
}
