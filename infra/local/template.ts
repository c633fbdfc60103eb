import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readAssets } from './template/assets.ts';
import { readBuckets } from './template/buckets.ts';
import { type CustomResource, isCustom, readCustomResources } from './template/custom.ts';
import { TemplateError } from './template/error.ts';
import {
  type LocalEventSource,
  type LocalFunction,
  type LocalSchedule,
  readEventSources,
  readFunctions,
  readSchedules,
} from './template/functions.ts';
import { readKeys } from './template/keys.ts';
import { readPrincipals } from './template/policies.ts';
import { Resources } from './template/resources.ts';
import { type LocalRoute, readRoutes } from './template/routes.ts';
import { parseTemplate } from './template/source.ts';
import { readDeliveryStreams, readTables } from './template/storage.ts';
import type { LocalTemplate, Principal } from './types.ts';

/** A template read for running, with what only the local stack needs to know. */
export interface RunnableTemplate extends LocalTemplate {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
  readonly apiId: string;
  readonly functions: readonly LocalFunction[];
  readonly routes: readonly LocalRoute[];
  readonly eventSources: readonly LocalEventSource[];
  readonly schedules: readonly LocalSchedule[];
  readonly customResources: readonly CustomResource[];
  /** One for each role. */
  readonly principals: readonly Principal[];
}

const RUN = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Glue::Table',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::Role',
  'AWS::KMS::Alias',
  'AWS::KMS::Key',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::Function',
  'AWS::S3::Bucket',
  'AWS::S3::BucketPolicy',
  'AWS::Scheduler::Schedule',
];

/** Types whose absence changes nothing that events go through: names, watching, cataloguing, grants to AWS's services. */
const IGNORED = [
  'AWS::ApiGatewayV2::ApiMapping',
  'AWS::ApiGatewayV2::DomainName',
  'AWS::Athena::NamedQuery',
  'AWS::Athena::PreparedStatement',
  'AWS::Athena::WorkGroup',
  'AWS::CDK::Metadata',
  'AWS::CloudWatch::Alarm',
  'AWS::CloudWatch::CompositeAlarm',
  'AWS::CloudWatch::Dashboard',
  'AWS::Glue::Database',
  'AWS::Lambda::Permission',
  'AWS::Logs::LogGroup',
  'AWS::Logs::LogStream',
  'AWS::Logs::MetricFilter',
  'AWS::SNS::Subscription',
  'AWS::SNS::Topic',
  'AWS::SNS::TopicPolicy',
  'AWS::Scheduler::ScheduleGroup',
];

const KNOWN = new Set([...RUN, ...IGNORED]);

/**
 * Reads a synthesised template, and the asset manifest beside it, for running on one machine.
 *
 * Names and ARNs are the same at every start; access keys are new at each.
 *
 * @throws TemplateError when the file can't be read, has a resource type that is not known here, or asks for something
 *   that can't be run locally: what would be left out in silence would be missed only in the user's account.
 */
export function readTemplate(
  templateFile: string,
  options: { accountId?: string; region?: string } = {},
): RunnableTemplate {
  const { accountId = '000000000000', region = 'us-east-1' } = options;
  const stackName = basename(templateFile).replace(/\.template\.json$/, '');
  const place = { stackName, accountId, region };
  const source = parseTemplate(readJson(templateFile), templateFile);
  for (const [id, { Type }] of Object.entries(source.Resources)) {
    if (!KNOWN.has(Type) && !isCustom(Type))
      throw new TemplateError(`the local stack can't run ${id}: it does not know ${Type}`);
  }
  const resources = new Resources(source, place);
  const principals = readPrincipals(resources);
  return {
    stackName,
    accountId,
    region,
    ...readRoutes(resources),
    functions: readFunctions(resources, principals, readAssets(templateFile)),
    tables: readTables(resources),
    buckets: readBuckets(resources),
    keys: readKeys(resources),
    deliveryStreams: readDeliveryStreams(resources, principals),
    eventSources: readEventSources(resources),
    schedules: readSchedules(resources, principals),
    customResources: readCustomResources(resources),
    outputs: resources.outputs,
    principals: [...principals.values()],
  };
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new TemplateError(`${file} can't be read as a template`, { cause });
  }
}
