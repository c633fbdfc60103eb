import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Principal, Statement } from '../types.ts';
import { TemplateError } from './error.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const toList = (value: unknown) => (Array.isArray(value) ? value : [value]);
const oneOrMore = z.preprocess(toList, z.array(scalar).min(1));

// Strict: a NotAction that was read past would turn "all but these" into nothing, or into everything.
const PolicyStatement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: oneOrMore,
  Resource: oneOrMore,
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});

/** A policy document, from which only the statements are of interest. */
export const PolicyDocument = z.object({
  Version: z.string().optional(),
  Statement: z.preprocess(toList, z.array(PolicyStatement)),
});

const RoleProperties = z.strictObject({
  AssumeRolePolicyDocument: ignored,
  Policies: z.array(z.object({ PolicyDocument })).default([]),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Description: ignored,
  RoleName: ignored,
  MaxSessionDuration: ignored,
  Path: ignored,
  // A policy outside of the template, which can't be read here; it only ever takes away.
  PermissionsBoundary: ignored,
  Tags: ignored,
});

const PolicyProperties = z.object({ PolicyDocument, Roles: z.array(z.string()).default([]) });

/** The part of AWS's managed policies that templates made by CDK attach by themselves. */
const MANAGED: Readonly<Record<string, Statement>> = {
  'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole': {
    Effect: 'Allow',
    Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: ['*'],
  },
};

/** A statement without its id, as the local IAM check reads it. */
export function toStatement(statement: z.infer<typeof PolicyStatement>): Statement {
  const { Effect, Action, Resource, Condition } = statement;
  return { Effect, Action, Resource, ...(Condition !== undefined && { Condition }) };
}

/**
 * One principal for each role, with the statements of its inline, attached and managed policies. Access keys are random
 * and new at every call.
 *
 * @throws TemplateError for a managed policy that is not known, and for policies in a form that can't be checked.
 */
export function readPrincipals(resources: Resources): Map<string, Principal> {
  const attached = resources
    .of('AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy')
    .map((resource) => parseProperties(PolicyProperties, resource));
  return new Map(
    resources.of('AWS::IAM::Role').map((role) => {
      const { Policies, ManagedPolicyArns } = parseProperties(RoleProperties, role);
      const documents = [...Policies, ...attached.filter(({ Roles }) => Roles.includes(role.identity.ref))];
      const statements = documents.flatMap(({ PolicyDocument: { Statement } }) => Statement.map(toStatement));
      return [role.id, createPrincipal(role.id, [...statements, ...ManagedPolicyArns.map(managed)])];
    }),
  );
}

/** Somebody who may do what the statements say, under an access key that can't be guessed. */
export function createPrincipal(name: string, statements: readonly Statement[]): Principal {
  return {
    name,
    accessKeyId: `ASIA${randomBytes(10).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString('base64url'),
    statements,
  };
}

function managed(arn: string): Statement {
  const statement = MANAGED[arn];
  if (statement === undefined) throw new TemplateError(`the managed policy ${arn} is not known locally`);
  return statement;
}
