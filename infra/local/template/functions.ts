import { z } from 'zod';
import type { EventSourceDefinition, FunctionDefinition, Principal, ScheduleDefinition } from '../types.ts';
import { TemplateError } from './error.ts';
import type { Resources } from './resources.ts';
import { ignored, parseProperties } from './source.ts';

/** A function with the names that AWS would give it. */
export interface LocalFunction extends FunctionDefinition {
  readonly name: string;
  readonly arn: string;
  /** Reserved concurrency, if the template reserves any. */
  readonly concurrency?: number;
  /** What becomes of asynchronous invocations that fail. */
  readonly asynchronous: AsynchronousInvocation;
}

export interface AsynchronousInvocation {
  /** How often one is tried again, 0 to 2. */
  readonly retryAttempts: number;
}

/** An event source mapping; `id` is the UUID that names its checkpoint and its failed batches. */
export interface LocalEventSource extends EventSourceDefinition {
  readonly id: string;
}

/** A schedule; `role` must be allowed to invoke the function. */
export interface LocalSchedule extends ScheduleDefinition {
  readonly arn: string;
  readonly role: Principal;
}

// What does not change how a function runs here is named and ignored; anything else (layers, say) is an error.
const FunctionProperties = z.strictObject({
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  Handler: z.string().regex(/^[\w/-]+\.\w+$/),
  Role: z.string(),
  Runtime: z.string().regex(/^nodejs/),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
  Timeout: z.number().default(3),
  MemorySize: z.number().default(128),
  ReservedConcurrentExecutions: z.number().optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).default({}),
  FunctionName: z.string().optional(),
  PackageType: z.literal('Zip').optional(),
  Architectures: ignored,
  Description: ignored,
  EphemeralStorage: ignored,
  RecursiveLoop: ignored,
  Tags: ignored,
  TracingConfig: ignored,
  // Here, everything is in the one network that this machine is in.
  VpcConfig: ignored,
});

const EventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST'),
  MaximumRetryAttempts: z.int().min(0).max(2).default(2),
  // Nothing waits in a queue here for as long as AWS's shortest limit, a minute.
  MaximumEventAgeInSeconds: ignored,
});

const EventSourceProperties = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  StartingPosition: z.literal('TRIM_HORIZON'),
  BatchSize: z.number().default(100),
  MaximumBatchingWindowInSeconds: z.number().default(0),
  BisectBatchOnFunctionError: z.boolean().default(false),
  FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
  MaximumRetryAttempts: z.number().default(-1),
  MaximumRecordAgeInSeconds: z.number().default(-1),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }) }).optional(),
  FilterCriteria: z.strictObject({ Filters: z.array(z.strictObject({ Pattern: z.string() })) }).optional(),
  Enabled: z.boolean().default(true),
  // Batches of one shard are never run side by side here, which keeps the order that AWS keeps for each item.
  ParallelizationFactor: ignored,
  MetricsConfig: ignored,
  Tags: ignored,
});

const ScheduleProperties = z.strictObject({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.enum(['UTC', 'Etc/UTC', 'GMT', 'Etc/GMT']).default('UTC'),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().optional(),
    RetryPolicy: ignored,
    DeadLetterConfig: ignored,
  }),
  FlexibleTimeWindow: ignored,
  GroupName: ignored,
  Name: ignored,
  Description: ignored,
});

