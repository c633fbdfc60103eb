import { createHmac, randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Reply, TestStack } from './stack.ts';

export const WEBHOOK_SECRET = "It's a Secret to Everybody";

/** One body of `@octokit/webhooks-examples`, and the event it is of. */
export interface Example {
  readonly event: string;
  readonly payload: Record<string, unknown>;
}

/** Every webhook body that GitHub's own octokit publishes. */
export function octokitExamples(): Example[] {
  // The package is one JSON file, which `import` takes only with an attribute that its types don't allow.
  const list = createRequire(import.meta.url)('@octokit/webhooks-examples') as {
    name: string;
    examples: Record<string, unknown>[];
  }[];
  return list.flatMap(({ name, examples }) => examples.map((payload) => ({ event: name, payload })));
}

/** Delivers a webhook as GitHub does; the signature is over the body's bytes. */
export function deliver(
  stack: TestStack,
  connection: string,
  {
    event,
    body,
    delivery = randomUUID(),
    secret = WEBHOOK_SECRET,
    headers = {},
  }: {
    event: string;
    body: string;
    delivery?: string;
    secret?: string | null;
    headers?: Record<string, string>;
  },
): Promise<Reply> {
  const signature =
    secret === null
      ? {}
      : { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` };
  return stack.call('POST', `/v1/webhooks/${connection}`, {
    key: null,
    body,
    headers: {
      'x-github-event': event,
      'x-github-delivery': delivery,
      'user-agent': 'GitHub-Hookshot/test',
      ...signature,
      ...headers,
    },
  });
}

/** A connection that takes GitHub's webhooks; its id. */
export async function githubConnection(stack: TestStack, name = 'octo'): Promise<string> {
  const made = await stack.call<{ id: string }>('POST', '/v1/connections', {
    body: { name, source: 'github.webhook', secrets: { webhook: WEBHOOK_SECRET } },
  });
  if (made.status !== 201) throw new Error(made.text);
  return made.body.id;
}
