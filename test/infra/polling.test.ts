import { describe, expect, it } from 'vitest';
import { readTemplate } from '../../infra/local/template.ts';
import { synthesize } from '../../infra/synth.ts';
import { inWorkspace, resource, resourcesOf, synthesizeTemplate, written } from './synthesized.ts';

const vpc = {
  id: 'vpc-0123456789abcdef0',
  subnets: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
  securityGroups: ['sg-0123456789abcdef0'],
};
const template = synthesizeTemplate();
const within = synthesizeTemplate({ vpc });
const lambda = (one: typeof template, name: string) =>
  resource(one, 'AWS::Lambda::Function', `${name}Handler`).Properties;

describe('polling', () => {
  it('ticks every minute, and what was not handed over at once is left to the next tick', () => {
    const { Properties } = resource(template, 'AWS::Scheduler::Schedule', 'PollingSchedule');
    const { ScheduleExpression, State, FlexibleTimeWindow, Target } = Properties;
    expect([ScheduleExpression, State, FlexibleTimeWindow]).toEqual(['rate(1 minute)', 'ENABLED', { Mode: 'OFF' }]);
    expect(Target.RetryPolicy).toEqual({ MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 });
    expect([written(Target.Arn), written(Target.RoleArn)]).toEqual([
      '{PollingDispatchHandler.Arn}',
      '{PollingScheduleRole.Arn}',
    ]);
  });

  it('lets only schedules of this account take on the role of the schedule', () => {
    const { AssumeRolePolicyDocument } = resource(template, 'AWS::IAM::Role', 'PollingScheduleRole').Properties;
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'sts:AssumeRole',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      },
    ]);
  });

  it.each([
    [template, ['PollingDispatchHandler', 'PollingPollHandler']],
    [within, ['PollingDispatchHandler', 'PollingPollHandler', 'PollingPrivatePollHandler']],
  ])('has Lambda repeat nothing', (one, functions) => {
    const configs = resourcesOf(one, 'AWS::Lambda::EventInvokeConfig')
      .filter(([id]) => id.startsWith('Polling'))
      .map(([, { Properties }]) => Properties);
    expect(configs.map(({ FunctionName }) => written(FunctionName)).sort()).toEqual(
      functions.map((name) => `{${name}}`),
    );
    for (const { Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds } of configs)
      expect([Qualifier, MaximumRetryAttempts, MaximumEventAgeInSeconds]).toEqual(['$LATEST', 0, 60]);
  });
});

describe('the setting vpc', () => {
  it('adds a function inside it, with the same code and environment', () => {
    const [inside, outside] = [lambda(within, 'PollingPrivatePoll'), lambda(within, 'PollingPoll')];
    expect(inside.VpcConfig).toEqual({ SubnetIds: vpc.subnets, SecurityGroupIds: vpc.securityGroups });
    expect(inside.Description).toContain(vpc.id);
    for (const name of ['Code', 'Environment', 'Timeout', 'MemorySize']) expect(inside[name]).toEqual(outside[name]);
  });

  it('leaves the others outside', () => {
    const inVpc = resourcesOf(within, 'AWS::Lambda::Function').filter(([, { Properties }]) => Properties.VpcConfig);
    expect(inVpc).toHaveLength(1);
    expect(resourcesOf(template, 'AWS::Lambda::Function').some(([, { Properties }]) => Properties.VpcConfig)).toBe(
      false,
    );
  });

  it.each(['PollingDispatch', 'FunctionsAdmin'])('is what tells %s where private connections are polled', (name) => {
    const told = (one: typeof template) => lambda(one, name).Environment.Variables;
    expect(told(template).PRIVATE_POLL_FUNCTION).toBe('');
    expect(written(told(template).POLL_FUNCTION)).toBe('{PollingPollHandler}');
    expect(written(told(within).PRIVATE_POLL_FUNCTION)).toBe('{PollingPrivatePollHandler}');
  });

  it('makes a template that runs locally too', () => {
    const { functions, schedules } = inWorkspace((workspace) =>
      readTemplate(synthesize({ ...workspace, context: { annals: { vpc } } })),
    );
    expect(
      functions.filter(({ id }) => /^Polling/.test(id)).map(({ asynchronous }) => asynchronous.retryAttempts),
    ).toEqual([0, 0, 0]);
    expect(schedules.filter(({ id }) => /^Polling/.test(id))).toHaveLength(1);
  });
});