/** @throws TemplateError for a function whose code, role or settings can't be had locally. */
export function readFunctions(
  resources: Resources,
  principals: ReadonlyMap<string, Principal>,
  assets: ReadonlyMap<string, string>,
): LocalFunction[] {
  const retries = retryAttempts(resources);
  return resources.of('AWS::Lambda::Function').map((resource) => {
    const properties = parseProperties(FunctionProperties, resource);
    const assetDir = assets.get(properties.Code.S3Key);
    if (assetDir === undefined)
      throw new TemplateError(`the code of function ${resource.id} (${properties.Code.S3Key}) is in no asset`);
    const { LogGroup } = properties.LoggingConfig;
    return {
      id: resource.id,
      name: resource.identity.ref,
      arn: resource.identity.attributes['Arn'] ?? '',
      assetDir,
      handler: properties.Handler,
      environment: properties.Environment.Variables,
      timeoutSeconds: properties.Timeout,
      memoryMb: properties.MemorySize,
      role: roleOf(properties.Role, `function ${resource.id}`, resources, principals),
      logGroup: LogGroup ?? `/aws/lambda/${resource.identity.ref}`,
      ...(properties.ReservedConcurrentExecutions !== undefined && {
        concurrency: properties.ReservedConcurrentExecutions,
      }),
      asynchronous: { retryAttempts: retries.get(resource.id) ?? 2 },
    };
  });
}

/** By function, where the template says. @throws TemplateError for a configuration of a version or with destinations. */
function retryAttempts(resources: Resources): Map<string, number> {
  return new Map(
    resources.of('AWS::Lambda::EventInvokeConfig').map((resource) => {
      const { FunctionName, MaximumRetryAttempts } = parseProperties(EventInvokeConfigProperties, resource);
      const { id } = resources.find(FunctionName, `event invoke config ${resource.id}`, 'AWS::Lambda::Function');
      return [id, MaximumRetryAttempts];
    }),
  );
}

/** @throws TemplateError for a mapping that is not a DynamoDB stream's, or with settings that are not known here. */
export function readEventSources(resources: Resources): LocalEventSource[] {
  return resources.of('AWS::Lambda::EventSourceMapping').flatMap((resource) => {
    const properties = parseProperties(EventSourceProperties, resource);
    const asked = `event source ${resource.id}`;
    resources.find(properties.EventSourceArn, asked, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable');
    const destination = properties.DestinationConfig?.OnFailure.Destination;
    const definition = {
      id: resource.identity.ref,
      functionId: resources.find(properties.FunctionName, asked, 'AWS::Lambda::Function').id,
      streamArn: properties.EventSourceArn,
      batchSize: properties.BatchSize,
      batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
      filters: (properties.FilterCriteria?.Filters ?? []).map(({ Pattern }) => parsePattern(Pattern, asked)),
      bisectBatchOnError: properties.BisectBatchOnFunctionError,
      reportBatchItemFailures: properties.FunctionResponseTypes.length > 0,
      retryAttempts: properties.MaximumRetryAttempts,
      maxRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
      ...(destination !== undefined && {
        failureBucket: resources.find(destination, asked, 'AWS::S3::Bucket').identity.ref,
      }),
    };
    return properties.Enabled ? [definition] : [];
  });
}

/** Schedules that are enabled. @throws TemplateError for one that invokes no function of the template. */
export function readSchedules(resources: Resources, principals: ReadonlyMap<string, Principal>): LocalSchedule[] {
  return resources.of('AWS::Scheduler::Schedule').flatMap((resource) => {
    const { ScheduleExpression, State, Target } = parseProperties(ScheduleProperties, resource);
    const asked = `schedule ${resource.id}`;
    const schedule = {
      id: resource.id,
      arn: resource.identity.attributes['Arn'] ?? '',
      expression: ScheduleExpression,
      functionId: resources.find(Target.Arn, asked, 'AWS::Lambda::Function').id,
      role: roleOf(Target.RoleArn, asked, resources, principals),
      ...(Target.Input !== undefined && { input: Target.Input }),
    };
    return State === 'ENABLED' ? [schedule] : [];
  });
}

function roleOf(
  arn: string,
  asked: string,
  resources: Resources,
  principals: ReadonlyMap<string, Principal>,
): Principal {
  const role = principals.get(resources.find(arn, asked, 'AWS::IAM::Role').id);
  if (role === undefined) throw new TemplateError(`${asked} has no role`);
  return role;
}

function parsePattern(pattern: string, asked: string): unknown {
  try {
    return JSON.parse(pattern);
  } catch (cause) {
    throw new TemplateError(`a filter of ${asked} is not JSON: ${pattern}`, { cause });
  }
}
