import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { AnnalsError, ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { runSql } from '../local/sql.ts';
import { FORMATS } from './sql-format.ts';
import { listSaved, savedStatement } from './sql-saved.ts';

const USAGE = `usage: npm run --silent sql -- "<statement>" [--dir .annals] [--format ${Object.keys(FORMATS).join('|')}]
       npm run --silent sql -- --query NAME [--param name=value ...]
       npm run --silent sql -- --queries
  the statement is one SELECT, WITH, EXPLAIN, DESCRIBE or SHOW over the view events; - reads it from standard input
  --query runs a saved query, --queries lists them and the views`;
const FLUSH_TIMEOUT_MS = 10_000;
const Local = z.object({ url: z.url(), key: z.string() });

/** Where the command reads and writes; a process has these, and so may a test. */
export interface SqlStreams {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/**
 * Runs the `sql` command and returns its exit status: has the running Annals deliver what it holds, then asks landing and
 * archive a statement of the user's, or a saved one. Results go to standard output, everything else to standard error, a failure as one line.
 */
export async function sqlCommand(args: readonly string[], { stdin, stdout, stderr }: SqlStreams): Promise<number> {
  try {
    const { statement, dir, format, query, params, list } = readArguments(args);
    if (list) {
      stdout.write(listSaved());
      return 0;
    }
    const sql = query === undefined ? await readStatement(statement, stdin) : savedStatement(query, params);
    const notice = await flush(dir);
    if (notice !== undefined) stderr.write(`${notice}; events that are not delivered yet are missing here\n`);
    stdout.write(FORMATS[format](await runSql({ dir, sql })));
    return 0;
  } catch (error) {
    if (!(error instanceof AnnalsError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parse(args);
  const { query, param: params, queries: list } = values;
  const [statement = ''] = positionals;
  if (positionals.length !== (list || query !== undefined ? 0 : 1) || (list && query !== undefined))
    throw new InvalidRequestError(`sql takes one statement, in quotes, or --query, or --queries\n${USAGE}`);
  if (params.length > 0 && query === undefined)
    throw new InvalidRequestError(`--param goes with --query only\n${USAGE}`);
  const format = z.enum(Object.keys(FORMATS) as (keyof typeof FORMATS)[]).safeParse(values.format);
  if (!format.success)
    throw new InvalidRequestError(`--format must be one of ${Object.keys(FORMATS).join(', ')}\n${USAGE}`);
  return { statement, dir: values.dir, format: format.data, query, params, list };
}

async function readStatement(statement: string, stdin: NodeJS.ReadableStream): Promise<string> {
  return statement === '-' ? await text(stdin) : statement;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        dir: { type: 'string', default: '.annals' },
        format: { type: 'string', default: 'table' },
        query: { type: 'string' },
        param: { type: 'string', multiple: true, default: [] },
        queries: { type: 'boolean', default: false },
      },
      allowPositionals: true,
    });
  } catch (cause) {
    const [what] = cause instanceof Error ? cause.message.split('. ') : [String(cause)];
    throw new InvalidRequestError(`${what}\n${USAGE}`, [], { cause });
  }
}

/** Has the running Annals deliver what it holds; the reason when that was not possible. */
async function flush(dir: string): Promise<string | undefined> {
  const local = await readLocal(join(dir, 'local.json'));
  if (local === undefined) return 'Annals is not running';
  const { url, key } = local;
  try {
    const response = await fetch(new URL('/_local/flush', url), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      signal: AbortSignal.timeout(FLUSH_TIMEOUT_MS),
    });
    if (response.ok) return undefined;
    return `Annals at ${url} could not deliver: ${response.status} ${(await response.text()).trim()}`;
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return `Annals at ${url} did not answer in time`;
    return 'Annals is not running';
  }
}

async function readLocal(path: string): Promise<z.infer<typeof Local> | undefined> {
  const file = await readFile(path, 'utf8').catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    return Local.parse(JSON.parse(file));
  } catch (cause) {
    throw new ConfigurationError(`${path} can't be read; npm start writes it anew`, { cause });
  }
}

if (import.meta.main) {
  // A reader such as head may close the pipe early.
  process.stdout.on('error', () => process.exit(0));
  process.exitCode = await sqlCommand(process.argv.slice(2), process);
}
