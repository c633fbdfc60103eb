/** What to do about each kind of failure, where the source's poller has nothing better to say. */
const ADVICE: Readonly<Record<string, string>> = {
  credential_refused:
    'The vendor does not accept the secrets: they are mistyped, expired or revoked, or belong to another account. Give the connection new ones; it goes on where it was.',
  permission_missing:
    'The vendor knows the caller and does not let it read this log: a scope, role or permission is missing. The page of the source names it.',
  throttled:
    'The vendor asks to be left alone for a while. Polling waits and goes on by itself; look who else uses the same account or credentials if it stays so.',
  vendor_unavailable:
    'The vendor did not answer as it should. Polling tries again by itself; look at the vendor\'s status page if it stays so, and at the address in "settings".',
  unreachable:
    'There is no way to the host: check the address in "settings". A vendor inside your own network needs "network": "private", and one with a certificate of your own "certificateAuthority".',
  address_refused:
    'The host has a private address. A vendor inside your own network needs "network": "private" on the connection; other addresses that are not public have to be listed in "allowedAddresses".',
  foreign_host:
    'The vendor points to a host that is not one of this connection\'s. Check that the address in "settings" is the vendor\'s own name, and no alias.',
  vendor_refused: 'The vendor understood the request and refused it: check the connection\'s "settings".',
  log_unavailable: 'The audit log is not there: it has to be switched on at the vendor, or its plan does not have one.',
  cursor_expired: 'The vendor does not know the position any more. Polling reads the window again by itself.',
  cursor_repeated: "The vendor's paging leads in circles. Polling tries again with another window.",
  reply_too_large: "The vendor's answer is too large to be read. Polling tries again with a smaller window.",
  store_unavailable: 'Annals could not store the events. They are read and stored again with the next poll.',
};

/** What people can do about an error, by its code; undefined for one that only the logs explain. */
export function adviceFor(code: string): string | undefined {
  return Object.hasOwn(ADVICE, code) ? ADVICE[code] : undefined;
}
