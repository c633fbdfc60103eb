import {
  CredentialError,
  ForeignHostError,
  LogUnavailableError,
  PermissionError,
  UnreachableError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../polling/errors.ts';
import type { App } from './app.ts';

export interface Explained {
  readonly baseUrl: string;
  readonly enterprise?: string | undefined;
  readonly app?: App | undefined;
}

/** What an error means and what to do, in plain words; undefined where the error's own message says all there is to say. */
export function explain(error: unknown, { baseUrl, enterprise, app }: Explained): string | undefined {
  if (error instanceof LogUnavailableError || error instanceof ForeignHostError) return error.message;
  if (error instanceof CredentialError) return app ? error.message : refusedToken(error.message);
  if (error instanceof PermissionError) return missing(error.message, enterprise, app);
  if (error instanceof UnreachableError) {
    return `${error.message}. Is ${baseUrl} the right baseUrl? A server inside your own network needs "network": "private" on the connection.`;
  }
  if (error instanceof VendorUnavailableError && /not JSON|unexpected shape/.test(error.message)) {
    return `${error.message}. Is ${baseUrl} the address of the API, and not of the website? On Enterprise Server it ends with /api/v3.`;
  }
  if (error instanceof VendorRefusedError && error.status === 422) {
    return `GitHub does not accept the search: ${error.body}. An Enterprise Server older than 3.5 has no Git events: set "git": false.`;
  }
  return undefined;
}

function refusedToken(message: string): string {
  if (/no secret named/.test(message)) {
    return 'The connection has no secret. Give it "token", or the settings "app" and the secret "privateKey".';
  }
  return 'GitHub does not accept the token: it is mistyped, has expired or was revoked. Make a new one, and give the connection that; it goes on where it was.';
}

function missing(message: string, enterprise: string | undefined, app: App | undefined): string {
  if (/SAML|single sign-on/i.test(message)) {
    return `The token is good, but is not authorized for the organization's single sign-on. Open the list of your tokens at GitHub, and there "Configure SSO" beside it.`;
  }
  if (/User-Agent/i.test(message))
    return 'Something between Annals and GitHub takes the User-Agent header away, without which GitHub refuses.';
  if (/IP (address|allow)/i.test(message)) {
    return "The organization has a list of addresses that may use its API, and this one is not on it. Add the address that requests leave from, such as your NAT gateway's.";
  }
  if (/installation \d+/.test(message)) return message;
  if (enterprise !== undefined) {
    return app
      ? `GitHub does not let Apps read an enterprise's audit log. Use a classic token of an enterprise owner with the scope read:audit_log.`
      : `The token may not read the audit log of the enterprise. It has to be a classic token of an enterprise owner with the scope read:audit_log (admin:enterprise on Enterprise Server).`;
  }
  return app
    ? 'The app may not read the audit log. Give it the organization permission "Administration: read", and accept the change at its installation.'
    : `The token may not read the audit log. It has to belong to an owner of the organization, and needs the scope read:audit_log (classic) or the organization permission "Administration: read" (fine-grained).`;
}
