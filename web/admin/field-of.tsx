import { type FormField, type Values, WEBHOOK_SECRET } from '../../shared/sources/connecting.ts';
import { Checkbox, Field, Select, TextArea } from '../ui/field.tsx';
import type { FieldErrors } from './field-errors.ts';
import { WebhookSecretField } from './webhook-secret-field.tsx';

/** What the fields of a form have in common. */
export interface FormState {
  readonly values: Values;
  readonly errors: FieldErrors;
  readonly onValue: (path: string, value: string) => void;
}

/** A field as its kind asks. */
export function FieldOf({ field, form }: { readonly field: FormField; readonly form: FormState }) {
  const { path, label, hint, kind, options = [], example, required, isEither, startsOn = false } = field;
  const about = { hint, error: form.errors.at(path) };
  const value = form.values[path] ?? '';
  const onValue = (text: string) => form.onValue(path, text);
  const name = required || isEither || kind === 'flag' || kind === 'choice' ? label : `${label} (optional)`;
  if (path === WEBHOOK_SECRET.path)
    return <WebhookSecretField label={name} value={value} onValue={onValue} {...about} />;
  if (kind === 'lines') return <TextArea label={name} value={value} onValue={onValue} {...about} />;
  if (kind === 'choice') return <Select label={name} value={value} options={options} onValue={onValue} {...about} />;
  if (kind === 'flag') {
    return (
      <Checkbox
        label={name}
        {...(hint !== undefined && { hint })}
        checked={value === '' ? startsOn : value === 'on'}
        onValue={(isOn) => onValue(isOn === startsOn ? '' : isOn ? 'on' : 'off')}
      />
    );
  }
  return (
    <Field
      label={name}
      type={kind === 'date' ? 'date' : kind === 'secret' ? 'password' : 'text'}
      value={value}
      onValue={onValue}
      autocomplete="off"
      spellcheck={false}
      {...(example !== undefined && { placeholder: example })}
      {...(required && { required })}
      {...about}
    />
  );
}
