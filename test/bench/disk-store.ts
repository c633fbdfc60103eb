import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Content, ObjectState, ObjectVersion, SealStore } from '../../shared/archive/seal/store.ts';

/** A bucket in a folder: one version of each key, and its id is always the same. */
export class DiskStore implements SealStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  path(key: string): string {
    const path = join(this.root, key);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  list(prefix: string): ObjectVersion[] {
    const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
    const within = join(this.root, folder);
    if (!existsSync(within)) return [];
    return readdirSync(within, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({ key: path.slice(this.root.length + 1), version: '1', size: statSync(path).size }))
      .filter(({ key }) => key.startsWith(prefix))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  async versions(prefix: string): Promise<ObjectVersion[]> {
    return this.list(prefix);
  }

  read({ key }: { key: string }): Promise<Buffer> {
    return readFile(join(this.root, key));
  }

  download({ key }: { key: string }, path: string): Promise<void> {
    return copyFile(join(this.root, key), path);
  }

  async putIfAbsent(key: string, content: Content): Promise<string | undefined> {
    const path = this.path(key);
    if (existsSync(path)) return undefined;
    if (Buffer.isBuffer(content)) writeFileSync(path, content);
    else await copyFile(content.path, path);
    return '1';
  }

  async state(): Promise<ObjectState> {
    return { lockedUntil: undefined, legalHold: false, tags: {} };
  }

  async tag(): Promise<void> {}
}
