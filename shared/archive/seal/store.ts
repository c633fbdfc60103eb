/** One version of an object. */
export interface ObjectVersion {
  readonly key: string;
  readonly version: string;
  /** In bytes. */
  readonly size: number;
}

/** Tells one version of an object from every other. */
export function nameOf({ key, version }: Pick<ObjectVersion, 'key' | 'version'>): string {
  return `${key}\n${version}`;
}

/** How an object is locked when it is written. */
export interface Lock {
  readonly mode: 'GOVERNANCE' | 'COMPLIANCE';
  readonly until: Date;
}

/** What keeps a version from going, and how it is marked. */
export interface ObjectState {
  /** Undefined where it has no lock, or the caller is not told. */
  readonly lockedUntil: Date | undefined;
  readonly legalHold: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** What is put: bytes, or a file of the local disk. */
export type Content = Buffer | { readonly path: string; readonly size: number };

/** A bucket as far as sealing uses one. It deletes nothing and replaces nothing. */
export interface SealStore {
  /** Every version of the keys that begin with `prefix`, by key, oldest version first; delete markers are left out. */
  versions(prefix: string): Promise<ObjectVersion[]>;
  /** @throws NotFoundError when that version is not there. */
  read(object: Pick<ObjectVersion, 'key' | 'version'>): Promise<Buffer>;
  /**
   * Writes one version to a file.
   *
   * @throws NotFoundError when that version is not there, StoreUnavailableError when it does not come whole.
   */
  download(object: ObjectVersion, path: string): Promise<void>;
  /**
   * Writes an object, locked, unless the key is taken. The store refuses it when what arrives has another SHA-256.
   *
   * @param sha256 in hexadecimal.
   * @returns the version, or undefined when the key is taken.
   * @throws StoreUnavailableError when the store does not take it in time.
   */
  putIfAbsent(key: string, content: Content, sha256: string, lock: Lock): Promise<string | undefined>;
  /** @throws NotFoundError when that version is not there. */
  state(object: Pick<ObjectVersion, 'key' | 'version'>): Promise<ObjectState>;
  /** Sets the tags of one version; a version that is not there any more is left alone. */
  tag(object: Pick<ObjectVersion, 'key' | 'version'>, tags: Readonly<Record<string, string>>): Promise<void>;
}
