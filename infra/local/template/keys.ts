import { z } from 'zod';
import type { KeyDefinition } from '../types.ts';
import { PolicyDocument, toStatement } from './policies.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

const KeyProperties = z.strictObject({
  KeySpec: z.enum(['RSA_2048', 'RSA_3072', 'RSA_4096']),
  KeyUsage: z.literal('SIGN_VERIFY'),
  KeyPolicy: PolicyDocument,
  Description: z.string().default(''),
  Enabled: z.boolean().default(true),
  // Key pairs are not rotated by KMS.
  EnableKeyRotation: z.literal(false).optional(),
  MultiRegion: z.literal(false).optional(),
  Origin: z.literal('AWS_KMS').optional(),
  BypassPolicyLockoutSafetyCheck: ignored,
  PendingWindowInDays: ignored,
  Tags: ignored,
});

const AliasProperties = z.strictObject({ AliasName: z.string().regex(/^alias\/[\w/-]+$/), TargetKeyId: z.string() });

/** @throws TemplateError for a key that is no RSA key pair for signing, and for an alias of a key that is elsewhere. */
export function readKeys(resources: Resources): KeyDefinition[] {
  const aliases = resources.of('AWS::KMS::Alias').map((resource) => {
    const { AliasName, TargetKeyId } = parseProperties(AliasProperties, resource);
    return { name: AliasName, key: resources.find(TargetKeyId, `alias ${resource.id}`, 'AWS::KMS::Key').id };
  });
  return resources.of('AWS::KMS::Key').map((resource) => {
    const { KeySpec, KeyPolicy, Description, Enabled } = parseProperties(KeyProperties, resource);
    return {
      id: resource.identity.ref,
      arn: resource.identity.attributes['Arn'] ?? '',
      spec: KeySpec,
      description: Description,
      enabled: Enabled,
      aliases: aliases.filter(({ key }) => key === resource.id).map(({ name }) => name),
      policy: KeyPolicy.Statement.map((one) => ({ ...toStatement(one), Principal: one.Principal })),
    };
  });
}
