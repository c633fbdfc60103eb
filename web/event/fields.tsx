import type { Actor, CanonicalEvent, Target } from '../api/types.ts';
import { entityKey, entityName, entityRoute } from '../entity/route.ts';
import { feedRoute } from '../feed/route.ts';
import { VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';
import { type Fact, factsOf } from './facts.ts';

/** Every canonical field of the event. */
export function Fields({ event }: { readonly event: CanonicalEvent }) {
  return (
    <div class="fields">
      {factsOf(event).map(({ title, facts }) => (
        <section key={title} class="section" aria-label={title}>
          <div class="row spread">
            <h2>{title}</h2>
            <Activity entity={entityOf(title, event)} />
          </div>
          <dl class="facts">
            {facts.map((fact) => (
              <div key={`${fact.label} ${fact.value}`}>
                <dt>{fact.label}</dt>
                <dd>
                  <FactValue fact={fact} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </div>
  );
}

function FactValue({ fact }: { readonly fact: Fact }) {
  const { label, value, kind, filter } = fact;
  if (kind === 'time') return <Time at={value} as="full" />;
  const text = <VendorText text={value} most={2_000} />;
  const shown = kind === 'code' ? <code>{text}</code> : text;
  if (!filter) return shown;
  return (
    <a href={feedRoute.href(filter)} title={`All events with this ${label.toLowerCase()}`}>
      {shown}
    </a>
  );
}

/** The actor or target that a group of facts is about. */
function entityOf(title: string, { actor, targets }: CanonicalEvent): Actor | Target | undefined {
  if (title === 'Actor') return actor;
  if (title === 'Target') return targets[0];
  const [, number] = /^Target (\d+)$/.exec(title) ?? [];
  return number === undefined ? undefined : targets[Number(number) - 1];
}

function Activity({ entity }: { readonly entity: Actor | Target | undefined }) {
  const key = entity && entityKey(entity);
  return key ? (
    <a class="small" href={entityRoute.href({}, key)}>
      All activity<span class="visually-hidden"> of {entity && (entityName(entity) ?? entity.type)}</span>
    </a>
  ) : null;
}
