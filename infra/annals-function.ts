import { Duration, RemovalPolicy, type Size } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow, deny, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';

export interface AnnalsFunctionProps {
  readonly description: string;
  /** Folder that holds `index.mjs`. */
  readonly bundle: string;
  readonly timeoutSeconds: number;
  readonly environment: Record<string, string>;
  /** All that the function may do, besides writing its own logs. */
  readonly grants: readonly PolicyStatement[];
  readonly logRetentionDays: number;
  /** @default 1024 */
  readonly memoryMb?: number;
  /**
   * Size of the folder for temporary files.
   * @default - 512 MB
   */
  readonly temporary?: Size;
  /** @default - outside of any VPC */
  readonly vpc?: Settings['vpc'];
}

/** A function with a role and a log group of its own. */
export class AnnalsFunction extends Construct {
  readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, props: AnnalsFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.handler = new LambdaFunction(this, 'Handler', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(props.bundle),
      handler: 'index.handler',
      timeout: Duration.seconds(props.timeoutSeconds),
      // Memory buys CPU: less makes a cold start, which loads the AWS SDK, longer and no cheaper.
      memorySize: props.memoryMb ?? 1024,
      ...(props.temporary && { ephemeralStorageSize: props.temporary }),
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      role: exactRole(this, 'Role', 'lambda.amazonaws.com', [
        allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
        ...props.grants,
        ...(props.vpc ? joinVpc() : []),
      ]),
    });
    if (props.vpc) {
      const { subnets, securityGroups } = props.vpc;
      // The construct's own property wants a VPC that CDK has looked up, and attaches a managed policy.
      const resource = this.handler.node.defaultChild as CfnFunction;
      resource.vpcConfig = { subnetIds: subnets, securityGroupIds: securityGroups };
    }
  }
}

/**
 * Lambda makes the network interfaces with the function's role, and takes these on every resource only; the function's own
 * code, whose requests carry the key lambda:SourceFunctionArn, is denied them: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
function joinVpc(): PolicyStatement[] {
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    allow('JoinVpc', actions, ['*']),
    deny('OnlyLambdaJoinsVpc', actions, ['*'], { Null: { 'lambda:SourceFunctionArn': 'false' } }),
  ];
}
