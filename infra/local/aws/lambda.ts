import type { InvokeResult, Lambda } from '../lambda.ts';
import type { LocalFunction } from '../template/functions.ts';
import { AwsError, type AwsResponse, type AwsService } from './endpoint.ts';

const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;
/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const ASYNCHRONOUS_BYTES = 1_048_576;
const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };

/**
 * Lambda's Invoke, synchronous (`RequestResponse`) and asynchronous (`Event`: answered 202 at once), by name or ARN.
 *
 * @param options.onWarning hears of asynchronous invocations that failed for good, as nobody else does.
 */
export function createLambdaService(options: {
  functions: readonly LocalFunction[];
  lambda: Pick<Lambda, 'invoke' | 'invokeAsynchronously'>;
  onWarning: (message: string) => void;
}): AwsService {
  const { functions, lambda, onWarning } = options;

  function start({ id }: LocalFunction, event: unknown): AwsResponse {
    const failed = (result: InvokeResult) => {
      if ('error' in result) onWarning(`${id} failed: ${result.error.errorType}: ${result.error.errorMessage}`);
    };
    lambda.invokeAsynchronously(id, event).then(failed, (error) => onWarning(`${id} failed: ${String(error)}`));
    return { status: 202, headers, body: '' };
  }

  async function run({ id }: LocalFunction, event: unknown): Promise<AwsResponse> {
    const result = await lambda.invoke(id, event);
    if ('payload' in result) return { status: 200, headers, body: JSON.stringify(result.payload) };
    const { errorType, errorMessage } = result.error;
    if (errorType === 'RequestEntityTooLargeException')
      throw new AwsError('RequestTooLargeException', errorMessage, 413);
    return {
      status: 200,
      headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
      body: JSON.stringify(result.error),
    };
  }

  return {
    name: 'lambda',
    async handle({ method, path, headers: given, body }, authorize) {
      const [, encoded] = INVOKE.exec(path) ?? [];
      if (method !== 'POST' || encoded === undefined)
        throw new AwsError('UnknownOperationException', `the local Lambda has no ${method} ${path}`, 404);
      const named = decodeURIComponent(encoded);
      const target = functions.find(({ name, arn }) => named === name || named === arn);
      if (target === undefined) throw new AwsError('ResourceNotFoundException', `Function not found: ${named}`, 404);
      const event = parse(body);
      await authorize({ action: 'lambda:InvokeFunction', resource: target.arn, input: event });
      const type = given['x-amz-invocation-type'] ?? 'RequestResponse';
      if (type === 'RequestResponse') return run(target, event);
      if (type !== 'Event')
        throw new AwsError('InvalidParameterValueException', `the local Lambda has no invocation type ${type}`);
      if (body.length > ASYNCHRONOUS_BYTES)
        throw new AwsError('RequestTooLargeException', `${body.length} byte payload is too large`, 413);
      return start(target, event);
    },
  };
}

function parse(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new AwsError('InvalidRequestContentException', 'Could not parse request body into json', 400, { cause });
  }
}
