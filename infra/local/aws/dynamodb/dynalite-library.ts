import { createRequire } from 'node:module';
import type { Item } from './backend.ts';

/** A Level database as dynalite makes it: keys are text, values JSON unless an operation says otherwise. */
export interface LevelDb {
  open(): Promise<void>;
  close(): Promise<void>;
  get(key: string): Promise<unknown>;
  getMany(keys: readonly string[]): Promise<unknown[]>;
  batch(operations: readonly LevelOperation[]): Promise<void>;
  clear(range: { gte: string; lt: string }): Promise<void>;
  iterator(options: {
    gt: string;
    lt: string;
    limit?: number;
    valueEncoding: 'utf8';
  }): AsyncIterable<readonly [key: string, value: string]>;
}

export type LevelOperation =
  | { readonly type: 'put'; readonly key: string; readonly value: unknown; readonly valueEncoding?: 'utf8' }
  | { readonly type: 'del'; readonly key: string };

type Done = (error?: unknown) => void;

/** One table's part of the database; its functions add the part's prefix to every key. */
export interface SubDb {
  put(key: string, value: Item, done: Done): void;
  del(key: string, done: Done): void;
  /** Runs `work` when it alone holds all the keys; `release(done)` gives a function that lets go and calls `done`. */
  lock(keys: readonly string[], work: (release: <T>(done: (value: T) => void) => (value: T) => void) => void): void;
}

export interface DynaliteStore {
  readonly db: LevelDb;
  readonly tableDb: SubDb;
  getItemDb(table: string): SubDb;
}

/** The shape of every error that dynalite means for the caller. */
export interface DynaliteError extends Error {
  readonly statusCode: number;
  readonly body: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

export interface TableSchema {
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string; readonly AttributeType: string }[];
}

interface Validation {
  readonly types: Readonly<Record<string, unknown>>;
  readonly custom?: unknown;
}

// dynalite has no types and its entry point is an HTTP server: these are the modules behind it, described as far as used.
const require = createRequire(import.meta.url);

export const database: {
  create(options: { path?: string }): DynaliteStore;
  createKey(item: Item, table: TableSchema): string;
  /** An error, or nothing when the item's keys fit the table. */
  validateItem(item: Item, table: TableSchema): DynaliteError | null | undefined;
} = require('dynalite/db');

export const validations: {
  checkTypes(input: object, types: Validation['types']): object;
  checkValidations(input: object, types: Validation['types'], custom: unknown, store: DynaliteStore): void;
} = require('dynalite/validations');

/** dynalite's validation and action of one operation, `GetItem` for example. */
export function loadOperation(name: string): {
  readonly validation: Validation;
  readonly action: (
    store: DynaliteStore,
    input: object,
    done: (error: DynaliteError | null, output: object) => void,
  ) => void;
} {
  const file = `${name.charAt(0).toLowerCase()}${name.slice(1)}`;
  return { validation: require(`dynalite/validations/${file}`), action: require(`dynalite/actions/${file}`) };
}

export function isDynaliteError(error: unknown): error is DynaliteError {
  return error instanceof Error && 'statusCode' in error && 'body' in error;
}
