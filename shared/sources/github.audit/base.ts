import { vendorUrl } from '../vendor-url.ts';

/** Where GitHub's API is, without a slash at its end. */
export const BaseUrl = vendorUrl()
  .default('https://api.github.com')
  .describe(
    'The API: https://api.github.com, https://HOST/api/v3 on Enterprise Server, https://api.SUBDOMAIN.ghe.com with data residency.',
  );

/** Enterprise Server's API, and no other, is at `/api/v3`: https://docs.github.com/en/enterprise-server/rest/quickstart */
export function isEnterpriseServer(baseUrl: string): boolean {
  return new URL(baseUrl).pathname === '/api/v3';
}

/**
 * The installation of GitHub whose events these are: `github.com`, `SUBDOMAIN.ghe.com` or a server's name. Ids of rows are
 * unique within it, and organizations can be renamed.
 */
export function installationOf(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  return /^api\.(github\.com|[^.]+\.ghe\.com)$/.test(hostname) ? hostname.slice('api.'.length) : hostname;
}
