import { createHash } from 'node:crypto';
import { customIdentity, isCustom } from './custom.ts';
import type { Identity } from './intrinsics.ts';

/** Where the resources of a template are supposed to be. */
export interface Place {
  readonly stackName: string;
  readonly accountId: string;
  readonly region: string;
}

type Properties = Readonly<Record<string, unknown>>;
type Describe = (name: string, arn: (service: string, rest: string) => string, place: Place) => Identity;

interface Kind {
  /** Path of the property that names the resource, if its maker may name it. */
  readonly named?: readonly string[];
  readonly describe: Describe;
}

const table: Describe = (name, arn) => ({
  ref: name,
  // A label that never changes: a new one would look like another stream to a stored checkpoint.
  attributes: {
    Arn: arn('dynamodb', `table/${name}`),
    StreamArn: arn('dynamodb', `table/${name}/stream/2020-01-01T00:00:00.000`),
  },
});

const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::Lambda::Function': {
    named: ['FunctionName'],
    describe: (name, arn) => ({ ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } }),
  },
  'AWS::IAM::Role': {
    named: ['RoleName'],
    describe: (name, _arn, { accountId }) => ({
      ref: name,
      attributes: { Arn: `arn:aws:iam::${accountId}:role/${name}`, RoleId: `AROA${digest(name, 16)}` },
    }),
  },
  'AWS::DynamoDB::Table': { named: ['TableName'], describe: table },
  'AWS::DynamoDB::GlobalTable': { named: ['TableName'], describe: table },
  'AWS::S3::Bucket': {
    named: ['BucketName'],
    describe: (name, _arn, { region }) => ({
      ref: name,
      attributes: {
        Arn: `arn:aws:s3:::${name}`,
        DomainName: `${name}.s3.amazonaws.com`,
        RegionalDomainName: `${name}.s3.${region}.amazonaws.com`,
      },
    }),
  },
  'AWS::KinesisFirehose::DeliveryStream': {
    named: ['DeliveryStreamName'],
    describe: (name, arn) => ({ ref: name, attributes: { Arn: arn('firehose', `deliverystream/${name}`) } }),
  },
  'AWS::Glue::Database': { named: ['DatabaseInput', 'Name'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Glue::Table': { named: ['TableInput', 'Name'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Logs::LogGroup': {
    named: ['LogGroupName'],
    describe: (name, arn) => ({ ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } }),
  },
  'AWS::Logs::LogStream': { named: ['LogStreamName'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::SNS::Topic': {
    named: ['TopicName'],
    describe: (name, arn) => ({
      ref: arn('sns', name),
      attributes: { TopicArn: arn('sns', name), TopicName: name },
    }),
  },
  'AWS::CloudWatch::Alarm': {
    named: ['AlarmName'],
    describe: (name, arn) => ({ ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } }),
  },
  'AWS::Athena::WorkGroup': { named: ['Name'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::ApiGatewayV2::Api': {
    describe: (name, _arn, { region }) => {
      const id = digest(name, 10).toLowerCase();
      return { ref: id, attributes: { ApiEndpoint: apiEndpoint(id, region), ApiId: id } };
    },
  },
  'AWS::ApiGatewayV2::DomainName': {
    named: ['DomainName'],
    describe: (name, _arn, { region }) => ({
      ref: name,
      attributes: {
        RegionalDomainName: `d-local.execute-api.${region}.amazonaws.com`,
        RegionalHostedZoneId: 'Z0LOCAL',
      },
    }),
  },
  'AWS::ApiGatewayV2::Stage': { named: ['StageName'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Lambda::EventSourceMapping': {
    describe: (name) => ({ ref: uuid(name), attributes: { Id: uuid(name) } }),
  },
  'AWS::KMS::Key': {
    describe: (name, arn) => ({
      ref: uuid(name),
      attributes: { Arn: arn('kms', `key/${uuid(name)}`), KeyId: uuid(name) },
    }),
  },
  'AWS::KMS::Alias': { named: ['AliasName'], describe: (name) => ({ ref: name, attributes: {} }) },
  'AWS::Scheduler::Schedule': {
    named: ['Name'],
    describe: (name, arn) => ({ ref: name, attributes: { Arn: arn('scheduler', `schedule/default/${name}`) } }),
  },
};

/** Where API Gateway would serve an HTTP API. */
export function apiEndpoint(apiId: string, region: string): string {
  return `https://${apiId}.execute-api.${region}.amazonaws.com`;
}

/** Property path that holds the name of resources of this type, or undefined. */
export function namePath(type: string): readonly string[] | undefined {
  return KINDS[type]?.named;
}

/**
 * What a resource is called locally. The same template gives the same names at every start. `given` is the name that
 * the template asks for, if any.
 */
export function identityOf(logicalId: string, type: string, given: string | undefined, place: Place): Identity {
  const name = given ?? physicalName(logicalId, type, place.stackName);
  const arn = (service: string, rest: string) => `arn:aws:${service}:${place.region}:${place.accountId}:${rest}`;
  if (isCustom(type)) return customIdentity(logicalId);
  return KINDS[type]?.describe(name, arn, place) ?? { ref: name, attributes: {} };
}

/** The value at a path of properties, if it is there. */
export function at(properties: Properties, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Properties | undefined)?.[key], properties);
}

function physicalName(logicalId: string, type: string, stackName: string): string {
  const name = `${stackName}-${logicalId}`;
  // 63 characters is S3's limit and 64 Lambda's; the logical id's own hash is at its end.
  if (type === 'AWS::S3::Bucket') return shorten(name.toLowerCase(), 63);
  return shorten(name, 64);
}

function shorten(name: string, limit: number): string {
  return name.length <= limit ? name : `${name.slice(0, limit - 17)}-${name.slice(-16)}`;
}

function digest(text: string, length: number): string {
  return createHash('sha256').update(text).digest('hex').slice(0, length).toUpperCase();
}

function uuid(text: string): string {
  return digest(text, 32)
    .toLowerCase()
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
