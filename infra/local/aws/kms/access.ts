import type { KeyDefinition, Statement } from '../../types.ts';
import { type AccessRequest, checkStatements, decide } from '../iam.ts';

type PolicyStatement = KeyDefinition['policy'][number];

/** @throws ConfigurationError when a key's policy has something that can't be evaluated. */
export function checkKeyPolicies(keys: readonly KeyDefinition[]): void {
  for (const { policy } of keys) checkStatements(policy.map(statementOf));
}

/**
 * Whether a key's policy lets the roles of the account use it as their own policies say: without an Allow that names
 * the account, no role's grant counts (KMS developer guide, "Default key policy"). Every Deny holds for every caller,
 * whomever it names.
 */
export function mayUseKey({ policy }: KeyDefinition, accountId: string, request: AccessRequest): boolean {
  const counts = policy.filter((one) => one.Effect === 'Deny' || namesAccount(one.Principal, accountId));
  return decide(counts.map(statementOf), request) === 'allow';
}

function namesAccount(principal: unknown, accountId: string): boolean {
  if (principal === '*') return true;
  const aws: unknown =
    typeof principal === 'object' && principal !== null && 'AWS' in principal ? principal.AWS : undefined;
  const names: readonly unknown[] = Array.isArray(aws) ? aws : [aws];
  return names.some((name) => name === '*' || name === accountId || name === `arn:aws:iam::${accountId}:root`);
}

function statementOf({ Principal: _checkedBefore, ...statement }: PolicyStatement): Statement {
  return statement;
}
