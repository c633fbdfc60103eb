import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  answer,
  type CustomResourceAnswer,
  CustomResourceError,
  CustomResourceRequest,
} from '../../functions/fingerprint/custom-resource.ts';
import { fingerprintAnswer } from '../../functions/fingerprint/fingerprint.ts';
import { fingerprintOf } from '../../shared/archive/digest.ts';

const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const DER = publicKey.export({ format: 'der', type: 'spki' });
const request = (given: object = {}): CustomResourceRequest =>
  CustomResourceRequest.parse({
    RequestType: 'Create',
    ResponseURL: 'http://127.0.0.1:1/',
    StackId: 'stack',
    RequestId: 'request',
    ResourceType: 'Custom::KeyFingerprint',
    LogicalResourceId: 'Logical',
    ResourceProperties: { ServiceToken: 'function', Key: 'key' },
    ...given,
  });
const error = (name: string) => Object.assign(new Error('why'), { name });
const never = () => Promise.reject(new Error('nobody should ask'));

describe('what CloudFormation is told', () => {
  it.each(['Create', 'Update'])('for %s is the fingerprint of the key', async (RequestType) => {
    const asked: string[] = [];
    const given = await fingerprintAnswer(request({ RequestType, PhysicalResourceId: 'before' }), async (key) => {
      asked.push(key);
      return DER;
    });
    expect(given).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'key',
      Data: { Fingerprint: fingerprintOf(DER) },
    });
    expect(asked).toEqual(['key']);
  });

  it.each([undefined, {}, { Key: 7 }])(
    'for Delete is that all is well, whatever else holds (%j)',
    async (properties) => {
      const deleted = request({
        RequestType: 'Delete',
        PhysicalResourceId: 'before',
        ...(properties && { ResourceProperties: properties }),
      });
      expect(await fingerprintAnswer(deleted, never)).toEqual({ Status: 'SUCCESS', PhysicalResourceId: 'before' });
    },
  );

  it('is why there is none', async () => {
    const given = await fingerprintAnswer(request(), () => Promise.reject(error('NotFoundException')));
    expect(given).toEqual({
      Status: 'FAILED',
      PhysicalResourceId: 'Logical',
      Reason: "the public key of key can't be read: NotFoundException: why",
    });
    expect(await fingerprintAnswer(request({ ResourceProperties: {} }), never)).toMatchObject({
      Status: 'FAILED',
      Reason: 'the property Key must name a KMS key',
    });
  });

  it('is waited for while the role is too new to be known', async () => {
    let asked = 0;
    const known = await fingerprintAnswer(request(), async () => {
      asked += 1;
      if (asked < 3) throw error('AccessDeniedException');
      return DER;
    }, [0, 0]);
    expect([known.Status, asked]).toEqual(['SUCCESS', 3]);
    const denied = await fingerprintAnswer(request(), () => Promise.reject(error('AccessDeniedException')), [0, 0]);
    expect(denied).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('AccessDeniedException') });
  });
});

describe('the answer', () => {
  let server: Server;
  let ResponseURL: string;
  let statuses: number[];
  let received: { method: string | undefined; type: string | undefined; body: string }[];
  beforeAll(async () => {
    server = createServer(async (incoming, response) => {
      const { method, headers } = incoming;
      received.push({ method, type: headers['content-type'], body: await text(incoming) });
      response.writeHead(statuses.shift() ?? 200).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    ResponseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/put?signature=s`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    statuses = [];
    received = [];
  });

  it('is put once, without a content type, and names the request', async () => {
    const given: CustomResourceAnswer = { Status: 'SUCCESS', PhysicalResourceId: 'key', Data: { Fingerprint: 'f' } };
    await answer(request({ ResponseURL }), given);
    expect(received.map(({ body, ...rest }) => ({ ...rest, body: JSON.parse(body) }))).toEqual([
      {
        method: 'PUT',
        type: '',
        body: { StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Logical', ...given },
      },
    ]);
  });

  it('stays under the 4,096 bytes that CloudFormation takes', async () => {
    const Reason = 'ü'.repeat(10_000);
    await answer(request({ ResponseURL }), { Status: 'FAILED', PhysicalResourceId: 'key', Reason });
    expect(Buffer.byteLength(received[0]?.body ?? '')).toBeLessThan(4_096);
    expect(JSON.parse(received[0]?.body ?? '').Reason).toMatch(/^ü{1000}$/);
  });

  it('is put again when it is not taken, and at last fails', async () => {
    const given: CustomResourceAnswer = { Status: 'SUCCESS', PhysicalResourceId: 'key' };
    statuses = [503, 503];
    await answer(request({ ResponseURL }), given, [0, 0]);
    expect(received).toHaveLength(3);
    statuses = [503, 503, 403];
    await expect(answer(request({ ResponseURL }), given, [0, 0])).rejects.toThrow(CustomResourceError);
    await expect(answer(request(), given, [])).rejects.toThrow('CloudFormation does not take the answer for Logical');
  });
});
