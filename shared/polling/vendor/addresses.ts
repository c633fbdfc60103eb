import { lookup as resolve } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';
import { AddressRefusedError } from '../errors.ts';

/** Which addresses a connection may reach besides public ones. */
export interface AddressRules {
  /** Private networks too: those of RFC 1918, RFC 4193 and RFC 6598. */
  readonly privateNetworks: boolean;
  /** Blocks in CIDR notation, or single addresses: also of kinds that are refused otherwise, such as loopback. */
  readonly allowed: readonly string[];
}

const PRIVATE = blockList([
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '192.0.0.0/24',
  '198.18.0.0/15',
  'fc00::/7',
]);

/**
 * Never a vendor: this host, links (where clouds keep their metadata services, https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html),
 * multicast and what is reserved.
 */
const NEVER = blockList([
  '0.0.0.0/8',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '100.100.100.200/32',
  '::/128',
  '::1/128',
  'fe80::/10',
  'ff00::/8',
  'fd00:ec2::/32',
]);

/** A way to resolve names for `net.connect` that refuses addresses which the rules do not allow. */
export function guardedLookup(rules: AddressRules): LookupFunction {
  const check = addressCheck(rules);
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      const refused = addresses.find(({ address }) => !check(address));
      if (refused) return callback(refusal(hostname, refused.address), []);
      const [first] = addresses;
      if (options.all || !first) return callback(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}

/**
 * Checks a host that is an address itself, which nobody looks up.
 *
 * @throws AddressRefusedError
 */
export function checkHost(hostname: string, rules: AddressRules): void {
  const address = hostname.replace(/^\[|\]$/g, '');
  if (isIP(address) !== 0 && !addressCheck(rules)(address)) throw refusal(hostname, address);
}

/** True if the text is an address or a block of them. */
export function isAddressBlock(text: string): boolean {
  try {
    blockList([text]);
    return true;
  } catch {
    return false;
  }
}

function addressCheck({ privateNetworks, allowed }: AddressRules): (address: string) => boolean {
  const explicit = blockList(allowed);
  return (given) => {
    const address = withinNat64(given) ?? given;
    if (has(explicit, address)) return true;
    if (has(NEVER, address)) return false;
    return privateNetworks || !has(PRIVATE, address);
  };
}

function refusal(hostname: string, address: string): AddressRefusedError {
  return new AddressRefusedError(
    `${hostname} is at ${address}, which is not a public address: a vendor inside your own network needs "network": "private" on the connection, other addresses have to be listed in its "allowedAddresses"`,
  );
}

function has(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}

/** The IPv4 address behind a NAT64 address of the well-known prefix 64:ff9b::/96 (RFC 6052). */
function withinNat64(address: string): string | undefined {
  const match = /^64:ff9b::(?:([0-9a-f]{1,4}):)?([0-9a-f]{1,4})$/i.exec(address);
  if (!match) return undefined;
  const high = Number.parseInt(match[1] ?? '0', 16);
  const low = Number.parseInt(match[2] ?? '0', 16);
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function blockList(blocks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const block of blocks) {
    const [address = '', prefix, ...more] = block.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else if (/^\d{1,3}$/.test(prefix) && more.length === 0) list.addSubnet(address, Number(prefix), family);
    else throw new TypeError(`${block} is not a block of addresses`);
  }
  return list;
}
