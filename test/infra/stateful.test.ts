import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resourcesOf, synthesizeTemplate } from './synthesized.ts';

const FILE = join(import.meta.dirname, 'stateful.snapshot.json');
const ACCEPT = 'ANNALS_ACCEPT_REPLACEMENT';

/** For each type that holds data, or that others hold on to: what CloudFormation can't change without making another one. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  'AWS::DynamoDB::GlobalTable': [
    'TableName',
    'KeySchema',
    'AttributeDefinitions',
    'LocalSecondaryIndexes',
    'StreamSpecification',
    'SSESpecification',
  ],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled', 'BucketEncryption'],
  'AWS::KinesisFirehose::DeliveryStream': [
    'DeliveryStreamName',
    'DeliveryStreamType',
    'DeliveryStreamEncryptionConfigurationInput',
  ],
  'AWS::Glue::Database': ['CatalogId', 'DatabaseInput.Name'],
  'AWS::Glue::Table': ['CatalogId', 'DatabaseName', 'TableInput.Name'],
  'AWS::Athena::WorkGroup': ['Name'],
  'AWS::Lambda::EventSourceMapping': ['EventSourceArn', 'StartingPosition'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::SNS::Topic': ['TopicName'],
};

function stateful(): unknown {
  const template = synthesizeTemplate();
  const resources = Object.entries(FIXED).flatMap(([type, paths]) =>
    resourcesOf(template, type).map(([id, { Properties, DeletionPolicy }]) => {
      const fixed = paths.map((path) => [path, path.split('.').reduce((value, key) => value?.[key], Properties)]);
      const set = fixed.filter(([, value]) => value !== undefined);
      return [id, { Type: type, ...(DeletionPolicy && { DeletionPolicy }), ...Object.fromEntries(set) }];
    }),
  );
  const sorted = resources.sort(([one], [other]) => (String(one) < String(other) ? -1 : 1));
  return JSON.parse(
    JSON.stringify(Object.fromEntries(sorted), (_, value) => value?.['Fn::GetAtt']?.join('.') ?? value),
  );
}

it('what holds data keeps its identity', () => {
  const now = stateful();
  if (process.env[ACCEPT] === '1') writeFileSync(FILE, `${JSON.stringify(now, null, 2)}\n`);
  expect(
    now,
    `a logical id, or a property that can't be changed in place, is not what ${FILE} says. CloudFormation would make a new, empty
resource and leave the old one, with its data, behind. If that is meant, write down in the change how the data moves, then run
${ACCEPT}=1 npx vitest run --config test/vitest.config.ts test/infra/stateful.test.ts and commit the file`,
  ).toEqual(JSON.parse(readFileSync(FILE, 'utf8')));
});
