import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { type AccessToken, secretOf, tokenBearer } from '../../polling/authorizers.ts';
import { CredentialError, PermissionError, VendorRefusedError } from '../../polling/errors.ts';
import type { Authorization, Reply } from '../../polling/poller.ts';
import { API_HEADERS, type Credential } from './credential.ts';

/** A GitHub App as a connection uses it. */
export interface App {
  readonly clientId: string;
  readonly installationId: string;
}

/** GitHub wants at most 10 minutes ahead, by its own clock, and advises to begin a minute ago. */
const BEGUN_SECONDS = 60;
const GOOD_SECONDS = 9 * 60;
const SKEW_MS = 30_000;

const InstallationToken = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

/**
 * A GitHub App: its key signs a JWT, which gets a token of the installation that is good for an hour:
 * https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/authenticating-as-a-github-app-installation
 */
export function appInstallation(baseUrl: string, app: App): Credential {
  return {
    authorizer: tokenBearer((authorization) => installationToken(baseUrl, app, authorization)),
    // What expires here is the token, which is fetched anew, and not the key.
    replied: () => {},
  };
}

async function installationToken(baseUrl: string, app: App, authorization: Authorization): Promise<AccessToken> {
  const { anonymous } = authorization;
  const key = privateKeyOf(authorization);
  const ask = async (): Promise<Reply> => {
    const jwt = await signed(app, key, anonymous.now());
    return anonymous.post(`${baseUrl}/app/installations/${app.installationId}/access_tokens`, {
      headers: { ...API_HEADERS, authorization: `Bearer ${jwt}` },
      accept: [401, 404],
    });
  };
  const before = anonymous.now().getTime();
  let reply = await asPermission(app, ask);
  // The refusal itself has told how wrong this machine's clock is, which may be why it was refused.
  const isSkewed = Math.abs(anonymous.now().getTime() - before) > SKEW_MS;
  if (reply.status === 401 && isSkewed) reply = await asPermission(app, ask);
  if (reply.status === 401) {
    throw new CredentialError(
      `GitHub does not take the key of the app ${app.clientId} (${messageOf(reply)}): check app.clientId, and that privateKey is one of its keys`,
    );
  }
  if (reply.status === 404) {
    throw new PermissionError(
      `the app ${app.clientId} has no installation ${app.installationId}: install it in the organization, and take app.installationId from the end of the installation's address`,
    );
  }
  const { token, expires_at } = reply.parse(InstallationToken);
  return { token, expiresIn: Math.max(0, (Date.parse(expires_at) - anonymous.now().getTime()) / 1_000) };
}

async function asPermission(app: App, ask: () => Promise<Reply>): Promise<Reply> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof VendorRefusedError) || error.status !== 403) throw error;
    throw new PermissionError(
      `GitHub gives the installation ${app.installationId} of the app ${app.clientId} no token (${error.body}): an owner of the organization may have suspended it`,
      { cause: error },
    );
  }
}

function signed({ clientId }: App, key: KeyObject, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1_000);
  return new SignJWT()
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(clientId)
    .setIssuedAt(seconds - BEGUN_SECONDS)
    .setExpirationTime(seconds + GOOD_SECONDS)
    .sign(key);
}

function privateKeyOf(authorization: Authorization): KeyObject {
  // Environment variables and some forms carry the line breaks of a PEM as \n.
  const pem = secretOf(authorization, 'privateKey').replaceAll('\\n', '\n');
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'rsa') return key;
  } catch (cause) {
    throw new CredentialError(`privateKey can't be read: ${WANTED}`, { cause });
  }
  throw new CredentialError(`privateKey is no RSA key: ${WANTED}`);
}
const WANTED = 'give the whole .pem file that GitHub let you download when you made the key';

function messageOf({ text }: Reply): string {
  return /"message"\s*:\s*"([^"]{1,200})/.exec(text)?.[1] ?? '401';
}
