import { z } from 'zod';
import { definePoller, type Stream } from '../../polling/poller.ts';
import { appInstallation } from './app.ts';
import { BaseUrl, installationOf, isEnterpriseServer } from './base.ts';
import { personalToken } from './credential.ts';
import { explain } from './explain.ts';
import { readPage } from './page.ts';
import { throttling } from './throttle.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A path's segment: never `.` or `..`. */
const Name = z.string().regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'must be a name as in github.com/NAME, without the address');

const Settings = z
  .strictObject({
    organization: Name.optional().describe('The organization whose log is read. Give this or `enterprise`.'),
    enterprise: Name.optional().describe(
      'The enterprise whose log is read, by the name in github.com/enterprises/NAME. It has the rows of all its organizations.',
    ),
    git: z
      .boolean()
      .default(true)
      .describe(
        'Whether to collect Git events (clone, fetch, push) too: a stream of its own, often a hundred times the size.',
      ),
    app: z
      .strictObject({
        clientId: z
          .string()
          .regex(/^[\w.-]{1,100}$/)
          .describe("The app's client ID; its app ID will do."),
        installationId: z
          .string()
          .regex(/^\d{1,20}$/, 'must be digits, in quotes')
          .describe("The number at the end of the installation's address."),
      })
      .optional()
      .describe(
        'The GitHub App that reads the log, with the secret `privateKey`; without it the secret `token` is used.',
      ),
    baseUrl: BaseUrl,
  })
  .refine(
    ({ organization, enterprise }) => (organization === undefined) !== (enterprise === undefined),
    'give either organization or enterprise',
  );

/**
 * Rows come in the order of `@timestamp` and are told apart by `_document_id`; GitHub promises no time by which they are
 * there. Git events are many and soon gone, so they are re-read less.
 */
function streamsOf(isServer: boolean, git: boolean): Stream[] {
  const web: Stream = {
    name: 'web',
    everySeconds: 5 * MINUTE,
    settleSeconds: MINUTE,
    overlapSeconds: 30 * MINUTE,
    lateSeconds: 2 * DAY,
    sweepEverySeconds: DAY,
    windowSeconds: DAY,
    historySeconds: 180 * DAY,
    ...(!isServer && { keepsSeconds: 180 * DAY }),
  };
  const gitEvents: Stream = {
    name: 'git',
    everySeconds: 10 * MINUTE,
    settleSeconds: MINUTE,
    overlapSeconds: 15 * MINUTE,
    lateSeconds: DAY,
    sweepEverySeconds: DAY,
    windowSeconds: 6 * HOUR,
    historySeconds: 7 * DAY,
    ...(!isServer && { keepsSeconds: 7 * DAY }),
  };
  return git ? [web, gitEvents] : [web];
}

/** Reads the audit log of an organization or an enterprise, web and Git events each as a stream. */
export const poller = definePoller({
  settings: Settings,
  secrets: {
    token: {
      description:
        'A personal access token of an owner: classic with the scope read:audit_log, or, for an organization, fine-grained with the organization permission "Administration: read".',
      pattern: /^\s*(gh[a-z]_[\w.-]{16,}|github_pat_\w{16,}|[0-9a-f]{40})\s*$/,
      optional: true,
    },
    privateKey: {
      description: 'The private key of the GitHub App in `app`: the whole .pem file that GitHub let you download.',
      pattern: /^\s*-----BEGIN (RSA )?PRIVATE KEY-----[\s\S]+-----END (RSA )?PRIVATE KEY-----\s*$/,
      optional: true,
    },
  },
  cursorLasts: true,
  // 1,750 requests an hour, beyond which also the live poll would have to wait for the hour's end.
  pauseMs: 2_100,
  connect({ organization, enterprise, git, app, baseUrl }) {
    const credential = app ? appInstallation(baseUrl, app) : personalToken();
    const throttle = throttling();
    const owner = organization === undefined ? `enterprises/${enterprise}` : `orgs/${organization}`;
    return {
      origin: installationOf(baseUrl),
      hosts: [new URL(baseUrl).origin],
      streams: streamsOf(isEnterpriseServer(baseUrl), git),
      authorizer: credential.authorizer,
      async page(request, vendor) {
        const [page, reply] = await readPage(`${baseUrl}/${owner}/audit-log`, request, vendor);
        credential.replied(reply);
        throttle.passed();
        return page;
      },
      throttled: throttle.of,
      explain: (error) => explain(error, { baseUrl, enterprise, app }),
    };
  },
});
