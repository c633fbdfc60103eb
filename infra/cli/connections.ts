import { parseArgs } from 'node:util';
import { ConfigurationError } from '../../shared/errors.ts';
import { ConnectionTest, type StreamTest } from '../../shared/polling/test-result.ts';
import { API_OPTIONS, type Api, withApi } from './api.ts';
import { print, runCommand } from './command.ts';
import { readConnections } from './connection-file.ts';
import { apply, ask } from './connections-api.ts';

const USAGE = `usage: npm run connections -- list
       npm run connections -- apply FILE       makes or changes the connections of a JSON file
       npm run connections -- show|test|pause|resume|intervals|backfills|delete NAME
       npm run connections -- backfill NAME --from TIME --to TIME [--streams A,B]
  of the Annals that npm start runs from --dir (default .annals), of --stack NAME, or of --url URL with the API key in the
  environment variable ANNALS_KEY`;

interface Values {
  readonly from?: string;
  readonly to?: string;
  readonly streams?: string;
}

const COMMANDS: Readonly<Record<string, (api: Api, target: string, values: Values) => Promise<void>>> = {
  show: async (api, name) => show(await ask(api, 'GET', pathOf(name))),
  apply: applyFile,
  test,
  pause: async (api, name) => show(await ask(api, 'PATCH', pathOf(name), { paused: true })),
  resume: async (api, name) => show(await ask(api, 'PATCH', pathOf(name), { paused: false })),
  backfill: async (api, name, { from, to, streams }) => {
    if (from === undefined || to === undefined) throw new ConfigurationError(USAGE);
    const request = { from, to, ...(streams !== undefined && { streams: streams.split(',') }) };
    show(await ask(api, 'POST', `${pathOf(name)}/backfill`, request));
  },
  backfills: async (api, name) => show(await ask(api, 'GET', `${pathOf(name)}/backfills`)),
  intervals: async (api, name) => show(await ask(api, 'GET', `${pathOf(name)}/intervals`)),
  delete: async (api, name) => {
    await ask(api, 'DELETE', pathOf(name));
    print(`deleted ${name}; its events stay`);
  },
};

/** Makes, tests and looks after connections, through the API. */
async function connections(args: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...API_OPTIONS, from: { type: 'string' }, to: { type: 'string' }, streams: { type: 'string' } },
  });
  const [action = '', target, ...more] = positionals;
  const command = Object.hasOwn(COMMANDS, action) ? COMMANDS[action] : undefined;
  const isList = action === 'list' && target === undefined;
  if (more.length > 0 || !(isList || (command && target !== undefined))) throw new ConfigurationError(USAGE);
  const { from, to, streams } = values;
  const given = {
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(streams !== undefined && { streams }),
  };
  if (action !== 'backfill' && Object.keys(given).length > 0) throw new ConfigurationError(USAGE);
  await withApi(values, ['read', 'admin'], 'connections', async (api) => {
    if (command && target !== undefined) await command(api, target, given);
    else show(await ask(api, 'GET', ''));
  });
}

async function applyFile(api: Api, file: string): Promise<void> {
  for (const declared of await readConnections(file, process.env)) {
    print(`${await apply(api, declared)} ${declared.name}`);
  }
}

async function test(api: Api, name: string): Promise<void> {
  const { ok, streams } = ConnectionTest.parse(await ask(api, 'POST', `${pathOf(name)}/test`));
  for (const stream of streams) print(inWords(stream));
  if (!ok) process.exitCode = 1;
}

function inWords({ stream, ok, events, newest, code, message, advice }: StreamTest): string {
  const what = ok
    ? `ok      ${stream}: ${events === 0 ? 'no event' : `an event of ${newest ?? 'an unknown time'}`}`
    : `FAILED  ${stream}: ${message ?? ''} (${code ?? ''})`;
  return advice === undefined ? what : `${what}\n        ${advice}`;
}

function pathOf(name: string): string {
  return `/${encodeURIComponent(name)}`;
}

function show(answer: unknown): void {
  print(JSON.stringify(answer, undefined, 2));
}

await runCommand(connections);
