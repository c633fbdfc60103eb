import { type FormField, type SourceForm, type Way, WEBHOOK_SECRET } from './source-form.ts';

const TIER: FormField = {
  path: 'tier',
  label: 'Hot for',
  kind: 'choice',
  hint: 'How long this page and the API answer its events. The archive keeps them regardless.',
  options: [
    { value: '', label: 'As its source says' },
    { value: '180d', label: '180 days' },
    { value: '365d', label: '365 days' },
    { value: 'indefinite', label: 'For good' },
  ],
};
const ORIGIN: FormField = {
  path: 'origin',
  label: 'Account or host',
  hint: 'Whose events these are: part of their ids, and not to be changed later. Left empty, the source’s own.',
};
const HISTORY: FormField = {
  path: 'backfillFrom',
  label: 'History from',
  kind: 'date',
  hint: 'Left empty: as far back as the vendor keeps it. Today means none.',
};

/** How a vendor is reached that is not on the internet. */
export const NETWORK_FIELDS: readonly FormField[] = [
  {
    path: 'network',
    label: 'Network',
    kind: 'choice',
    hint: 'Inside your network needs the deployment’s setting “vpc”.',
    options: [
      { value: '', label: 'Over the internet' },
      { value: 'private', label: 'Inside your own network' },
    ],
  },
  {
    path: 'allowedAddresses',
    label: 'Addresses that may be reached',
    kind: 'list',
    placeholder: '10.1.2.3, 10.2.0.0/16',
    hint: 'Although they are not public. Only where they are refused otherwise.',
  },
  {
    path: 'certificateAuthority',
    label: 'Certificate of a private authority',
    kind: 'lines',
    hint: 'In PEM, in place of the public ones.',
  },
];

/** The fields of a new connection, in sight and folded away. */
export function newFields(form: SourceForm, way: Way): { readonly main: FormField[]; readonly more: FormField[] } {
  const webhook = form.webhook === undefined || way.isPush ? [] : [optionalWebhook(form.webhook)];
  return {
    main: [...way.fields],
    more: way.isPush ? [ORIGIN, TIER] : [...form.rare, ...webhook, HISTORY, TIER, ...NETWORK_FIELDS],
  };
}

/** What of a connection can be changed, without its secrets. */
export function changeFields(form: SourceForm, way: Way): FormField[] {
  if (way.isPush) return [TIER];
  return [...way.fields.filter(({ path }) => !isSecret(path)), ...form.rare, TIER, ...NETWORK_FIELDS];
}

/** The secrets that can be replaced; none has to be. */
export function secretFields(form: SourceForm, way: Way): FormField[] {
  const ofWay = way.fields.filter(({ path }) => isSecret(path) && path !== WEBHOOK_SECRET.path);
  const webhook = way.isPush || form.webhook !== undefined ? [optionalWebhook(form.webhook)] : [];
  return [...ofWay, ...webhook].map(({ required: _, ...field }) => ({ ...field, isEither: true as const }));
}

export function isSecret(path: string): boolean {
  return path.startsWith('secrets.');
}

/** The way in which a connection that there is was made. */
export function wayOf(
  form: SourceForm,
  has: { readonly settings?: object | undefined; readonly secrets: readonly string[] },
): Way {
  const fits = (way: Way) =>
    Boolean(way.isPush) === (has.settings === undefined) &&
    way.fields.every(
      ({ path, required }) => !required || !isSecret(path) || has.secrets.includes(path.slice('secrets.'.length)),
    );
  const [first] = form.ways;
  const way =
    form.ways.find(fits) ?? form.ways.find(({ isPush }) => Boolean(isPush) === (has.settings === undefined)) ?? first;
  if (!way) throw new Error(`${form.title} has no way to be connected`);
  return way;
}

function optionalWebhook(hint: string | undefined): FormField {
  const { required: _, ...field } = WEBHOOK_SECRET;
  return hint === undefined ? field : { ...field, hint: `${hint} At least 32 random characters.` };
}
