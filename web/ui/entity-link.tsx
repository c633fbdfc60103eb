import type { Actor, Target } from '../api/types.ts';
import { entityKey, entityName, entityRoute } from '../entity/route.ts';
import { VendorText } from './data.tsx';

/** An actor or target by its name, leading to its activity. */
export function EntityLink(props: {
  readonly entity: Actor | Target;
  readonly text?: string;
  readonly breaks?: boolean;
}) {
  const { entity, text, breaks } = props;
  const key = entityKey(entity);
  const name = text ?? entityName(entity) ?? entity.type;
  const shown = <VendorText text={name} most={120} breaks={breaks} />;
  if (key === null) return shown;
  const ids = [entity.type, entity.name, entity.email, entity.id].filter((one) => one !== undefined && one !== name);
  return (
    <a class="entity-link" href={entityRoute.href({}, key)} title={ids.join(' · ').slice(0, 300)}>
      {shown}
    </a>
  );
}
