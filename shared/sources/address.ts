import { isIP, isIPv4 } from 'node:net';
import { scalarText } from '../json.ts';

/** The longest text that can be an IPv6 address with a zone and a port. */
const LONGEST = 100;
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const IPV4_PORT = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/;
// The ways in which a port is written after an IPv6 address: RFC 5952, section 6.
const IPV6_PORT = /^([0-9a-f]*:[0-9a-f:.]*?)(?::|#|\.|p| port )\d{1,5}$/i;
// RFC 4291, section 2.5.5.2
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * The IP address in a vendor's text, without port and brackets, an IPv4-mapped one as IPv4; undefined when there is none.
 *
 * @example
 * ```ts
 * addressOf('192.0.2.7:51312'); // '192.0.2.7'
 * addressOf('[2001:db8::7]:443'); // '2001:db8::7'
 * ```
 */
export function addressOf(value: unknown): string | undefined {
  const text = scalarText(value)?.trim();
  if (text === undefined || text.length > LONGEST) return undefined;
  const bare = BRACKETED.exec(text)?.[1] ?? text;
  const found = isIP(bare) === 0 ? (IPV4_PORT.exec(bare) ?? IPV6_PORT.exec(bare))?.[1] : bare;
  if (found === undefined || isIP(found) === 0) return undefined;
  const mapped = MAPPED_IPV4.exec(found)?.[1];
  return mapped !== undefined && isIPv4(mapped) ? mapped : found;
}
