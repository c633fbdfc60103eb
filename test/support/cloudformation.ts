import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestStack } from './stack.ts';

/** CloudFormation as far as the commands ask it, which knows the one stack `Annals-prod`. */
export interface CloudFormation {
  /** The environment of a command of the operator. */
  readonly env: Readonly<Record<string, string | undefined>>;
  close(): void;
}

export async function startCloudFormation({ endpoint, outputs }: TestStack): Promise<CloudFormation> {
  const server = serve(outputs).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: endpoint.region,
      AWS_ACCESS_KEY_ID: endpoint.credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: endpoint.credentials.secretAccessKey,
      AWS_ENDPOINT_URL: endpoint.url,
      AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    },
    close: () => void server.close(),
  };
}

/** One stack's outputs, in CloudFormation's XML. */
function serve(outputs: Readonly<Record<string, string>>): Server {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const isKnown = new URLSearchParams(body).get('StackName') === 'Annals-prod';
      response.writeHead(isKnown ? 200 : 400, { 'content-type': 'text/xml' });
      response.end(
        isKnown
          ? `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>Annals-prod</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-01-01T00:00:00Z</CreationTime><Outputs>${members.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`
          : '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id Other does not exist</Message></Error></ErrorResponse>',
      );
    });
  });
}
