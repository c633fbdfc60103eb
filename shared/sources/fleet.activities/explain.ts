import {
  AddressRefusedError,
  CredentialError,
  PermissionError,
  UnreachableError,
  VendorRefusedError,
  VendorUnavailableError,
} from '../../polling/errors.ts';

/** What an error of a Fleet server means and what to do; undefined where its own message says it all. */
export function explain(error: unknown): string | undefined {
  if (error instanceof CredentialError) {
    return 'Fleet does not accept the token. Make a new one for the API-only user ("fleetctl user create --api-only …") and set it as the secret "token"; log-ins for new tokens would be activities themselves.';
  }
  if (error instanceof PermissionError) {
    return "The token's user may not read activities. It needs a global role: observer is enough, roles of a team (fleet) and the role gitops are not.";
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return 'The server has no activities at this address. Check that "baseUrl" is that of the Fleet server, with its URL prefix if it has one, and without /api.';
  }
  if (error instanceof VendorRefusedError && error.status === 400) {
    return `The Fleet server did not understand the request: ${error.body}. Update Fleet if its version is an old one.`;
  }
  if (error instanceof UnreachableError || error instanceof AddressRefusedError) {
    return `${error.message}. A Fleet server inside your own network needs "network": "private" on the connection, and one with a certificate of your own "certificateAuthority".`;
  }
  if (error instanceof VendorUnavailableError && /not JSON|unexpected shape/.test(error.message)) {
    return 'Something else than a Fleet server answered, such as a proxy or a log-in page. Check "baseUrl", and that /api/v1/fleet/activities passes without a log-in of its own.';
  }
  return undefined;
}
