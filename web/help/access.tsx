import type { Scope } from '../api/types.ts';
import { useMe } from '../app/me.ts';
import { feedRoute } from '../feed/route.ts';
import { VendorText } from '../ui/data.tsx';
import { Time } from '../ui/time.tsx';

const SCOPES: readonly (readonly [Scope, string])[] = [
  ['ingest', 'Sends events. Sees none.'],
  ['read', 'Sees events, sources and coverage, and exports what it sees.'],
  ['admin', 'Makes and revokes keys, connections and legal holds.'],
];

/** Whose events these are and what a key may. */
export function Access() {
  const { tenant, key } = useMe();
  return (
    <>
      <p>
        You are signed in with the key{' '}
        <strong>
          <VendorText text={key.name} most={80} />
        </strong>{' '}
        of the tenant <strong>{tenant}</strong>. It{' '}
        {key.scopes.includes('read') ? 'sees the events of this tenant' : 'sees no events'}
        {key.sources && `, of these sources alone: ${key.sources.join(', ')}`}
        {key.expiresAt ? (
          <>
            . It ends <Time at={key.expiresAt} />.
          </>
        ) : (
          '. It has no end of its own.'
        )}
      </p>
      <dl class="help-rows">
        {SCOPES.map(([scope, meaning]) => (
          <div key={scope}>
            <dt>
              <code>{scope}</code>
              {key.scopes.includes(scope) && <span class="small muted">yours</span>}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <ul class="help-list">
        <li>Everybody who has a key of this tenant with read sees the same events. No key sees another tenant’s.</li>
        <li>Nobody can change or delete an event: neither an administrator, nor Annals itself.</li>
        <li>
          What administrators do is an event too: see{' '}
          <a href={feedRoute.href({ source: ['annals.audit'], last: 'all' })}>Annals itself</a>. Who looks at which
          events is not recorded.
        </li>
        <li>
          Operators of the AWS account can ask the archive with SQL, across tenants. CloudTrail records that they did.
        </li>
      </ul>
    </>
  );
}
