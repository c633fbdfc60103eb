import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { chmod, link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ConfigurationError } from '../../../../shared/errors.ts';
import type { KeyDefinition } from '../../types.ts';

export interface KeyMaterial {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
  readonly created: Date;
}

const generate = promisify(generateKeyPair);

/**
 * Reads the key pairs from `<dir>/kms/<id>.pem`, and makes those that are missing. Only their owner can read the files.
 *
 * @throws ConfigurationError when a file is not an RSA key of the size that is asked for.
 */
export async function openKeys(dir: string, keys: readonly KeyDefinition[]): Promise<ReadonlyMap<string, KeyMaterial>> {
  const folder = join(dir, 'kms');
  if (keys.length > 0) await mkdir(folder, { recursive: true, mode: 0o700 });
  const opened = new Map<string, KeyMaterial>();
  for (const { id, spec } of keys) {
    const file = join(folder, `${id}.pem`);
    const bits = Number(spec.slice('RSA_'.length));
    opened.set(id, (await load(file, bits)) ?? (await make(file, bits)));
  }
  return opened;
}

async function load(file: string, bits: number): Promise<KeyMaterial | undefined> {
  let pem: string;
  try {
    // A copy of the folder may have lost its modes.
    await chmod(file, 0o600);
    pem = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const privateKey = parse(pem, file);
  const { asymmetricKeyType, asymmetricKeyDetails } = privateKey;
  if (asymmetricKeyType !== 'rsa' || asymmetricKeyDetails?.modulusLength !== bits)
    throw new ConfigurationError(
      `${file} is not the ${bits} bit RSA key that the template asks for: put the right key back, or move it away to have a new one made`,
    );
  return { privateKey, publicKey: createPublicKey(privateKey), created: (await stat(file)).mtime };
}

function parse(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new ConfigurationError(
      `${file} holds no private key: put back a copy of it, or move it away to have a new one made, under which nothing signed before can be verified`,
      { cause },
    );
  }
}

async function make(file: string, bits: number): Promise<KeyMaterial> {
  const { privateKey } = await generate('rsa', { modulusLength: bits });
  const draft = `${file}.${process.pid}.tmp`;
  const handle = await open(draft, 'w', 0o600);
  try {
    await handle.chmod(0o600);
    await handle.writeFile(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    // Not a rename: a key that is there by now must not be lost.
    await link(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  return { privateKey, publicKey: createPublicKey(privateKey), created: new Date() };
}
