import { useState } from 'preact/hooks';
import { isCustom } from '../sources/custom.ts';
import { Checkbox, Field, Segments } from '../ui/field.tsx';
import { useAdminSources } from './sources.ts';

/** Which sources a key is for; null for all of them. */
export function SourceFields(props: {
  readonly sources: readonly string[] | null;
  /** It can't be limited. */
  readonly isOff: boolean;
  readonly error: string | null;
  readonly onSources: (sources: readonly string[] | null) => void;
}) {
  const { sources, isOff, error, onSources } = props;
  const [own, setOwn] = useState('');
  const known = useAdminSources().data?.filter(({ name }) => !isCustom(name)) ?? [];
  const picked = (sources ?? []).filter((one) => known.some(({ name }) => name === one));
  const wordsOf = (text: string) => text.split(/[\s,]+/).filter((word) => word !== '');
  if (isOff) {
    return (
      <p class="small muted">
        A key that administers can’t be limited to some sources, as it can make keys without limits.
      </p>
    );
  }
  return (
    <fieldset class="plain">
      <legend class="label">Of which sources</legend>
      <Segments
        label="Of which sources"
        value={sources === null ? 'all' : 'some'}
        options={[
          { value: 'all', label: 'All' },
          { value: 'some', label: 'Only some' },
        ]}
        onValue={(value) => onSources(value === 'all' ? null : wordsOf(own))}
      />
      {sources !== null && (
        <>
          <div class="source-boxes">
            {known.map(({ name, title }) => (
              <Checkbox
                key={name}
                label={title}
                checked={picked.includes(name)}
                onValue={(isOn) => onSources(isOn ? [...sources, name] : sources.filter((one) => one !== name))}
              />
            ))}
          </div>
          <Field
            label="Your own applications"
            value={own}
            placeholder="custom.billing, custom.shop"
            spellcheck={false}
            error={error}
            onValue={(text) => {
              setOwn(text);
              onSources([...new Set([...picked, ...wordsOf(text)])]);
            }}
          />
        </>
      )}
      {sources?.length === 0 && <p class="field-error">Choose at least one.</p>}
    </fieldset>
  );
}
