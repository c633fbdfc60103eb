import type { LocalAccess } from '../stack/files.ts';

/** Where the page is, and what to try, as commands to paste into a shell: send an event, find it through the API, find it in the archive. */
export function hints({ url, key, tenant }: LocalAccess, dir: string): string {
  const authorization = `-H 'authorization: Bearer ${key}'`;
  const event = `{"action":"hello.world","actor":{"email":"you@example.com"},"outcome":"success","time":"'$(date -u +%Y-%m-%dT%H:%M:%SZ)'"}`;
  const folder = dir === '.annals' ? '' : ` --dir '${dir.replaceAll("'", "'\\''")}'`;
  return `
Annals answers at ${url}
The page: open ${url} in a browser and sign in with the API key, which is in ${dir}/local.json too.
API key of tenant ${tenant}, for everything: ${key}

Send an event:
  curl -sS ${url}/v1/events ${authorization} -H 'content-type: application/json' -d '${event}'

Find it through the API:
  curl -sS '${url}/v1/events?source=custom&action=hello.world' ${authorization}

Find it in the archive:
  npm run --silent sql -- "select time, action, actor_email from events where action = 'hello.world'"${folder}
`;
}
