import { TextArea } from '../ui/field.tsx';

/** The settings as an object, or what is wrong with the text. */
export function readSettings(text: string): {
  readonly value?: Readonly<Record<string, unknown>>;
  readonly error?: string;
} {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value: { ...value } };
    return { error: 'Must be a JSON object: {"name": "value"}.' };
  } catch {
    return { error: 'Is not JSON. Look for a missing quote, comma or brace.' };
  }
}

/** The settings as their source's page describes them, for what the fields can't say. */
export function JsonSettings(props: {
  readonly value: string;
  readonly error: string | null | undefined;
  readonly onValue: (value: string) => void;
}) {
  return (
    <TextArea label="Settings as JSON" hint="As the source’s page in the documentation describes them." {...props} />
  );
}
