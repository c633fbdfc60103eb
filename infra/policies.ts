import { Aws } from 'aws-cdk-lib';
import {
  Effect,
  type IRole,
  PolicyDocument,
  PolicyStatement,
  type PolicyStatementProps,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';

/** A role with exactly these statements: what CDK's own grants would add (deletes among them) is left out. */
export function exactRole(
  scope: Construct,
  id: string,
  service: string | ServicePrincipal,
  statements: PolicyStatement[],
): IRole {
  const role = new Role(scope, id, {
    assumedBy: typeof service === 'string' ? new ServicePrincipal(service) : service,
    // Inline, so that whatever uses the role has its grants from the first moment.
    inlinePolicies: { Grants: new PolicyDocument({ statements }) },
  });
  return role.withoutPolicyUpdates();
}

export function allow(
  sid: string,
  actions: string[],
  resources: string[],
  conditions?: PolicyStatementProps['conditions'],
): PolicyStatement {
  return new PolicyStatement({ sid, actions, resources, ...(conditions && { conditions }) });
}

export function deny(
  sid: string,
  actions: string[],
  resources: string[],
  conditions: NonNullable<PolicyStatementProps['conditions']>,
): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, sid, actions, resources, conditions });
}

/** What reading and writing under a key of the user's own takes, through the named services only; nothing without one. */
export function allowKey(key: IKey | undefined, ...services: ('dynamodb' | 's3' | 'firehose')[]): PolicyStatement[] {
  if (key === undefined) return [];
  return [
    allow('UseKey', ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey'], [key.keyArn], {
      StringEquals: { 'kms:ViaService': services.map((one) => `${one}.${Aws.REGION}.${Aws.URL_SUFFIX}`) },
    }),
  ];
}
