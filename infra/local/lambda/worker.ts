// The inside of one execution environment: loads the bundle once, then answers one invocation at a time.
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import { toFunctionError, type WorkerMessage, type WorkerRequest, type WorkerSetup } from './protocol.ts';

type Handler = (event: unknown, context: object) => unknown;

const setup = workerData as WorkerSetup;
// As the template's NODE_OPTIONS ask for, which a thread can't be given.
process.setSourceMapsEnabled(true);

function tell(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

async function load(): Promise<Handler> {
  const module = (await import(pathToFileURL(setup.file).href)) as Record<string, unknown>;
  const handler = module[setup.exportName];
  if (typeof handler !== 'function')
    throw new TypeError(`${setup.exportName} is not an exported function of ${setup.file}`);
  return handler as Handler;
}

function contextOf({ requestId, deadline }: WorkerRequest): object {
  return {
    functionName: setup.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: setup.functionArn,
    // Text, as in Lambda's Node.js runtime.
    memoryLimitInMB: String(setup.memoryMb),
    awsRequestId: requestId,
    logGroupName: setup.logGroup,
    logStreamName: setup.logStream,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function answer(handler: Handler, request: WorkerRequest): Promise<WorkerMessage> {
  try {
    const result = await handler(JSON.parse(request.event), contextOf(request));
    return { kind: 'result', payload: JSON.stringify(result) ?? 'null' };
  } catch (thrown) {
    const error = toFunctionError(thrown);
    process.stderr.write(
      `${new Date().toISOString()} ${request.requestId} ERROR Invoke Error ${JSON.stringify(error)}\n`,
    );
    return { kind: 'error', error };
  }
}

// What escapes here, from the bundle's top level too, ends the thread, and whoever waits is told of the crash.
const handler = await load();
parentPort?.on('message', async (request: WorkerRequest) => tell(await answer(handler, request)));
tell({ kind: 'ready' });
