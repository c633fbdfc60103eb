import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import middy from '@middy/core';
import { logger } from '../telemetry.ts';
import { answer, CustomResourceRequest } from './custom-resource.ts';
import { fingerprintAnswer } from './fingerprint.ts';

const kms = new KMSClient({ requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000 } });

export const handler = middy(fingerprint).use(injectLambdaContext(logger, { resetKeys: true }));

/** Tells CloudFormation, as a custom resource, the fingerprint of a KMS key's public key. */
async function fingerprint(event: unknown): Promise<void> {
  const request = CustomResourceRequest.parse(event);
  const given = await fingerprintAnswer(request, publicKey);
  if (given.Status === 'FAILED') logger.error('a key has no fingerprint', { reason: given.Reason });
  await answer(request, given);
}

async function publicKey(KeyId: string): Promise<Uint8Array> {
  const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId }));
  if (PublicKey === undefined) throw new TypeError(`KMS gave no public key of ${KeyId}`);
  return PublicKey;
}
