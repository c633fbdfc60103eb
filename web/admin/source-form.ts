/** A field of the form: what the API calls it, and what people have to know of it. */
export interface FormField {
  /** `settings.organization`, `secrets.token`, `tier`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  /** `lines` for certificates and keys, `list` for several words, `flag` for yes or no. */
  readonly kind?: 'text' | 'lines' | 'number' | 'list' | 'flag' | 'choice' | 'date';
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  /** A flag that is on unless said otherwise. */
  readonly startsOn?: true;
  readonly required?: true;
  /** One of several of which one is needed: the API says so if none is given. */
  readonly isEither?: true;
}

/** One of the ways in which a source can be connected. */
export interface Way {
  readonly label: string;
  readonly fields: readonly FormField[];
  /** The vendor sends: nothing is polled. */
  readonly isPush?: true;
}

/** What a connection of a source has to say. A test compares it with what the source itself declares. */
export interface SourceForm {
  readonly title: string;
  readonly ways: readonly Way[];
  /** What few need. */
  readonly rare: readonly FormField[];
  /** What the webhook is for, where one may be had beside polling. */
  readonly webhook?: string;
}

type Rest = Omit<FormField, 'path' | 'label'>;
/** A field of the settings; those of an object within by dot path. */
export const setting = (name: string, label: string, rest: Rest = {}): FormField => ({
  path: `settings.${name}`,
  label,
  ...rest,
});
/** A secret that is needed. */
export const secret = (name: string, label: string, rest: Rest = {}): FormField => ({
  path: `secrets.${name}`,
  label,
  required: true,
  ...rest,
});

export const WEBHOOK_SECRET: FormField = secret('webhook', 'Webhook secret', {
  hint: 'At least 32 random characters. The vendor is given the same.',
});
/** The vendor sends, and proves itself with a secret. */
export const PUSH: Way = { label: 'It sends webhooks', fields: [WEBHOOK_SECRET], isPush: true };
