import { z } from 'zod';

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A setting that holds the address of a vendor: https, or http on this machine only, as secrets are sent there. Slashes at
 * its end are cut off.
 */
export function vendorUrl() {
  return z
    .string()
    .trim()
    .refine(isVendorUrl, 'must be an https:// address (http:// for localhost only) without user, query and fragment')
    .overwrite((url) => url.replace(/\/+$/, ''));
}

function isVendorUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url) return false;
  if (url.username !== '' || url.password !== '' || /[?#]/.test(text)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/** A server as people name it, for the origin of its events: host and port, and the path if it has one. */
export function serverName(url: string): string {
  const { host, pathname } = new URL(url);
  return pathname === '/' ? host : host + pathname;
}
