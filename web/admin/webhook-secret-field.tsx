import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { randomSecret } from './random-secret.ts';

/** The secret that the vendor proves itself with: nobody has to think one up. */
export function WebhookSecretField(props: {
  readonly label: string;
  readonly value: string;
  readonly hint?: string | undefined;
  readonly error: string | null;
  readonly onValue: (value: string) => void;
}) {
  const { label, value, hint, error, onValue } = props;
  return (
    <div class="with-button">
      <Field
        label={label}
        value={value}
        onValue={onValue}
        hint={hint}
        error={error}
        autocomplete="off"
        spellcheck={false}
      />
      <Button onClick={() => onValue(randomSecret())}>{value === '' ? 'Make one' : 'Make another'}</Button>
    </div>
  );
}
