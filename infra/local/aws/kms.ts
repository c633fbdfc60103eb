import { z } from 'zod';
import type { KeyDefinition } from '../types.ts';
import { type Authorize, AwsError, type AwsService, parseInput, readJsonCall } from './endpoint.ts';
import { checkKeyPolicies, mayUseKey } from './kms/access.ts';
import { openKeys } from './kms/keys.ts';
import { ALGORITHM, MAX_RAW_BYTES, SHA256_BYTES, signPkcs1 } from './kms/sign.ts';

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const keyInput = z.strictObject({ KeyId: z.string().min(1), GrantTokens: z.unknown().optional() });
const signInput = keyInput.extend({
  Message: base64,
  MessageType: z.enum(['RAW', 'DIGEST']).default('RAW'),
  SigningAlgorithm: z.literal(ALGORITHM),
});

export interface KmsOptions {
  /** The data directory. */
  readonly dir: string;
  readonly keys: readonly KeyDefinition[];
  readonly region: string;
  readonly accountId: string;
}

/**
 * A local KMS: Sign with RSASSA_PKCS1_V1_5_SHA_256, GetPublicKey and DescribeKey for the RSA key pairs given, named by
 * id, ARN or alias. Each is made when it is first missing, and kept in `<dir>/kms/<id>.pem`, readable by its owner
 * only. The caller's role must allow an action, and so must the key's policy, through the account.
 *
 * @throws ConfigurationError when a key file is not the key that is asked for, or a policy can't be evaluated.
 */
export async function createKms({ dir, keys, region, accountId }: KmsOptions): Promise<AwsService> {
  checkKeyPolicies(keys);
  const material = await openKeys(dir, keys);
  const arn = `arn:aws:kms:${region}:${accountId}:`;

  function find(name: string): KeyDefinition {
    const local = name.startsWith(arn) ? name.slice(arn.length).replace(/^key\//, '') : name;
    const found = keys.find(({ id, aliases }) => id === local || aliases.includes(local));
    if (found !== undefined) return found;
    throw new AwsError('NotFoundException', `Key '${name}' does not exist`);
  }

  /** The key that a request names, when the caller may do that to it. */
  async function authorized(
    operation: string,
    input: z.output<typeof keyInput>,
    authorize: Authorize,
    context: Readonly<Record<string, readonly string[]>> = {},
  ) {
    const definition = find(input.KeyId);
    const alias = input.KeyId.match(/alias\/.+$/)?.[0];
    const request = {
      action: `kms:${operation}`,
      resource: definition.arn,
      context: {
        'kms:RequestAlias': alias === undefined ? [] : [alias],
        'kms:ResourceAliases': definition.aliases,
        'kms:KeySpec': [definition.spec],
        'kms:KeyUsage': ['SIGN_VERIFY'],
        ...context,
      },
    };
    await authorize({ ...request, input });
    if (!mayUseKey(definition, accountId, request))
      throw new AwsError(
        'AccessDeniedException',
        `The policy of key ${definition.arn} does not allow ${request.action}`,
      );
    const pair = material.get(definition.id);
    if (pair === undefined) throw new TypeError(`key ${definition.id} was not opened`);
    return { definition, ...pair };
  }

  const operations: Readonly<Record<string, (input: object, authorize: Authorize) => Promise<object>>> = {
    async Sign(input, authorize) {
      const parsed = parseInput(signInput, input);
      const { Message, MessageType, SigningAlgorithm } = parsed;
      const { definition, privateKey } = await authorized('Sign', parsed, authorize, {
        'kms:SigningAlgorithm': [SigningAlgorithm],
        'kms:MessageType': [MessageType],
      });
      if (!definition.enabled) throw new AwsError('DisabledException', `${definition.arn} is disabled.`);
      if (
        MessageType === 'DIGEST' ? Message.length !== SHA256_BYTES : Message.length > MAX_RAW_BYTES || !Message.length
      )
        throw new AwsError(
          'ValidationException',
          `Digest is invalid length for algorithm ${ALGORITHM}, or the message is not 1 to ${MAX_RAW_BYTES} bytes.`,
        );
      const Signature = signPkcs1(privateKey, MessageType, Message).toString('base64');
      return { KeyId: definition.arn, Signature, SigningAlgorithm };
    },
    async GetPublicKey(input, authorize) {
      const { definition, publicKey } = await authorized('GetPublicKey', parseInput(keyInput, input), authorize);
      if (!definition.enabled) throw new AwsError('DisabledException', `${definition.arn} is disabled.`);
      const PublicKey = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
      return { KeyId: definition.arn, PublicKey, ...shape(definition) };
    },
    async DescribeKey(input, authorize) {
      const { definition, created } = await authorized('DescribeKey', parseInput(keyInput, input), authorize);
      const KeyMetadata = {
        AWSAccountId: accountId,
        KeyId: definition.id,
        Arn: definition.arn,
        CreationDate: Math.floor(created.getTime() / 1000),
        Description: definition.description,
        Enabled: definition.enabled,
        KeyState: definition.enabled ? 'Enabled' : 'Disabled',
        KeyManager: 'CUSTOMER',
        Origin: 'AWS_KMS',
        MultiRegion: false,
        ...shape(definition),
      };
      return { KeyMetadata };
    },
  };

  return {
    name: 'kms',
    async handle(request, authorize) {
      const { operation, input } = readJsonCall(request);
      const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined;
      if (run === undefined)
        throw new AwsError('UnknownOperationException', `the local KMS has no operation ${operation}`);
      return { status: 200, body: JSON.stringify(await run(input, authorize)) };
    },
  };
}

/** What GetPublicKey and DescribeKey both tell of a key. */
function shape({ spec }: KeyDefinition) {
  return { KeySpec: spec, CustomerMasterKeySpec: spec, KeyUsage: 'SIGN_VERIFY', SigningAlgorithms: [ALGORITHM] };
}
