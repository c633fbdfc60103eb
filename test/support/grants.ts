import type { Principal, Statement } from '../../infra/local/types.ts';

/** One action on one resource that a role of the template is allowed: what can be taken out of it singly. */
export interface Grant {
  /** The role's logical id, without CDK's hash. */
  readonly role: string;
  readonly principal: string;
  /** Position of its statement. */
  readonly statement: number;
  readonly action: string;
  readonly resource: string;
  /** `<action> on <resource>`, with the names of the template in place of ARNs. */
  readonly text: string;
}

interface Template {
  readonly principals: readonly Principal[];
  readonly stackName: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** Every grant of every role. */
export function grantsOf({ principals, stackName, outputs }: Template): Grant[] {
  return principals.flatMap(({ name, statements }) =>
    statements.flatMap(({ Action, Resource }, statement) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({
          role: withoutHash(name),
          principal: name,
          statement,
          action,
          resource,
          text: `${action} on ${readable(resource, stackName, outputs)}`,
        })),
      ),
    ),
  );
}

/** Runs `use` while a role lacks one grant. */
export async function withoutGrant<T>(
  principals: readonly Principal[],
  grant: Grant,
  use: () => Promise<T>,
): Promise<T> {
  const principal = principals.find(({ name }) => name === grant.principal);
  if (principal === undefined) throw new Error(`there is no role ${grant.principal}`);
  const whole = principal.statements;
  principal.statements = whole.flatMap((one, index) => (index === grant.statement ? without(one, grant) : [one]));
  try {
    return await use();
  } finally {
    principal.statements = whole;
  }
}

/** The statement split in two: the other actions on everything, this one on the other resources. */
function without(statement: Statement, { action, resource }: Grant): Statement[] {
  const others = { ...statement, Action: statement.Action.filter((one) => one !== action) };
  const elsewhere = { ...statement, Action: [action], Resource: statement.Resource.filter((one) => one !== resource) };
  return [others, elsewhere].filter(({ Action, Resource }) => Action.length > 0 && Resource.length > 0);
}

function readable(resource: string, stackName: string, outputs: Readonly<Record<string, string>>): string {
  const withoutArn = (arn: string) => arn.replace(/^arn(:[^:]*){4}:/, '');
  let text = withoutArn(resource);
  for (const [output, name] of Object.entries(outputs))
    if (/Bucket$|Table$|Key$/.test(output)) text = text.replace(withoutArn(name), output);
  return text
    .replace(/^table\/(?=\w+Table)/, '')
    .replace(/\/stream\/.*/, '/stream')
    .replaceAll(`${stackName}-`, '')
    .replace(/[0-9A-F]{8}(?=$|:)/g, '');
}

function withoutHash(logicalId: string): string {
  return logicalId.replace(/[0-9A-F]{8}$/, '');
}
