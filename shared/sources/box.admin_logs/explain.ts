import {
  CredentialError,
  PermissionError,
  ThrottledError,
  UnreachableError,
  VendorRefusedError,
} from '../../polling/errors.ts';
import { type Settings, tokenUrlOf } from './settings.ts';

/** What an error means for a Box connection and what to do; undefined where the error says all there is. */
export function explain(error: unknown, settings: Settings): string | undefined {
  if (error instanceof PermissionError) {
    if (error.message.includes('access_from_location_blocked')) {
      return "The enterprise's rules do not let this address in: allow the address that requests come from in the Admin Console, or poll from a network whose address is allowed.";
    }
    return 'Box knows the app and does not let it read the events of the enterprise: give it the scope "Manage enterprise properties" in the Developer Console, and let an administrator authorize it again in the Admin Console. The plan must be Business Plus or above.';
  }
  // The token endpoint's refusals have words of their own.
  if (error instanceof CredentialError && error.message.includes('was answered with 401')) {
    return 'Box does not take the token that it has just given: see that baseUrl and tokenUrl are of the same Box, and that the app is still enabled in the Admin Console.';
  }
  if (error instanceof ThrottledError) {
    return "Box takes 1,000 requests a minute for each user, and the plan has a number of them a month: collecting goes on by itself. If it stays so, see the use of the month's requests in the Admin Console.";
  }
  if (error instanceof UnreachableError) {
    const hosts = [...new Set([settings.baseUrl, tokenUrlOf(settings)].map((url) => new URL(url).host))];
    return `There is no way to Box: let HTTPS to ${hosts.join(' and ')} out.`;
  }
  if (error instanceof VendorRefusedError && error.status === 404) {
    return 'Box has nothing at this address: take the settings baseUrl and tokenUrl out, or correct them.';
  }
  return undefined;
}
