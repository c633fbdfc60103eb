import { createPublicKey } from 'node:crypto';
import { GetPublicKeyCommand, type KMSClient, SignCommand } from '@aws-sdk/client-kms';
import { fingerprintOf, type PublicKeyRecord } from '../digest.ts';

/** Holds the private key that digests are signed with. */
export interface Signer {
  /** The public key as SubjectPublicKeyInfo in DER. */
  publicKey(): Promise<Buffer>;
  /** RSASSA_PKCS1_V1_5_SHA_256 over what has this SHA-256: the same signature every time. */
  sign(sha256: Buffer): Promise<Buffer>;
}

/** A {@link Signer} over an RSA key of KMS: kms:GetPublicKey and kms:Sign. */
export function kmsSigner(kms: KMSClient, keyId: string): Signer {
  return {
    async publicKey() {
      const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
      if (PublicKey === undefined) throw new TypeError(`KMS gave no public key of ${keyId}`);
      return Buffer.from(PublicKey);
    },
    async sign(sha256) {
      const { Signature } = await kms.send(
        new SignCommand({
          KeyId: keyId,
          Message: sha256,
          // KMS takes no more than 4,096 bytes as they are.
          MessageType: 'DIGEST',
          SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
        }),
      );
      if (Signature === undefined) throw new TypeError(`KMS gave no signature of ${keyId}`);
      return Buffer.from(Signature);
    },
  };
}

/** What `keys/` keeps of a public key. `from` is the first day that it signs. */
export function publicKeyRecord(spkiDer: Buffer, from: string): PublicKeyRecord {
  return {
    format: 1,
    fingerprint: fingerprintOf(spkiDer),
    pem: createPublicKey({ key: spkiDer, format: 'der', type: 'spki' })
      .export({ format: 'pem', type: 'spki' })
      .toString(),
    algorithm: 'RSASSA_PKCS1_V1_5_SHA_256',
    from,
    to: null,
  };
}
