import { type Authorize, AwsError, type AwsRequest } from '../endpoint.ts';
import type { Access } from './access.ts';
import type { ObjectStore } from './store.ts';

/** One request to a bucket that exists, with all that answering it takes. */
export interface Exchange {
  readonly store: ObjectStore;
  readonly access: Access;
  readonly request: AwsRequest;
  readonly authorize: Authorize;
  readonly bucket: string;
}

/** What the local S3 answers to requests, parameters and headers that it does not know. */
export function notImplemented({ method, path, query }: AwsRequest, what = ''): AwsError {
  const parameters = [...query.keys()].map((name) => ` ?${name}`).join('');
  return new AwsError('NotImplemented', `The local S3 does not know ${method} ${path}${parameters}${what}`, 501);
}
