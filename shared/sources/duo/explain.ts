import {
  CredentialError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  VendorRefusedError,
} from '../../polling/errors.ts';

const CODE = /"code"\s*:\s*"?(\d{5})\b/;

/** By Duo's own codes, of which the first three digits are the HTTP status. */
const MEANINGS: Readonly<Record<string, string>> = {
  '40101': 'Duo saw no credentials in the request: something between here and Duo takes the Authorization header away.',
  '40102':
    "Duo does not know the integration key: compare integrationKey with the application's page, see that the application was not deleted, and that baseUrl is the API hostname of the same account.",
  '40103':
    "Duo finds the signature wrong: secretKey is not the secret key of this integration key, or it was reset. Copy it again from the application's page.",
  '40105':
    "Duo finds the time of the request wrong: set the clock of this machine. Annals goes by Duo's own time as soon as an answer tells it, so something on the way may also take the Date header from Duo's answers.",
};

/** What an error means for a Duo connection and what to do about it; undefined where the error says all there is. */
export function explain(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const meaning = MEANINGS[CODE.exec(error.message)?.[1] ?? ''];
  if (meaning !== undefined) return meaning;
  if (error instanceof CredentialError) {
    return 'Duo does not accept the keys: integrationKey and secretKey must be those of one Admin API application, and baseUrl the API hostname on its page.';
  }
  if (error instanceof PermissionError) {
    return 'Duo knows the application and refuses the log: as an Owner, give it the permission "Grant read log", see that it is an Admin API application, and that its "Networks for API access" are empty or hold the address that requests come from.';
  }
  if (error instanceof ThrottledError) {
    return "Duo takes about one request a minute for logs. Collecting goes on by itself; if this stays, something else reads the same account's logs.";
  }
  if (error instanceof UnreachableError) {
    return "There is no way to the API hostname: compare baseUrl with the application's page, and see that HTTPS to it is let out.";
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return "Duo has no such log at this address: the account's edition does not include it, or Duo has retired this version of it (duo.admin is version 1; duo.activity follows it).";
  }
  return undefined;
}
