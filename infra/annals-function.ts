import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, LoggingFormat, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { allow, exactRole } from './policies.ts';

export interface AnnalsFunctionProps {
  readonly description: string;
  /** Folder that holds `index.mjs`. */
  readonly bundle: string;
  readonly timeoutSeconds: number;
  readonly environment: Record<string, string>;
  /** All that the function may do, besides writing its own logs. */
  readonly grants: readonly PolicyStatement[];
  readonly logRetentionDays: number;
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
      memorySize: 1024,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.environment },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      role: exactRole(this, 'Role', 'lambda.amazonaws.com', [
        allow('WriteLogs', ['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]),
        ...props.grants,
      ]),
    });
  }
}
