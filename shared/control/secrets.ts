import {
  DeleteParameterCommand,
  GetParameterCommand,
  ParameterNotFound,
  PutParameterCommand,
  type SSMClient,
} from '@aws-sdk/client-ssm';
import { z } from 'zod';

/** A connection's secrets by name, and those they replaced, which are still good for a while. */
const StoredSecrets = z.strictObject({
  current: z.record(z.string(), z.string()),
  previous: z.record(z.string(), z.string()).optional(),
  previousUntil: z.string().optional(),
});

/** Names a secret parameter; chosen when the connection is made. */
export type SecretReference = string;

const ROTATION_MS = 24 * 3_600_000;
const CACHE_MS = 60_000;

/** Connections' secrets as SSM SecureString parameters, read through a cache of a minute. */
export class Secrets {
  readonly #ssm: SSMClient;
  readonly #prefix: string;
  readonly #cache = new Map<
    SecretReference,
    { readonly secrets: z.infer<typeof StoredSecrets>; readonly readAt: number }
  >();

  /** @param prefix of parameter names, beginning and ending with a slash. */
  constructor(ssm: SSMClient, prefix: string) {
    this.#ssm = ssm;
    this.#prefix = prefix;
  }

  async create(reference: SecretReference, secrets: Readonly<Record<string, string>>): Promise<void> {
    await this.#write(reference, { current: secrets }, false);
  }

  /** Replaces secrets; those before stay good for 24 hours, so that the vendor's side can follow. */
  async rotate(reference: SecretReference, secrets: Readonly<Record<string, string>>, now: Date): Promise<void> {
    const { current } = await this.#read(reference).catch(noneYet);
    // Done again with the same values, it must not forget those that they took the place of.
    if (Object.entries(secrets).every(([name, value]) => current[name] === value)) return;
    const previousUntil = new Date(now.getTime() + ROTATION_MS).toISOString();
    await this.#write(reference, { current: { ...current, ...secrets }, previous: current, previousUntil }, true);
  }

  async delete(reference: SecretReference): Promise<void> {
    try {
      await this.#ssm.send(new DeleteParameterCommand({ Name: this.#prefix + reference }));
    } catch (error) {
      if (!(error instanceof ParameterNotFound)) throw error;
    }
  }

  /**
   * The values that are good for a secret now, the current one first.
   *
   * @param notOlderThan what the cache holds must have been read after this (epoch milliseconds); for another try after a
   * secret was refused.
   */
  async values(
    reference: SecretReference,
    name: string,
    now: Date,
    notOlderThan = now.getTime() - CACHE_MS,
  ): Promise<string[]> {
    const cached = this.#cache.get(reference);
    const fresh = cached && cached.readAt >= notOlderThan ? cached.secrets : await this.#read(reference);
    const stillGood = fresh.previousUntil !== undefined && now.toISOString() < fresh.previousUntil;
    return [fresh.current[name], stillGood ? fresh.previous?.[name] : undefined].filter((value) => value !== undefined);
  }

  /** All of a connection's current secrets by name; a connection without any has none. */
  async current(
    reference: SecretReference,
    now: Date,
    notOlderThan = now.getTime() - CACHE_MS,
  ): Promise<Readonly<Record<string, string>>> {
    const cached = this.#cache.get(reference);
    if (cached && cached.readAt >= notOlderThan) return cached.secrets.current;
    return (await this.#read(reference).catch(noneYet)).current;
  }

  async #read(reference: SecretReference): Promise<z.infer<typeof StoredSecrets>> {
    const { Parameter } = await this.#ssm.send(
      new GetParameterCommand({ Name: this.#prefix + reference, WithDecryption: true }),
    );
    const secrets = StoredSecrets.parse(JSON.parse(Parameter?.Value ?? ''));
    this.#cache.set(reference, { secrets, readAt: Date.now() });
    return secrets;
  }

  async #write(reference: SecretReference, secrets: z.infer<typeof StoredSecrets>, replace: boolean): Promise<void> {
    await this.#ssm.send(
      new PutParameterCommand({
        Name: this.#prefix + reference,
        Type: 'SecureString',
        // Above 4 KB, which a private key and the one before it may need, the advanced tier is taken, at a price.
        Tier: 'Intelligent-Tiering',
        Value: JSON.stringify(secrets),
        Overwrite: replace,
      }),
    );
  }
}

/** A deletion that was cut short leaves a connection without secrets. */
function noneYet(error: unknown): z.infer<typeof StoredSecrets> {
  if (error instanceof ParameterNotFound) return { current: {} };
  throw error;
}
