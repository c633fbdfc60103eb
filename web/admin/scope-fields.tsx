import type { Scope } from '../api/types.ts';
import { Checkbox } from '../ui/field.tsx';

const SCOPES: readonly { readonly scope: Scope; readonly label: string; readonly hint: string }[] = [
  { scope: 'read', label: 'Read', hint: 'Sees events, sources and coverage, and exports what it sees.' },
  { scope: 'ingest', label: 'Send', hint: 'Sends events. Sees none.' },
  { scope: 'admin', label: 'Administer', hint: 'Makes and revokes keys, connections and legal holds.' },
];

/** What a key may do. */
export function ScopeFields(props: {
  readonly scopes: readonly Scope[];
  readonly error: string | null;
  readonly onScopes: (scopes: Scope[]) => void;
}) {
  const { scopes, error, onScopes } = props;
  return (
    <fieldset class="plain">
      <legend class="label">It may</legend>
      {SCOPES.map(({ scope, label, hint }) => (
        <Checkbox
          key={scope}
          label={label}
          hint={hint}
          checked={scopes.includes(scope)}
          onValue={(isOn) => onScopes(isOn ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
        />
      ))}
      {(error ?? (scopes.length === 0 ? 'Choose at least one.' : null)) && (
        <p class="field-error">{error ?? 'Choose at least one.'}</p>
      )}
    </fieldset>
  );
}
