import { constants, createHash, type KeyObject, privateEncrypt } from 'node:crypto';

/** The one signing algorithm of the local KMS: the same message gives the same signature. */
export const ALGORITHM = 'RSASSA_PKCS1_V1_5_SHA_256';
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html */
export const MAX_RAW_BYTES = 4096;
export const SHA256_BYTES = 32;

// DigestInfo of SHA-256 up to the digest itself (RFC 8017, 9.2, note 1).
const DIGEST_INFO = Buffer.from('3031300d060960864801650304020105000420', 'hex');

/**
 * Signs a message, or a SHA-256 digest that was made before. Node.js signs messages only; a private-key operation with
 * PKCS #1 padding over the DigestInfo is the same signature (RFC 8017, 8.2.1).
 */
export function signPkcs1(key: KeyObject, type: 'RAW' | 'DIGEST', message: Buffer): Buffer {
  const digest = type === 'DIGEST' ? message : createHash('sha256').update(message).digest();
  return privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.concat([DIGEST_INFO, digest]));
}
