import { SEALED_PARTITION } from '../columns.ts';
import { Digest, SEALED_PREFIX } from '../digest.ts';
import { nameOf, type ObjectVersion, type SealStore } from './store.ts';
import type { Group } from './workbench.ts';

export type SealedFile = Digest['files'][number];

/** The key of the file that part `part` of a day's seal writes for a tenant and day of events. */
export function sealedKey(group: Group, day: string, part: number): string {
  return `${folderOf(group)}${day}-${part}.parquet`;
}

/** Finds the files that digests name by the listing of the archive, so that only digests are read that can have some. */
export class SealedFiles {
  readonly #store: SealStore;
  /** By day, the digest as it was first written. */
  readonly #digests: ReadonlyMap<string, ObjectVersion>;
  readonly #files = new Map<string, Promise<SealedFile[]>>();

  constructor(store: SealStore, digests: ReadonlyMap<string, ObjectVersion>) {
    this.#store = store;
    this.#digests = digests;
  }

  /** Files of a day before `day` for a tenant and day of events that are there. A file that no digest names counts for nothing. */
  async before(day: string, group: Group): Promise<SealedFile[]> {
    const listed = await this.#store.versions(folderOf(group));
    const there = new Set(listed.map(nameOf));
    const days = new Set(
      listed.map(({ key }) => key.slice(folderOf(group).length, folderOf(group).length + day.length)),
    );
    const files: SealedFile[] = [];
    for (const each of [...days].filter((one) => one < day).sort()) files.push(...(await this.#of(each)));
    return files.filter((file) => file.tenant === group.tenant && file.date === group.date && there.has(nameOf(file)));
  }

  #of(day: string): Promise<SealedFile[]> {
    const known = this.#files.get(day) ?? this.#read(day);
    this.#files.set(day, known);
    return known;
  }

  async #read(day: string): Promise<SealedFile[]> {
    const object = this.#digests.get(day);
    return object === undefined ? [] : Digest.parse(JSON.parse(String(await this.#store.read(object)))).files;
  }
}

function folderOf({ tenant, date }: Group): string {
  return `${SEALED_PREFIX}${SEALED_PARTITION}=${date}/${tenant}/`;
}
