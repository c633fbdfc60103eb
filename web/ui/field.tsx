import type { InputHTMLAttributes, Ref } from 'preact';
import { useId } from 'preact/hooks';

interface Labelled {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with the value, and what to do. */
  readonly error?: string | null | undefined;
  /** For readers of the screen only, where the place makes it plain. */
  readonly hideLabel?: boolean;
}

/** Preact ties roles and lists to each type of input; none of ours has a role of its own. */
type InputAttributes = InputHTMLAttributes<HTMLInputElement>;

export interface FieldProps extends Labelled {
  readonly type?: 'text' | 'password' | 'search' | 'date' | 'datetime-local' | 'number';
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly placeholder?: string;
  readonly autocomplete?: 'on' | 'off';
  readonly spellcheck?: boolean;
  readonly required?: boolean;
  readonly disabled?: boolean;
  readonly min?: string;
  readonly max?: string;
  /** The id of a datalist. */
  readonly list?: string;
  readonly onKeyDown?: (event: KeyboardEvent) => void;
}

/** One line of text with its label. */
export function Field({ label, hint, error, hideLabel, value, onValue, inputRef, ...rest }: FieldProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <input
        {...(rest as InputAttributes)}
        {...(inputRef && { ref: inputRef })}
        id={id}
        class="input"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
      />
      <About id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

/** Several lines of text with their label. */
export function TextArea(props: Labelled & { readonly value: string; readonly onValue: (value: string) => void }) {
  const { label, hint, error, hideLabel, value, onValue } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <textarea
        id={id}
        class="input mono"
        value={value}
        spellcheck={false}
        onInput={(event) => onValue(event.currentTarget.value)}
        aria-invalid={error ? 'true' : undefined}
        aria-describedby={error || hint ? `${id}-about` : undefined}
      />
      <About id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

/** One of a few, with its label. */
export function Select<T extends string>(
  props: Labelled & {
    readonly value: T;
    readonly options: readonly { readonly value: T; readonly label: string }[];
    readonly onValue: (value: T) => void;
  },
) {
  const { label, hint, error, hideLabel, value, options, onValue } = props;
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hideLabel ? 'visually-hidden' : undefined}>
        {label}
      </label>
      <select
        id={id}
        class="select"
        value={value}
        onChange={(event) => onValue(event.currentTarget.value as T)}
        aria-describedby={error || hint ? `${id}-about` : undefined}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <About id={`${id}-about`} hint={hint} error={error} />
    </div>
  );
}

export function Checkbox(props: {
  readonly label: string;
  readonly hint?: string;
  readonly checked: boolean;
  readonly disabled?: boolean;
  readonly onValue: (checked: boolean) => void;
}) {
  const { label, hint, checked, disabled, onValue } = props;
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.checked)}
      />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

/** One of two or three, all in sight. */
export function Segments<T extends string>(props: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly onValue: (value: T) => void;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset brings a frame and a legend, and these are buttons
    <div class="segments" role="group" aria-label={props.label}>
      {props.options.map(({ value, label }) => (
        <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onValue(value)}>
          {label}
        </button>
      ))}
    </div>
  );
}

function About({ id, hint, error }: { id: string; hint: string | undefined; error: string | null | undefined }) {
  if (error) {
    return (
      <p id={id} class="field-error">
        {error}
      </p>
    );
  }
  return hint ? (
    <p id={id} class="field-hint">
      {hint}
    </p>
  ) : null;
}
