import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigurationError } from '../../../shared/errors.ts';

/** `true` for a shard that was read to its end. */
type Position = string | true;

const Stored = z.strictObject({
  stream: z.string(),
  shards: z.record(z.string(), z.union([z.string(), z.literal(true)])),
});

/** How far each shard of a stream has been handled, kept in a file that is replaced whole at each step. */
export class Checkpoint {
  readonly #file: string;
  readonly #stream: string;
  readonly #shards: Map<string, Position>;
  #saving: Promise<void> = Promise.resolve();

  /** @throws ConfigurationError when the file holds something else. */
  constructor(file: string, streamArn: string) {
    this.#file = file;
    // Without Region and account: the same items are read whatever Region this machine is set to.
    this.#stream = streamArn.split(':').slice(5).join(':');
    const stored = load(file);
    // Positions in another stream mean nothing in this one.
    this.#shards = new Map(stored?.stream === this.#stream ? Object.entries(stored.shards) : []);
  }

  position(shardId: string): Position | undefined {
    return this.#shards.get(shardId);
  }

  /** Forgets shards that the stream no longer has. */
  keep(shardIds: ReadonlySet<string>): void {
    for (const id of this.#shards.keys()) if (!shardIds.has(id)) this.#shards.delete(id);
  }

  forget(shardId: string): void {
    this.#shards.delete(shardId);
  }

  /** Resolves when the position is in the file. */
  save(shardId: string, position: Position): Promise<void> {
    this.#shards.set(shardId, position);
    const text = JSON.stringify({ stream: this.#stream, shards: Object.fromEntries(this.#shards) });
    const saved = this.#saving.then(async () => {
      await writeFile(`${this.#file}.tmp`, text);
      await rename(`${this.#file}.tmp`, this.#file);
    });
    this.#saving = saved.catch(() => undefined);
    return saved;
  }
}

function load(file: string): z.infer<typeof Stored> | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return Stored.parse(JSON.parse(text));
  } catch (cause) {
    throw new ConfigurationError(
      `${file} does not hold a stream position; remove it to read the stream from its start`,
      {
        cause,
      },
    );
  }
}
