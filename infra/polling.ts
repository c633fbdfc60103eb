import { Aws, Duration } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { AnnalsFunction, type AnnalsFunctionProps } from './annals-function.ts';
import type { Bundles } from './bundle.ts';
import { allow, allowKey, exactRole } from './policies.ts';
import type { Settings } from './settings.ts';
import {
  archiveLock,
  commonEnvironment,
  connectionSecrets,
  keepAside,
  keepLargeRaw,
  onlyPartitions,
  type Stores,
  storeEvents,
  storingEnvironment,
} from './shared-grants.ts';

export interface PollingProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
  readonly stores: Stores;
}

/** What is late is due again with the next tick, so that nothing has to be tried twice or kept waiting. */
const ONCE = { retryAttempts: 0, maxEventAge: Duration.seconds(60) };

/** A schedule that ticks every minute, the function that starts what is due, and those that collect. */
export class Polling extends Construct {
  readonly dispatch: AnnalsFunction;
  /** Polls over the internet. */
  readonly poll: AnnalsFunction;
  /** Polls from inside the user's network, where the deployment has one. */
  readonly privatePoll: AnnalsFunction | undefined;

  constructor(scope: Construct, id: string, { settings, bundles, stores }: PollingProps) {
    super(scope, id);
    const { control, key } = stores;
    const { logRetentionDays, vpc } = settings;
    const poll = pollProps(this, { settings, bundles, stores });
    this.poll = new AnnalsFunction(this, 'Poll', { ...poll, description: "Collects one connection's events" });
    this.privatePoll =
      vpc &&
      new AnnalsFunction(this, 'PrivatePoll', {
        ...poll,
        description: `Collects the events of one connection whose vendor is in ${vpc.id}`,
        vpc,
      });

    this.dispatch = new AnnalsFunction(this, 'Dispatch', {
      description: 'Every minute: starts what is due, and says which connections ail',
      bundle: bundles.dispatch,
      // Over before the next tick.
      timeoutSeconds: 50,
      environment: {
        ...commonEnvironment(settings),
        CONTROL_TABLE: control.tableName,
        ...this.names,
      },
      grants: [
        allow('FindDueJobs', ['dynamodb:Query'], [control.tableArn], onlyPartitions('connection', 'job', 'hastened')),
        this.mayInvoke('StartPolls'),
        ...allowKey(key, 'dynamodb'),
      ],
      logRetentionDays,
    });
    for (const { handler } of [this.dispatch, ...this.pollers()]) handler.configureAsyncInvoke(ONCE);

    new Schedule(this, 'Schedule', {
      description: 'Looks every minute which connections are to be polled',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(this.dispatch.handler, {
        ...ONCE,
        role: exactRole(
          this,
          'ScheduleRole',
          new ServicePrincipal('scheduler.amazonaws.com', {
            conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          }),
          [allow('Tick', ['lambda:InvokeFunction'], [this.dispatch.handler.functionArn])],
        ),
      }),
    });
  }

  /** What whoever invokes the functions that poll is told. */
  get names(): Record<string, string> {
    return {
      POLL_FUNCTION: this.poll.handler.functionName,
      PRIVATE_POLL_FUNCTION: this.privatePoll?.handler.functionName ?? '',
    };
  }

  mayInvoke(sid: string): PolicyStatement {
    const arns = this.pollers().map(({ handler }) => handler.functionArn);
    return allow(sid, ['lambda:InvokeFunction'], arns);
  }

  /** Every function that polls. */
  pollers(): AnnalsFunction[] {
    return this.privatePoll ? [this.poll, this.privatePoll] : [this.poll];
  }
}

function pollProps(
  scope: Construct,
  { settings, bundles, stores }: PollingProps,
): Omit<AnnalsFunctionProps, 'description'> {
  const { events, control, archive, failures, key } = stores;
  const secrets = connectionSecrets(scope, settings);
  return {
    bundle: bundles.poll,
    timeoutSeconds: 600,
    environment: {
      ...storingEnvironment(settings, stores),
      ARCHIVE_LOCK: archiveLock(settings),
      FAILURES_BUCKET: failures.bucketName,
      SECRET_PREFIX: secrets.prefix,
    },
    grants: [
      ...storeEvents(events),
      keepLargeRaw(archive),
      keepAside(failures, 'conflicts'),
      // It talks to the outside: API keys it can't read, and nothing but its own position can it write.
      allow('ReadConnection', ['dynamodb:GetItem'], [control.tableArn], onlyPartitions('connection')),
      allow('ReadJobs', ['dynamodb:Query'], [control.tableArn], onlyPartitions('job', 'hastened')),
      allow('SaveJobs', ['dynamodb:PutItem'], [control.tableArn], onlyPartitions('job')),
      // Written too, as some vendors replace a token whenever it is used.
      allow('KeepSecrets', ['ssm:GetParameter', 'ssm:PutParameter'], secrets.arns),
      ...allowKey(key, 'dynamodb', 's3'),
    ],
    logRetentionDays: settings.logRetentionDays,
  };
}
