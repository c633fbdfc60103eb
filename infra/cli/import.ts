import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { AnnalsError, ConfigurationError } from '../../shared/errors.ts';
import { type Api, localApi, remoteApi } from './api.ts';
import { batchesOf } from './batches.ts';
import { print, runCommand } from './command.ts';

const USAGE = `usage: npm run import -- --connection NAME FILE|s3://BUCKET/KEY|- [--dir .annals | --url URL]
  with --url the API key is read from the environment variable ANNALS_KEY`;
const MAX_ATTEMPTS = 8;

/** The API did not take a batch. */
class ImportError extends AnnalsError {
  readonly code = 'import';
}

/** Sends a file of a vendor's own events to a connection. Doing it again, or going on after a failure, stores nothing twice. */
async function importFile(args: string[]): Promise<void> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { connection: { type: 'string' }, dir: { type: 'string', default: '.annals' }, url: { type: 'string' } },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1 || values.connection === undefined)
    throw new ConfigurationError(USAGE);
  const api = values.url === undefined ? await localApi(values.dir) : remoteApi(values.url);
  const totals = { sent: 0, stored: 0, existing: 0, unreadable: 0 };
  const unreadable = () => {
    totals.unreadable += 1;
  };
  for await (const { lines } of batchesOf(await open(file), unreadable)) {
    const { stored, existing } = await send(api, values.connection, lines);
    totals.sent += lines.length;
    totals.stored += stored;
    totals.existing += existing.length;
  }
  print(
    `${totals.sent} vendor events sent: ${totals.stored} events stored, ${totals.existing} were there already, ${totals.unreadable} lines unreadable`,
  );
  if (totals.unreadable > 0) process.exitCode = 1;
}

async function open(file: string): Promise<Readable> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(file) ?? [];
  if (bucket !== undefined && key !== undefined) {
    const { GetObjectCommand, S3Client } = await import('@aws-sdk/client-s3');
    const { Body } = await new S3Client({})
      .send(new GetObjectCommand({ Bucket: bucket, Key: key }))
      .catch((cause: Error) => {
        throw new ConfigurationError(`can't read ${file}: ${cause.message}`, { cause });
      });
    if (Body instanceof Readable) return Body;
    throw new ConfigurationError(`${file} is empty`);
  }
  if (file === '-') return process.stdin;
  const stream = createReadStream(file);
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', (cause) => reject(new ConfigurationError(`can't read ${file}: ${cause.message}`, { cause })));
  });
  return stream;
}

const Report = z.object({ stored: z.number(), existing: z.array(z.string()) });

async function send({ url, key }: Api, connection: string, lines: readonly string[]): Promise<z.infer<typeof Report>> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${url}/v1/events?connection=${encodeURIComponent(connection)}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      body: gzipSync(lines.join('\n')),
    });
    const text = await response.text();
    if (response.status === 202) return Report.parse(JSON.parse(text));
    const isBusy = response.status === 429 || response.status >= 500;
    if (!isBusy || attempt === MAX_ATTEMPTS) throw new ImportError(`the API answered ${response.status}: ${text}`);
    const seconds = Number(response.headers.get('retry-after') ?? 2 ** attempt);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  }
}

await runCommand(importFile);
