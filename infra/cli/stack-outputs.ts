import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { ConfigurationError } from '../../shared/errors.ts';

/** What commands need to know of a stack. */
export const StackOutputs = z.object({
  ApiUrl: z.url(),
  Workgroup: z.string(),
  Database: z.string(),
  ArchiveBucket: z.string(),
  LandingBucket: z.string(),
  FailuresBucket: z.string(),
  ReplayFunction: z.string(),
  DeliverFunction: z.string(),
  DeliveryStream: z.string(),
  ReconcileFunction: z.string(),
  EventsTable: z.string(),
  ControlTable: z.string(),
  Tenant: z.string(),
});
export type StackOutputs = z.infer<typeof StackOutputs>;

/**
 * The outputs of a deployed stack, read with the caller's own AWS credentials.
 *
 * @throws ConfigurationError when there is no such stack, or it is not of this version.
 */
export async function stackOutputs(name: string): Promise<StackOutputs> {
  const cloudFormation = new CloudFormationClient({});
  const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name })).catch((cause: Error) => {
    throw new ConfigurationError(`can't read stack ${name}: ${cause.message} (is AWS_REGION the one deployed to?)`, {
      cause,
    });
  });
  const outputs = Object.fromEntries(
    (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const parsed = StackOutputs.safeParse(outputs);
  if (parsed.success) return parsed.data;
  throw new ConfigurationError(`stack ${name} lacks outputs of Annals: deploy it again with this version`, {
    cause: parsed.error,
  });
}
