import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { AnnalsError } from '../../shared/errors.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requests.html */
export const CustomResourceRequest = z.object({
  RequestType: z.enum(['Create', 'Update', 'Delete']),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  /** Not there at a creation. */
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.record(z.string(), z.unknown()),
});
export type CustomResourceRequest = z.infer<typeof CustomResourceRequest>;

export type CustomResourceAnswer =
  | {
      readonly Status: 'SUCCESS';
      readonly PhysicalResourceId: string;
      readonly Data?: Readonly<Record<string, string>>;
    }
  | { readonly Status: 'FAILED'; readonly PhysicalResourceId: string; readonly Reason: string };

/** CloudFormation could not be told. */
export class CustomResourceError extends AnnalsError {
  readonly code = 'custom_resource';
}

// CloudFormation takes a response of up to 4,096 bytes.
const MAX_REASON = 1_000;
const ATTEMPT_MS = 5_000;
const RETRY_MS = [1_000, 2_000];

/**
 * Tells CloudFormation what became of a request. Without that it waits until the resource's timeout is over.
 *
 * @param waits milliseconds before each further attempt.
 * @throws CustomResourceError when it does not take the answer, so that Lambda runs the function again.
 */
export async function answer(
  request: CustomResourceRequest,
  given: CustomResourceAnswer,
  waits: readonly number[] = RETRY_MS,
): Promise<void> {
  const { StackId, RequestId, LogicalResourceId, ResponseURL } = request;
  const reason = given.Status === 'FAILED' && { Reason: given.Reason.slice(0, MAX_REASON) };
  const body = JSON.stringify({ StackId, RequestId, LogicalResourceId, ...given, ...reason });
  for (let attempt = 0; ; attempt += 1) {
    try {
      // The URL is signed for no content type at all.
      const headers = { 'content-type': '' };
      const signal = AbortSignal.timeout(ATTEMPT_MS);
      const { ok, status } = await fetch(ResponseURL, { method: 'PUT', headers, body, signal });
      if (ok) return;
      throw new CustomResourceError(`it says ${status}`);
    } catch (cause) {
      const wait = waits[attempt];
      if (wait === undefined)
        throw new CustomResourceError(`CloudFormation does not take the answer for ${LogicalResourceId}`, { cause });
      await delay(wait);
    }
  }
}
