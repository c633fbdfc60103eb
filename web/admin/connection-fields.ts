import {
  type Connecting,
  type FormField,
  isSecret,
  type Way,
  WEBHOOK_SECRET,
} from '../../shared/sources/connecting.ts';

const TIER: FormField = {
  path: 'tier',
  label: 'Searchable for',
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
    example: '10.1.2.3, 10.2.0.0/16',
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
export function newFields(
  connecting: Connecting,
  way: Way,
): { readonly main: FormField[]; readonly more: FormField[] } {
  const { rare, webhookHint } = connecting;
  const webhook = webhookHint === undefined || way.isPush ? [] : [optionalWebhook(webhookHint)];
  return {
    main: [...way.fields],
    more: way.isPush ? [ORIGIN, TIER] : [...rare, ...webhook, HISTORY, TIER, ...NETWORK_FIELDS],
  };
}

/** What of a connection can be changed, without its secrets. */
export function changeFields(connecting: Connecting, way: Way): FormField[] {
  if (way.isPush) return [TIER];
  return [...way.fields.filter((field) => !isSecret(field)), ...connecting.rare, TIER, ...NETWORK_FIELDS];
}

/** The secrets that can be replaced; none has to be. */
export function secretFields(connecting: Connecting, way: Way): FormField[] {
  const ofWay = way.fields.filter((field) => isSecret(field) && field.path !== WEBHOOK_SECRET.path);
  const webhook = way.isPush || connecting.webhookHint !== undefined ? [optionalWebhook(connecting.webhookHint)] : [];
  return [...ofWay, ...webhook].map(({ required: _, ...field }) => ({ ...field, isEither: true as const }));
}

/** The way in which a connection that there is was made. */
export function wayOf(
  { ways }: Connecting,
  has: { readonly settings?: object | undefined; readonly secrets: readonly string[] },
): Way {
  const isPushed = has.settings === undefined;
  const alike = ways.filter(({ isPush }) => Boolean(isPush) === isPushed);
  const fits = ({ fields }: Way) =>
    fields.every(
      (field) => !field.required || !isSecret(field) || has.secrets.includes(field.path.slice('secrets.'.length)),
    );
  return alike.find(fits) ?? alike[0] ?? ways[0];
}

function optionalWebhook(hint: string | undefined): FormField {
  const { required: _, ...field } = WEBHOOK_SECRET;
  return hint === undefined ? field : { ...field, hint: `${hint} At least 32 random characters.` };
}
