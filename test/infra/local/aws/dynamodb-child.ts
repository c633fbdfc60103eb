// A process of its own that serves DynamoDB from the directory in its first argument, to be killed by a test.
import { createDynamo } from '../../../../infra/local/aws/dynamodb.ts';
import { startEndpoint } from '../../../../infra/local/aws/endpoint.ts';
import { ACCOUNT, REGION, TABLES } from './endpoint-support.ts';

const [, , dir = '', accessKeyId = ''] = process.argv;
const dynamo = await createDynamo({ backend: 'dynalite', dir, tables: TABLES, region: REGION, accountId: ACCOUNT });
const { url } = await startEndpoint({
  services: [dynamo.service],
  principals: [{ name: 'operator', accessKeyId, secretAccessKey: 'secret', statements: [] }],
});
process.stdout.write(`${url}\n`);
