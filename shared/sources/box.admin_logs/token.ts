import { z } from 'zod';
import { secretOf, tokenBearer } from '../../polling/authorizers.ts';
import { CredentialError, VendorRefusedError } from '../../polling/errors.ts';
import type { Authorizer } from '../../polling/poller.ts';
import { type Settings, tokenUrlOf } from './settings.ts';

const TokenReply = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/**
 * Access tokens of an app's service account in an enterprise, by the client credentials grant
 * (https://developer.box.com/guides/authentication/client-credentials/). They are good for about an hour; there is no
 * refresh token.
 */
export function serviceAccount(settings: Settings): Authorizer {
  return tokenBearer(async (authorization) => {
    const form = {
      grant_type: 'client_credentials',
      client_id: secretOf(authorization, 'clientId'),
      client_secret: secretOf(authorization, 'clientSecret'),
      box_subject_type: 'enterprise',
      box_subject_id: settings.enterpriseId,
    };
    try {
      const reply = await authorization.anonymous.post(tokenUrlOf(settings), { form });
      const { access_token, expires_in } = reply.parse(TokenReply);
      return { token: access_token, expiresIn: expires_in };
    } catch (error) {
      if (!(error instanceof VendorRefusedError) || ![400, 401, 403].includes(error.status)) throw error;
      throw new CredentialError(`${meaningOf(error.body, settings)} (Box says: ${error.body})`, { cause: error });
    }
  });
}

/** https://developer.box.com/guides/api-calls/permissions-and-errors/common-errors/ */
function meaningOf(body: string, { enterpriseId }: Settings): string {
  if (body.includes('unauthorized_client')) {
    return `the app is not authorized in enterprise ${enterpriseId}: as an administrator, authorize it in the Admin Console`;
  }
  if (body.includes('invalid_client')) {
    return 'Box does not know this clientId with this clientSecret: copy both again from the app in the Developer Console';
  }
  if (body.includes('invalid_grant')) {
    return `Box gives the app no token for enterprise ${enterpriseId}: compare enterpriseId with the Admin Console, and authorize the app there, again after each change of it`;
  }
  if (body.includes('unsupported_grant_type') || body.includes('grant type')) {
    return 'the app is not one with server authentication by client credentials: make such an app in the Developer Console';
  }
  return 'Box gives no access token: check clientId, clientSecret, enterpriseId and where tokenUrl leads';
}
