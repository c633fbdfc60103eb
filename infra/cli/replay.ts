import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ConfigurationError, InvalidRequestError } from '../../shared/errors.ts';
import { SourceName, TenantName } from '../../shared/names.ts';
import { print, runCommand } from './command.ts';
import { replayFailed } from './replay/failed.ts';
import { operatorOf } from './replay/operator.ts';
import { replayArchive } from './replay/range.ts';

const USAGE = `usage: npm run --silent replay -- --failed [--list | --done KEY...] [--from DAY] [--to DAY] [--dir .annals | --stack NAME]
       npm run --silent replay -- --from DAY --to DAY --source NAME [--tenant T] [--days N] [--dir .annals | --stack NAME]
  --failed  replays what lies at the failure destinations: batches go to deliver again, records to Firehose; each is marked then
  --list    only shows it: when, what, how many records, whether something is left to do, where, why, and what helps
  --done    marks an object that was dealt with by hand
  --source  puts the events of this source that happened from DAY to DAY out of the archive into the hot store again,
            to be queried for N days (30); --tenant is the deployment's own if not given
  Nothing is deleted, and doing it twice does no harm. Exit status 1 when something is left.`;
const OPTIONS = {
  failed: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  done: { type: 'string', multiple: true, default: [] as string[] },
  from: { type: 'string' },
  to: { type: 'string' },
  source: { type: 'string' },
  tenant: { type: 'string' },
  days: { type: 'string' },
  dir: { type: 'string' },
  stack: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const Common = { from: z.iso.date().optional(), to: z.iso.date().optional() };
const Failed = z.strictObject({ ...Common, list: z.boolean(), done: z.array(z.string()) });
const Range = z.strictObject({
  from: z.iso.date(),
  to: z.iso.date(),
  source: SourceName,
  tenant: TenantName.optional(),
  days: z.coerce.number().int().min(1).max(3650).default(30),
});

/** Replays what failed, or a range of the archive. Status 1 when something is left. */
export async function replay(args: string[]): Promise<void> {
  const { failed, dir, stack, help, list, done, ...rest } = parseArgs({ args, options: OPTIONS }).values;
  if (help) {
    print(USAGE);
    return;
  }
  if (dir !== undefined && stack !== undefined) throw wrong('give --dir or --stack, not both');
  const place = stack === undefined ? { dir: dir ?? '.annals' } : { stack };
  const isDone = failed
    ? await ofFailed(place, { ...rest, list, done })
    : await ofRange(place, { ...rest, ...(list && { list }), ...(done.length > 0 && { done }) });
  if (!isDone) process.exitCode = 1;
}

async function ofFailed(place: Parameters<typeof operatorOf>[0], given: object): Promise<boolean> {
  const { from = '0000', to = '9999', list, done } = checked(Failed, given);
  if (list && done.length > 0) throw wrong('give --list or --done, not both');
  return replayFailed(await operatorOf(place), { days: { from, to }, list, done });
}

async function ofRange(place: Parameters<typeof operatorOf>[0], given: object): Promise<boolean> {
  const range = checked(Range, given);
  if (range.from > range.to) throw wrong('--from is after --to');
  return replayArchive(await operatorOf(place), { ...range, by: userInfo().username });
}

function checked<T>(schema: z.ZodType<T>, given: object): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message, ...issue }) =>
    'keys' in issue ? `--${issue.keys.join(', --')} does not go here` : `--${path.join('.')}: ${message}`,
  );
  throw wrong(problems.join('; '));
}

function wrong(what: string): InvalidRequestError {
  return new InvalidRequestError(`${what}\n${USAGE}`);
}

/** What AWS or the network says in place of an answer, as one sentence. */
async function withoutTraces(args: string[]): Promise<void> {
  try {
    await replay(args);
  } catch (error) {
    const isRefused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
    if (isRefused)
      throw new ConfigurationError('Annals is not running there: start it with npm start', { cause: error });
    if (error instanceof Error && ('$metadata' in error || error.name === 'CredentialsProviderError'))
      throw new ConfigurationError(`AWS did not do it: ${error.name}: ${error.message}`, { cause: error });
    throw error;
  }
}

if (import.meta.main) await runCommand(withoutTraces);
