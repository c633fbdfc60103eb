import { CredentialError, LogUnavailableError, ThrottledError, UnreachableError } from '../../polling/errors.ts';

const WRONG_CLOCK = 'a clock is wrong: check the one of the machine that Annals runs on';

/**
 * What Microsoft's codes mean and what to do, for people
 * (https://learn.microsoft.com/entra/identity-platform/reference-error-codes and the list of errors in
 * https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference).
 */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/AADSTS7000215\b/, 'the client secret is wrong: give the value of the secret, not its id'],
  [/AADSTS7000222\b/, 'the client secret has expired: make a new one and give it to the connection'],
  [/AADSTS700016\b/, 'the tenant has no application of this clientId: check clientId, tenantId and cloud'],
  [/AADSTS9000(2|23)\b/, 'there is no such tenant: check tenantId and cloud'],
  [
    /AADSTS(700027|7000214|50012)\b/,
    'the application does not know this certificate: upload it under Certificates & secrets, and check that privateKey is its key',
  ],
  [/AADSTS700024\b/, WRONG_CLOCK],
  [
    /AADSTS(500011|50001|7000229)\b/,
    "the tenant does not know the API: check cloud, and that the permission of Office 365 Management APIs was added and has an administrator's consent",
  ],
  [/AADSTS7000112\b/, 'the application is disabled: enable it under Enterprise applications'],
  [
    /AADSTS53003\b/,
    'a Conditional Access policy keeps the application out: exclude it, or allow the address of Annals',
  ],
  [
    /\bAF10001\b/,
    "a permission is missing: add the application permission ActivityFeed.Read (for dlp also ActivityFeed.ReadDlp) of Office 365 Management APIs and grant administrator's consent",
  ],
  [/\bAF20010\b/, 'the token is of another tenant: check tenantId'],
  [/\bAF2001[123]\b/, 'Microsoft does not know this tenant: check tenantId and cloud'],
  [/\bAF20020\b/, 'this cloud does not have this content type'],
  [/\bAF200(30|55)\b/, `Microsoft takes the time asked for as too old or too long: ${WRONG_CLOCK}`],
  [/\bAF429\b/, 'Microsoft asks for fewer requests: collecting goes on by itself'],
];

/** What a text of Microsoft's, or an error that quotes it, means and what to do; undefined where that is not known. */
export function meaningOf(text: string): string | undefined {
  return MEANINGS.find(([pattern]) => pattern.test(text))?.[1];
}

/** What an error means for this API and what to do, in plain words. */
export function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error instanceof LogUnavailableError) return error.message;
  const meaning = meaningOf(error.message);
  if (meaning !== undefined) return meaning;
  if (error instanceof ThrottledError) return error.message;
  if (error instanceof CredentialError) return `${error.message}: check clientId, tenantId, cloud and the secrets`;
  if (error instanceof UnreachableError) return `${error.message}; check cloud, baseUrl and loginUrl too`;
  return undefined;
}
