import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { InvokeResult } from './lambda.ts';
import { StartError } from './stack/error.ts';
import type { CustomResource } from './template/custom.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-responses.html */
const Answer = z.object({
  Status: z.enum(['SUCCESS', 'FAILED']),
  Reason: z.string().default('it gave no reason'),
  PhysicalResourceId: z.string().min(1),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  Data: z.record(z.string(), z.string()).default({}),
});
type Answer = z.infer<typeof Answer>;

// CloudFormation's limit.
const MAX_BYTES = 4_096;

/**
 * Has every custom resource made by its function, all at once. As nothing here remembers an earlier start, each start is
 * a creation.
 *
 * @returns by logical id, the attributes that the function gave, and `Ref`.
 * @throws StartError when a function says that it failed, fails, or ends without an answer.
 */
export async function createCustomResources(
  resources: readonly CustomResource[],
  { stackId, invoke }: { stackId: string; invoke(functionId: string, event: unknown): Promise<InvokeResult> },
): Promise<ReadonlyMap<string, Readonly<Record<string, string>>>> {
  if (resources.length === 0) return new Map();
  const answers = new Map<string, string>();
  const server = createServer((request, response) => void take(answers, request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    const made = resources.map(async ({ id, type, functionId, properties }) => {
      const RequestId = randomUUID();
      const result = await invoke(functionId, {
        RequestType: 'Create',
        ResponseURL: `http://127.0.0.1:${port}/${RequestId}`,
        StackId: stackId,
        RequestId,
        ResourceType: type,
        LogicalResourceId: id,
        ResourceProperties: properties,
      });
      if ('error' in result) throw new StartError(`${id} can't be made: ${result.error.errorMessage}`);
      const { Status, Reason, PhysicalResourceId, Data } = parse(answers.get(RequestId), { id, stackId, RequestId });
      if (Status === 'FAILED') throw new StartError(`${id} can't be made: ${Reason}`);
      return [id, { Ref: PhysicalResourceId, ...Data }] as const;
    });
    return new Map(await Promise.all(made));
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function take(answers: Map<string, string>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request).catch(() => undefined);
  const isGood = request.method === 'PUT' && body !== undefined && Buffer.byteLength(body) <= MAX_BYTES;
  if (isGood) answers.set(request.url?.slice(1) ?? '', body);
  response.writeHead(isGood ? 200 : 400).end();
}

function parse(
  body: string | undefined,
  { id, stackId, RequestId }: { id: string; stackId: string; RequestId: string },
): Answer {
  if (body === undefined) throw new StartError(`${id} can't be made: its function ended without an answer`);
  const given = Answer.safeParse(toJson(body));
  // CloudFormation goes by these three to tell which request is answered.
  const isFor = given.data?.StackId === stackId && given.data.RequestId === RequestId;
  if (given.success && isFor && given.data.LogicalResourceId === id) return given.data;
  throw new StartError(`${id} can't be made: its function gave an answer that CloudFormation would not understand`);
}

function toJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
