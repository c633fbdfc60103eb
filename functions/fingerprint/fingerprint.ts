import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { fingerprintOf } from '../../shared/archive/digest.ts';
import type { CustomResourceAnswer, CustomResourceRequest } from './custom-resource.ts';

const Properties = z.object({ Key: z.string().min(1) });

/** A role's policy may count some seconds after the role was made. */
const DENIED_RETRY_MS = [1_000, 2_000, 4_000];

/**
 * What CloudFormation is to be told: of a key, the fingerprint of its public key as an attribute `Fingerprint`. Never throws.
 *
 * @param publicKey gives the public key of a KMS key as SubjectPublicKeyInfo in DER.
 * @param waits milliseconds before each further attempt while the role is denied the key.
 */
export async function fingerprintAnswer(
  request: CustomResourceRequest,
  publicKey: (keyId: string) => Promise<Uint8Array>,
  waits: readonly number[] = DENIED_RETRY_MS,
): Promise<CustomResourceAnswer> {
  const { RequestType, LogicalResourceId, PhysicalResourceId = LogicalResourceId } = request;
  // There is nothing to take away, and nothing may keep a stack from being deleted.
  if (RequestType === 'Delete') return { Status: 'SUCCESS', PhysicalResourceId };
  const failed = (Reason: string) => ({ Status: 'FAILED', PhysicalResourceId, Reason }) as const;
  const properties = Properties.safeParse(request.ResourceProperties);
  if (!properties.success) return failed('the property Key must name a KMS key');
  const { Key } = properties.data;
  for (let attempt = 0; ; attempt += 1) {
    try {
      const Fingerprint = fingerprintOf(await publicKey(Key));
      return { Status: 'SUCCESS', PhysicalResourceId: Key, Data: { Fingerprint } };
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new TypeError(String(error));
      const wait = waits[attempt];
      if (name !== 'AccessDeniedException' || wait === undefined)
        return failed(`the public key of ${Key} can't be read: ${name}: ${message}`);
      await delay(wait);
    }
  }
}
