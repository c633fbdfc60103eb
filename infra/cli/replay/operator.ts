import { FirehoseClient } from '@aws-sdk/client-firehose';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { ConfigurationError } from '../../../shared/errors.ts';
import { readOperatorFile } from '../../local/stack/files.ts';
import { StackOutputs, stackOutputs } from '../stack-outputs.ts';

/** A function runs for 15 minutes at the most. */
const PATIENCE_MS = 16 * 60_000;

/** An Annals as its operator sees it: by the services of AWS, not by the API. */
export interface Operator {
  readonly outputs: StackOutputs;
  readonly s3: S3Client;
  readonly firehose: FirehoseClient;
  readonly lambda: LambdaClient;
}

/**
 * The operator of a deployed stack, with the caller's own AWS credentials, or of the Annals that runs from a folder.
 *
 * @throws ConfigurationError when there is none.
 */
export async function operatorOf(place: { readonly stack: string } | { readonly dir: string }): Promise<Operator> {
  const lambdaOptions = { maxAttempts: 1, requestHandler: { requestTimeout: PATIENCE_MS } };
  if ('stack' in place)
    return {
      outputs: await stackOutputs(place.stack),
      s3: new S3Client({}),
      firehose: new FirehoseClient({}),
      lambda: new LambdaClient(lambdaOptions),
    };
  const { endpoint, outputs } = readOperatorFile(place.dir);
  const parsed = StackOutputs.safeParse(outputs);
  if (!parsed.success)
    throw new ConfigurationError(`${place.dir} is of another version: run npm start once`, { cause: parsed.error });
  const { url, region, credentials } = endpoint;
  const local = { endpoint: url, region, credentials };
  return {
    outputs: parsed.data,
    s3: new S3Client({ ...local, forcePathStyle: true }),
    firehose: new FirehoseClient(local),
    lambda: new LambdaClient({ ...local, ...lambdaOptions }),
  };
}

/**
 * What a function answers, as text.
 *
 * @throws ConfigurationError when it fails.
 */
export async function invoke({ lambda }: Operator, name: string, event: object): Promise<string> {
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event) }),
  );
  const text = Payload?.transformToString() ?? '';
  if (FunctionError !== undefined) throw new ConfigurationError(`the function ${name} failed: ${text}`);
  return text;
}
