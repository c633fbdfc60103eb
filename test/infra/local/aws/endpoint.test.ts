import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError, type AwsService, startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import type { Call, Fault, Principal } from '../../../../infra/local/types.ts';
import { allow, clientOf, principal } from './endpoint-support.ts';

const operator = principal('operator');
const ingest = principal('IngestRole', [allow(['dynamodb:ListTables', 's3:GetObject'], ['*'])]);

/** Answers what it is asked, after asking for permission. */
const dynamodb: AwsService = {
  name: 'dynamodb',
  async handle(request, authorize) {
    const items = await authorize({ action: 'dynamodb:ListTables', resource: '*', input: { a: 1 } });
    return { status: 200, body: JSON.stringify({ TableNames: [request.principal.name, items?.code ?? 'no fault'] }) };
  },
};
const s3: AwsService = {
  name: 's3',
  async handle(request, authorize) {
    await authorize({ action: 's3:GetObject', resource: `arn:aws:s3::${request.path}` });
    if (request.path.endsWith('missing')) throw new AwsError('NoSuchKey', 'no <such> key', 404);
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: `${request.path}?${request.query}` };
  },
};

const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

async function start(hooks: Parameters<typeof startEndpoint>[0]['hooks'] = {}, principals = [operator, ingest]) {
  const endpoint = await startEndpoint({ services: [dynamodb, s3], principals, hooks });
  open.push(endpoint);
  const list = (who: Principal) => new DynamoDBClient(clientOf(endpoint.url, who)).send(new ListTablesCommand({}));
  const get = (who: Principal, Key: string) =>
    new S3Client({ ...clientOf(endpoint.url, who), forcePathStyle: true }).send(
      new GetObjectCommand({ Bucket: 'archive', Key }),
    );
  return { ...endpoint, list, get };
}

describe('startEndpoint', () => {
  it('tells services and callers apart by the credential scope', async () => {
    const { list, get } = await start();
    expect((await list(ingest)).TableNames).toEqual(['IngestRole', 'no fault']);
    const object = await get(operator, 'a b/ü');
    expect(await object.Body?.transformToString()).toBe('/archive/a%20b/%C3%BC?x-id=GetObject');
    expect(object.ContentType).toBe('text/plain');
  });

  it('answers with a request id', async () => {
    const { list } = await start();
    expect((await list(operator)).$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('knows no other caller', async () => {
    const { list, get } = await start();
    const stranger = principal('operator');
    await expect(list(stranger)).rejects.toMatchObject({ name: 'UnrecognizedClientException' });
    await expect(get(stranger, 'a')).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });

  it('refuses a request without a signature, and a service it does not have', async () => {
    const { url } = await start();
    const bare = await fetch(url, { method: 'POST', body: '{}' });
    expect(bare.status).toBe(403);
    expect(await bare.json()).toMatchObject({ __type: expect.stringContaining('#MissingAuthenticationToken') });
    const credential = `Credential=${operator.accessKeyId}/20260101/us-east-1/sqs/aws4_request`;
    const other = await fetch(url, { method: 'POST', headers: { authorization: `AWS4-HMAC-SHA256 ${credential}` } });
    expect(other.status).toBe(404);
  });

  it('asks the role at every request', async () => {
    const poor = principal('PoorRole');
    const calls: [Call, boolean][] = [];
    const { list, get } = await start({ observe: (...seen) => calls.push(seen) }, [poor]);
    await expect(list(poor)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: 'User: PoorRole is not authorized to perform: dynamodb:ListTables on resource: *',
      $metadata: { httpStatusCode: 400 },
    });
    await expect(get(poor, 'a')).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    poor.statements = [allow(['dynamodb:*'], ['*'])];
    await list(poor);
    const call = { principal: 'PoorRole', action: 'dynamodb:ListTables', resource: '*', input: { a: 1 } };
    expect(calls.filter(([{ action }]) => action === call.action)).toEqual([
      [call, false],
      [call, true],
    ]);
  });

  it('starts only with policies it understands, and allows nothing by a later one that it does not', async () => {
    const odd = { ...allow(['*'], ['*']), NotAction: ['x'] };
    await expect(start({}, [principal('OddRole', [odd])])).rejects.toThrow(/NotAction/);
    const later = principal('LaterRole');
    const { list } = await start({}, [later]);
    later.statements = [odd];
    await expect(list(later)).rejects.toMatchObject({ message: expect.stringContaining('NotAction') });
  });

  it('spells errors as each protocol does', async () => {
    const { get } = await start();
    await expect(get(operator, 'missing')).rejects.toMatchObject({ name: 'NoSuchKey', message: 'no <such> key' });
  });
});

describe('faults', () => {
  const failing = (fault: Fault) => start({ fault: ({ action }) => (action.startsWith('dyn') ? fault : undefined) });

  it('of kind error are answered', async () => {
    const { list } = await failing({ kind: 'error', status: 503, code: 'Throttled', message: 'later' });
    await expect(list(ingest)).rejects.toMatchObject({
      name: 'Throttled',
      message: 'later',
      $metadata: { httpStatusCode: 503 },
    });
  });

  it('of kind timeout cut the connection', async () => {
    const { list } = await failing({ kind: 'timeout', afterMs: 1 });
    await expect(list(ingest)).rejects.toThrow(/socket hang up|ECONNRESET/);
  });

  it('of kind items go to the service', async () => {
    const { list } = await failing({ kind: 'items', items: [0], code: 'Mine' });
    expect((await list(ingest)).TableNames).toEqual(['IngestRole', 'Mine']);
  });

  it('are not asked about calls that are denied', async () => {
    const asked: Call[] = [];
    const poor = principal('PoorRole');
    const { list } = await start(
      {
        fault: (call) => {
          asked.push(call);
          return undefined;
        },
      },
      [poor],
    );
    await expect(list(poor)).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(asked).toEqual([]);
  });
});

describe('close', () => {
  it('ends at once, with idle connections and with a call under way', async () => {
    const { promise: called, resolve } = Promise.withResolvers<void>();
    const { list, close } = await start({
      fault: ({ principal }) => {
        if (principal !== 'operator') return undefined;
        resolve();
        return { kind: 'timeout', afterMs: 3_600_000 };
      },
    });
    await list(ingest);
    const pending = list(operator).then(
      () => 'answered',
      () => 'cut',
    );
    await called;
    await close();
    expect(await pending).toBe('cut');
  });
});
