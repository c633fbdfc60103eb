import { z } from 'zod';
import { secretOf, tokenBearer } from '../../polling/authorizers.ts';
import { CredentialError, VendorRefusedError } from '../../polling/errors.ts';
import type { Authorization, Authorizer } from '../../polling/poller.ts';
import { certificateOf, clientAssertion } from './assertion.ts';
import { meaningOf } from './explain.ts';

/** `expires_in` comes as text: "3599". */
const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });

export interface Application {
  readonly clientId: string;
  readonly tokenUrl: string;
  /** The API that tokens are for, as `https://` address. */
  readonly resource: string;
}

/** An application of Entra ID by its client credentials (RFC 6749 section 4.4): a secret, or a certificate. */
export function applicationToken({ clientId, tokenUrl, resource }: Application): Authorizer {
  return tokenBearer(async (authorization) => {
    const proof = await proofOf(authorization, { clientId, tokenUrl });
    const form = { grant_type: 'client_credentials', client_id: clientId, resource, ...proof };
    try {
      const reply = await authorization.anonymous.post(tokenUrl, { form });
      const { access_token, expires_in } = reply.parse(TokenReply);
      return { token: access_token, expiresIn: expires_in };
    } catch (error) {
      if (!(error instanceof VendorRefusedError)) throw error;
      const meaning = meaningOf(error.body) ?? 'Entra ID gives no token';
      throw new CredentialError(`${meaning} (${error.body || error.status})`, { cause: error });
    }
  });
}

async function proofOf(
  authorization: Authorization,
  application: Pick<Application, 'clientId' | 'tokenUrl'>,
): Promise<Record<string, string>> {
  const { clientSecret, privateKey, certificate } = authorization.secrets;
  if (privateKey === undefined && certificate === undefined) {
    if (clientSecret === undefined) {
      throw new CredentialError(
        'the connection needs the secret clientSecret, or certificate and privateKey: set them',
      );
    }
    return { client_secret: clientSecret.trim() };
  }
  const pair = {
    certificate: secretOf(authorization, 'certificate'),
    privateKey: secretOf(authorization, 'privateKey'),
  };
  const ends = certificateOf(pair.certificate)?.validToDate;
  if (ends) authorization.expiresAt(ends);
  const assertion = await clientAssertion(pair, { ...application, now: authorization.anonymous.now() });
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  };
}
