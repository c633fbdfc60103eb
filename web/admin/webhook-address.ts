/**
 * The address that the vendor is given.
 *
 * @param path as the API tells it; `{secret}` in it is where the secret goes.
 * @param secret null when it is not known any more: the place stays marked.
 */
export function webhookAddress(origin: string, path: string, secret: string | null): string {
  return `${origin}${secret === null ? path : path.replace('{secret}', encodeURIComponent(secret))}`;
}

/** True if the address itself is the secret. */
export function isSecretInPath(path: string): boolean {
  return path.endsWith('/{secret}');
}
