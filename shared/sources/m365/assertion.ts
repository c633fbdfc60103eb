import { createPrivateKey, type KeyObject, randomUUID, X509Certificate } from 'node:crypto';
import { SignJWT } from 'jose';
import { CredentialError } from '../../polling/errors.ts';

const LIFE_SECONDS = 600;

export interface ClientCertificate {
  /** PEM, or the SHA-1 thumbprint in hexadecimal, as the portal shows it. */
  readonly certificate: string;
  /** PEM. */
  readonly privateKey: string;
}

/**
 * The JWT by which an application proves itself with a certificate
 * (https://learn.microsoft.com/entra/identity-platform/certificate-credentials).
 *
 * @param now Microsoft's time.
 * @throws CredentialError when certificate or key can't be used.
 */
export async function clientAssertion(
  { certificate, privateKey }: ClientCertificate,
  { clientId, tokenUrl, now }: { readonly clientId: string; readonly tokenUrl: string; readonly now: Date },
): Promise<string> {
  const key = keyOf(privateKey);
  const x509 = certificateOf(certificate);
  if (x509 && !x509.checkPrivateKey(key)) throw new CredentialError('privateKey is not the key of the certificate');
  const issuedAt = Math.floor(now.getTime() / 1_000);
  try {
    return await new SignJWT()
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', x5t: thumbprint(x509?.fingerprint ?? certificate) })
      .setAudience(tokenUrl)
      .setIssuer(clientId)
      .setSubject(clientId)
      .setJti(randomUUID())
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt)
      .setExpirationTime(issuedAt + LIFE_SECONDS)
      .sign(key);
  } catch (cause) {
    // jose refuses what RS256 does not allow: no RSA, or less than 2048 bits.
    throw new CredentialError('privateKey must be an RSA key of at least 2048 bits', { cause });
  }
}

/** The certificate that a secret holds; undefined where it is only a thumbprint. */
export function certificateOf(text: string): X509Certificate | undefined {
  if (!text.includes('-----BEGIN')) return undefined;
  try {
    return new X509Certificate(text);
  } catch (cause) {
    throw new CredentialError('certificate is not a certificate in PEM, nor a thumbprint', { cause });
  }
}

function keyOf(privateKey: string): KeyObject {
  try {
    return createPrivateKey(privateKey);
  } catch (cause) {
    throw new CredentialError('privateKey is not a private key in PEM without a passphrase', { cause });
  }
}

/** `x5t` of RFC 7515 section 4.1.7, from hexadecimal with or without colons. */
function thumbprint(hexadecimal: string): string {
  return Buffer.from(hexadecimal.replace(/[^0-9a-f]/gi, ''), 'hex').toString('base64url');
}
