import {
  CredentialError,
  PermissionError,
  UnreachableError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../polling/errors.ts';

/** What an error of AppOmni means and what to do; undefined where its own message says it all. */
export function explain(error: unknown): string | undefined {
  if (error instanceof CredentialError) return explainCredential(error.message);
  if (error instanceof PermissionError) {
    return "AppOmni knows the token, and its user's roles don't allow reading the audit log. Try the role readonly first, then administrators: AppOmni does not say which one is needed.";
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return 'There is no AppOmni API at this address. Check "baseUrl": it is the host that you log in at, such as https://acme.appomni.com.';
  }
  if (error instanceof VendorRefusedError && error.status === 400) {
    return `AppOmni did not take the request: ${error.body}. The filters since and before are not documented and may have changed.`;
  }
  if (error instanceof UnreachableError) {
    return `${error.message}. Check the instance's name in "baseUrl".`;
  }
  if (error instanceof VendorUnavailableError && /not JSON|unexpected shape/.test(error.message)) {
    return 'Something else than the AppOmni API answered. Check "baseUrl": it is the address of your instance, without a path.';
  }
  return undefined;
}

function explainCredential(message: string): string {
  if (message.includes('"clientId"')) return message;
  if (message.includes('invalid_client')) {
    return 'AppOmni does not know the API application. Check "clientId" in the settings and the secret "clientSecret" (Settings, API Settings).';
  }
  if (message.includes('refresh token')) {
    return `${message}. A refresh token is good for one use: it was revoked, or something else uses it too. Make a new one for Annals alone and set it as the secret "refreshToken".`;
  }
  if (message.includes('no secret named')) {
    return 'Give the connection either the secret accessToken, or clientId, clientSecret and refreshToken.';
  }
  return 'AppOmni does not accept the access token: it expired, was revoked or belongs to another instance. Make a new one (Settings, API Settings) and set it as the secret "accessToken".';
}
