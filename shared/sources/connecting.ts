// Read by browsers too: nothing here may import more than types.

/** A field of the form in which a connection is made: what the API calls it, and what people have to know of it. */
export interface FormField {
  /** `settings.organization`, those of an object within by dot path too; `secrets.token`; `tier`. */
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  /** What it may look like, as it is typed. */
  readonly example?: string;
  /** `lines` for certificates and keys, `list` for several words, `flag` for yes or no; `text` where it is absent. */
  readonly kind?: 'text' | 'secret' | 'lines' | 'number' | 'list' | 'flag' | 'choice' | 'date';
  /** Of a choice; the empty value stands for what holds when nothing is said. */
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

/** How a source is connected: what has to be done at the vendor, and what the connection has to say. */
export interface Connecting {
  /** At the vendor, in order; one or two short sentences each. */
  readonly steps: readonly string[];
  /** The usual one first. */
  readonly ways: readonly [Way, ...Way[]];
  /** What few need. */
  readonly rare: readonly FormField[];
  /** What a webhook is good for beside polling, where one may be had. */
  readonly webhookHint?: string;
  /** It has to be reached inside one's own network, as a rule. */
  readonly isPrivate?: true;
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
  kind: 'secret',
  required: true,
  ...rest,
});

export const WEBHOOK_SECRET: FormField = secret('webhook', 'Webhook secret', {
  hint: 'At least 32 random characters. The vendor is given the same.',
});
/** The vendor sends, and proves itself with a secret. */
export const PUSH: Way = { label: 'It sends webhooks', fields: [WEBHOOK_SECRET], isPush: true };

export function isSecret({ path }: Pick<FormField, 'path'>): boolean {
  return path.startsWith('secrets.');
}

/** What is in the fields, by path; what is empty or absent is not said. */
export type Values = Readonly<Record<string, string>>;

export type Tree = { [name: string]: unknown };

/** What the fields say, as the API takes it. What can't be read goes as it is, for the API to complain of. */
export function bodyOf(fields: readonly FormField[], values: Values): Tree {
  const body: Tree = {};
  for (const { path, kind } of fields) {
    const value = parsed(values[path] ?? '', kind);
    if (value !== undefined) put(body, path.split('.'), value);
  }
  return body;
}

/** The part of a request to `POST /v1/connections` that a way needs, with the examples of its fields, and `…` for secrets. */
export function exampleOf({ fields, isPush }: Way): Tree {
  const needed = fields.filter(({ required, isEither }) => required || isEither);
  const values = needed.map((field) => [field.path, isSecret(field) ? '…' : (field.example ?? '')] as const);
  return { ...(!isPush && { settings: {} }), ...bodyOf(needed, Object.fromEntries(values)) };
}

function parsed(text: string, kind: FormField['kind']): unknown {
  // Line breaks at the end of a key or certificate belong to it.
  if (kind === 'lines') return text.trim() === '' ? undefined : text;
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  if (kind === 'number') return Number.isFinite(Number(trimmed)) ? Number(trimmed) : trimmed;
  if (kind === 'list') return trimmed.split(/[\s,]+/).filter((word) => word !== '');
  if (kind === 'flag') return trimmed === 'on' ? true : trimmed === 'off' ? false : undefined;
  return trimmed;
}

function put(tree: Tree, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    tree[name] = value;
    return;
  }
  const inner = Object.hasOwn(tree, name) ? (tree[name] as Tree) : {};
  tree[name] = inner;
  put(inner, rest, value);
}
