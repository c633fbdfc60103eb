/** One file of the page, as it is served. Bytes are in base64, which is how API Gateway takes them. */
export interface PageFile {
  readonly type: string;
  /** The same for every encoding. */
  readonly etag: string;
  /** Its name changes with its content. */
  readonly immutable: boolean;
  /** By content coding; `identity` is as it was built. */
  readonly encodings: Readonly<Record<'br' | 'gzip' | 'identity', string>>;
}

/** The files of the page by the path that they are served at. */
export type PageFiles = Readonly<Record<string, PageFile>>;

/** What the files lie in, beside the function. */
export const FILES_NAME = 'files.json';
