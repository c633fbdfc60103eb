import { describe, expect, it } from 'vitest';
import { createCustomResources } from '../../../infra/local/custom-resources.ts';
import type { InvokeResult } from '../../../infra/local/lambda.ts';
import { fillIn } from '../../../infra/local/template/custom.ts';
import { readTemplate } from '../../../infra/local/template.ts';
import { writeAssembly } from './template-support.ts';

interface Request {
  readonly RequestType: string;
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly ResourceProperties: Readonly<Record<string, unknown>>;
}
const one = (id: string) => ({ id, type: 'Custom::Thing', functionId: 'Maker', properties: { Size: id.length } });
const done: InvokeResult = { payload: null };

/** Makes resources with a function that answers as it is told. */
function create(ids: readonly string[], answers: (request: Request) => object | string | undefined) {
  return createCustomResources(ids.map(one), {
    stackId: 'stack',
    async invoke(functionId, event) {
      expect(functionId).toBe('Maker');
      const request = event as Request;
      const given = answers(request);
      if (given === undefined) return done;
      const { StackId, RequestId, LogicalResourceId } = request;
      const whole = { StackId, RequestId, LogicalResourceId, PhysicalResourceId: 'p', ...Object(given) };
      const body = typeof given === 'string' ? given : JSON.stringify(whole);
      await fetch(request.ResponseURL, { method: 'PUT', body });
      return done;
    },
  });
}

describe('custom resources', () => {
  it('are created with their properties, each by an answer of its own', async () => {
    const requests: Request[] = [];
    const made = await create(['A', 'Bee'], (request) => {
      requests.push(request);
      return { Status: 'SUCCESS', Data: { Name: `of ${request.LogicalResourceId}` } };
    });
    expect(Object.fromEntries(made)).toEqual({ A: { Ref: 'p', Name: 'of A' }, Bee: { Ref: 'p', Name: 'of Bee' } });
    expect(
      requests.map(({ RequestType, StackId, ResourceProperties }) => [RequestType, StackId, ResourceProperties]),
    ).toEqual([
      ['Create', 'stack', { Size: 1 }],
      ['Create', 'stack', { Size: 3 }],
    ]);
    expect(new URL(requests[0]?.ResponseURL ?? '').hostname).toBe('127.0.0.1');
  });

  it.each([
    ['failed', { Status: 'FAILED', Reason: 'no key' }, "A can't be made: no key"],
    ['said nothing', undefined, "A can't be made: its function ended without an answer"],
    ['said nonsense', 'yes', /would not understand/],
    ['gave data that is no text', { Status: 'SUCCESS', Data: { Name: 7 } }, /would not understand/],
    ['answered another request', { Status: 'SUCCESS', RequestId: 'other' }, /would not understand/],
    ['answered for another', { Status: 'SUCCESS', LogicalResourceId: 'B' }, /would not understand/],
    ['said too much', { Status: 'SUCCESS', Data: { Name: 'x'.repeat(4_096) } }, /ended without an answer/],
  ])('stop the start when the function %s', async (_, answer, message) => {
    await expect(create(['A'], () => answer)).rejects.toThrow(message);
  });

  it('stop the start when the function breaks', async () => {
    const invoke = async () => ({ error: { errorType: 'E', errorMessage: 'broken' } });
    await expect(createCustomResources([one('A')], { stackId: 'stack', invoke })).rejects.toThrow(
      "A can't be made: broken",
    );
  });
});

describe('a template with a custom resource', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
  const maker = {
    Type: 'AWS::Lambda::Function',
    Properties: {
      Code: { S3Bucket: 'assets', S3Key: 'code.zip' },
      Handler: 'index.handler',
      Role: { 'Fn::GetAtt': ['Role', 'Arn'] },
      Runtime: 'nodejs24.x',
    },
  };
  const thing = (properties: object = {}) => ({
    Type: 'Custom::Thing',
    Properties: { ServiceToken: { 'Fn::GetAtt': ['Maker', 'Arn'] }, ServiceTimeout: '300', ...properties },
  });
  const read = (resources: Record<string, object>, Outputs: object = {}) =>
    readTemplate(
      writeAssembly({ Role: role, Maker: maker, ...resources }, { bundles: { code: '' }, rest: { Outputs } }),
    );

  it('names its function, and leaves to its outputs what only that knows', () => {
    const { customResources, outputs } = read(
      { Thing: thing({ Size: 7 }) },
      { Name: { Value: { 'Fn::Sub': `name \${Thing.Name} of \${Thing}` } }, Other: { Value: 'other' } },
    );
    expect(customResources).toMatchObject([
      { id: 'Thing', type: 'Custom::Thing', functionId: 'Maker', properties: { Size: 7 } },
    ]);
    const values = new Map([['Thing', { Ref: 'p', Name: 'n' }]]);
    expect(fillIn(outputs['Name'] ?? '', values)).toBe('name n of p');
    expect(fillIn(outputs['Other'] ?? '', values)).toBe('other');
    expect(() => fillIn(outputs['Name'] ?? '', new Map([['Thing', { Ref: 'p' }]]))).toThrow('Thing gave no Name');
  });

  it('is refused when something else depends on it, or nobody makes it', () => {
    const dependent = {
      ...maker,
      Properties: { ...maker.Properties, Environment: { Variables: { NAME: { Ref: 'Thing' } } } },
    };
    expect(() => read({ Thing: thing(), Other: dependent })).toThrow('Other depends on a custom resource');
    expect(() => read({ Thing: thing({ ServiceToken: 'arn:aws:sns:us-east-1:1:topic' }) })).toThrow(
      /names arn:aws:sns/,
    );
  });
});
