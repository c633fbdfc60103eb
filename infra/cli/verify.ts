import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { openDuckDb } from '../../shared/archive/duckdb.ts';
import { dueAt } from '../../shared/archive/seal/days.ts';
import { findEvent, type SealedEvent } from '../../shared/archive/verify/event.ts';
import { findExpired } from '../../shared/archive/verify/expired.ts';
import { Found } from '../../shared/archive/verify/findings.ts';
import { ParquetReader } from '../../shared/archive/verify/parquet.ts';
import { type ArchiveReader, s3ArchiveReader } from '../../shared/archive/verify/reader.ts';
import type { FileTools } from '../../shared/archive/verify/sealed-file.ts';
import { type PinnedKey, pinnedKey } from '../../shared/archive/verify/trust.ts';
import { type VerifyOptions, type VerifyResult, verifyArchive } from '../../shared/archive/verify/verify.ts';
import { AnnalsError, InvalidRequestError } from '../../shared/errors.ts';
import { isEventId } from '../../shared/event/id.ts';
import { localArchiveReader } from '../local/archive-reader.ts';
import { readStackFile } from '../local/stack/files.ts';
import { stackOutputs } from './stack-outputs.ts';

const USAGE = `usage: npm run --silent verify -- [--key FILE|fingerprint]... [--from DAY] [--to DAY] [--dir .annals | --stack NAME] [--event ID]
  --key    the public key (PEM) or its fingerprint that digests must be signed with; more than one after a key was replaced
  --from, --to  read only the files sealed on these days; the chain is always verified whole
  --event  show in which file and digest one event is sealed, and verify from there`;
const OPTIONS = {
  key: { type: 'string', multiple: true, default: [] as string[] },
  from: { type: 'string' },
  to: { type: 'string' },
  dir: { type: 'string' },
  stack: { type: 'string' },
  event: { type: 'string' },
} as const;

/** Where the command writes; a process has these, and so may a test. */
export interface VerifyStreams {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

interface Arguments {
  readonly keys: readonly PinnedKey[];
  readonly from: string;
  readonly to: string;
  readonly isFromGiven: boolean;
  readonly place: { readonly dir: string } | { readonly stack: string };
  readonly event: string | undefined;
}

/**
 * Runs the `verify` command: a line a day, a line for each thing that is wrong, and a verdict in the last.
 *
 * @param now the time by which things are due.
 * @returns the exit status: 0 when all is as it was sealed, else 1.
 */
export async function verifyCommand(
  args: readonly string[],
  streams: VerifyStreams,
  now = new Date(),
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'annals-verify-'));
  try {
    const wanted = await readArguments(args);
    const reader = await readerOf(wanted.place);
    const duckDb = await openDuckDb({ threads: 1, memoryMb: 500, temporary: join(folder, 'spill') });
    try {
      const tools = { reader, folder, parquet: new ParquetReader(await duckDb.connect()) };
      return await run(wanted, tools, streams, now);
    } finally {
      duckDb.closeSync();
    }
  } catch (error) {
    if (!(error instanceof AnnalsError)) throw error;
    streams.stderr.write(`${error.message}\n`);
    return 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(wanted: Arguments, tools: FileTools, { stdout }: VerifyStreams, now: Date): Promise<number> {
  const print = (line: string) => stdout.write(`${line}\n`);
  const { keys: pinned, from, to, event } = wanted;
  const options: VerifyOptions = { ...tools, pinned, now, from: wanted.isFromGiven ? from : undefined };
  if (event === undefined) {
    const reads: VerifyOptions['reads'] = (_, day) => from <= day && day <= to;
    return follow(verifyArchive({ ...options, reads }), print, ({ day }) => from <= day && day <= to);
  }
  const found = await findEvent(event, tools).catch((error: unknown) => {
    if (error instanceof Found) return error;
    throw error;
  });
  if (found === undefined) {
    for (const { file, digest } of await findExpired(event, tools.reader))
      print(
        `expired     ${file.key}  ${file.rows} events of its time, tenant ${file.tenant}; listed by ${digest.key}  SHA-256 ${digest.sha256}`,
      );
    print(
      `NOT verified: no digest names a file with event ${event}; what was received today is sealed after ${dueAt(now.toISOString().slice(0, 10)).toISOString()}`,
    );
    return 1;
  }
  const fileKey = found instanceof Found ? found.finding.key : found.file.key;
  if (!(found instanceof Found)) for (const line of shown(found)) print(line);
  const since = found instanceof Found ? '' : found.digest.day;
  return follow(verifyArchive({ ...options, reads: ({ key }) => key === fileKey }), print, ({ day }) => day >= since);
}

/** Prints results as they come; days, only those that `shows` wants. */
async function follow(
  results: AsyncIterable<VerifyResult>,
  print: (line: string) => void,
  shows: (day: { day: string }) => boolean,
): Promise<number> {
  let status = 1;
  for await (const result of results) {
    if (result.kind === 'finding') print(`WRONG       ${result.finding.message}`);
    else if (result.kind === 'verdict') {
      print(result.verdict.line);
      if (result.verdict.status === 'verified' || result.verdict.status === 'self-consistent') status = 0;
    } else if (shows(result)) {
      const { day, sha256, files, filesRead, rows, expired } = result;
      const ended = expired === 0 ? '' : `; ${expired} files expired`;
      print(`${day}  ${sha256}  ${files} files (${filesRead} read), ${rows} events${ended}`);
    }
  }
  return status;
}

function shown({ id, tenant, source, time, file, digest }: SealedEvent): string[] {
  return [
    `event       ${id}  ${source}  ${time}  tenant ${tenant}`,
    `file        ${file.key}  version ${file.version}  SHA-256 ${file.sha256}  ${file.rows} events`,
    `digest      ${digest.key}  SHA-256 ${digest.sha256}  signed by ${digest.signedBy}`,
  ];
}

async function readArguments(args: readonly string[]): Promise<Arguments> {
  const { key, from, to, dir, stack, event } = parse(args);
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && !z.iso.date().safeParse(day).success)
      throw new InvalidRequestError(`--${name} must be a day such as 2026-11-22\n${USAGE}`);
  if (event !== undefined && !isEventId(event)) throw new InvalidRequestError(`--event must be an event id\n${USAGE}`);
  if (dir !== undefined && stack !== undefined)
    throw new InvalidRequestError(`give --dir or --stack, not both\n${USAGE}`);
  const place = stack === undefined ? { dir: dir ?? '.annals' } : { stack };
  const keys = await Promise.all(key.map(async (one) => pinnedKey(await readFile(one, 'utf8').catch(() => one))));
  return { keys, from: from ?? '0000', to: to ?? '9999', isFromGiven: from !== undefined, place, event };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (cause) {
    const [what] = cause instanceof Error ? cause.message.split('. ') : [String(cause)];
    throw new InvalidRequestError(`${what}\n${USAGE}`, [], { cause });
  }
}

async function readerOf(place: Arguments['place']): Promise<ArchiveReader> {
  if ('stack' in place) return s3ArchiveReader((await stackOutputs(place.stack)).ArchiveBucket);
  return localArchiveReader(place.dir, readStackFile(place.dir).buckets.archive);
}

if (import.meta.main) {
  // A reader such as head may close the pipe early.
  process.stdout.on('error', () => process.exit(1));
  process.exitCode = await verifyCommand(process.argv.slice(2), process);
}
