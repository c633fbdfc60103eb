import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AnnalsError } from '../../shared/errors.ts';
import { startApiGateway } from './api-gateway.ts';
import { createDynamo, type DynamoBackend } from './aws/dynamodb.ts';
import { startEndpoint } from './aws/endpoint.ts';
import { createFirehose } from './aws/firehose.ts';
import { createKms } from './aws/kms.ts';
import { createLambdaService } from './aws/lambda.ts';
import type { Expired } from './aws/s3/lifecycle.ts';
import { createS3 } from './aws/s3.ts';
import { createSsm } from './aws/ssm.ts';
import { createCustomResources } from './custom-resources.ts';
import { startEventSource } from './event-source.ts';
import { createLambda, type Lambda } from './lambda.ts';
import { startScheduler } from './scheduler.ts';
import { StartError } from './stack/error.ts';
import { repeatExpiry } from './stack/expiry.ts';
import { isLocalKey, writeOperatorFile, writeStackFile } from './stack/files.ts';
import { type FolderLock, lockFolder } from './stack/lock.ts';
import { fillIn } from './template/custom.ts';
import { apiEndpoint } from './template/names.ts';
import { createPrincipal } from './template/policies.ts';
import { type RunnableTemplate, readTemplate } from './template.ts';
import type { Hooks, Principal } from './types.ts';

/** Delivery did not come to its end in the time that was given to it. */
export class FlushError extends AnnalsError {
  readonly code = 'flush_failed';
}

const ACCOUNT = '000000000000';
const FLUSH_MS = 60_000;
/** Shares of the two seconds that `close` may take. */
const CLOSE_MS = { requests: 500, delivery: 600, batch: 200 };

/** A template that runs. */
export interface LocalStack {
  /** Where the HTTP API answers, without a slash at the end. */
  readonly url: string;
  /** Where the AWS services answer, with the credentials of the operator, who may do everything. */
  readonly endpoint: {
    readonly url: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  readonly template: RunnableTemplate;
  /** Outputs of the stack; what would be API Gateway's address is `url`. */
  readonly outputs: Readonly<Record<string, string>>;
  /** One for each role; taking a statement away takes effect at once. */
  readonly principals: readonly Principal[];
  /** Resolves when every event stored before the call lies in S3. @throws FlushError when that takes over a minute. */
  flush(): Promise<void>;
  /**
   * Runs the schedule of a function now, without waiting for its time. Resolves when the function and everything that it
   * started asynchronously have ended, well or not.
   *
   * @param functionId the logical id, or its beginning: `PollingDispatch`.
   * @throws RangeError when the template has no schedule for it.
   */
  runSchedule(functionId: string): Promise<void>;
  /** Applies the buckets' lifecycle rules as if the time were `at`, by default now, and tells what they took or moved. */
  expire(at?: Date): Promise<readonly Expired[]>;
  /**
   * Stops within two seconds. What is not delivered by then waits in the stream or the spool for the next start; a
   * batch that was under way may come twice.
   */
  close(): Promise<void>;
}

export interface StackOptions {
  /** Path of the synthesised template. */
  readonly templateFile: string;
  /** The data directory; made if it is not there. */
  readonly dir: string;
  /**
   * The lock on the directory, if the caller has taken it; released when the stack closes or can't start.
   * @default - taken here
   */
  readonly lock?: FolderLock;
  /** 0 takes a free one. */
  readonly port: number;
  /** @default 'dynalite' */
  readonly backend?: DynamoBackend;
  readonly hooks?: Hooks;
  /**
   * Whether schedules and, every hour, lifecycle rules run by the clock, or only by `runSchedule` and `expire`.
   * @default true
   */
  readonly schedules?: boolean;
  /** Hears what is worth knowing, a missing grant for one. @default a line on standard error */
  readonly log?: (message: string) => void;
}

/**
 * Runs a synthesised template on this machine, on 127.0.0.1 only: its HTTP API, functions, tables, stream, buckets,
 * delivery stream and schedules, each with the role that the template gives it. The Region is that of `AWS_REGION`, or
 * us-east-1.
 *
 * @throws StartError when the folder or the port can't be had; TemplateError when the template can't be run.
 */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { dir, hooks, log = (message) => process.stderr.write(`${message}\n`) } = options;
  const undo: (() => void | Promise<void>)[] = [];
  const undoAll = async () => {
    const errors: unknown[] = [];
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) {
      // One part that fails to close must not keep the others open, nor the folder locked.
      try {
        await step();
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
  try {
    const lock = options.lock ?? lockFolder(dir);
    undo.push(() => lock.release());
    const region = process.env['AWS_REGION'] || 'us-east-1';
    const template = readTemplate(options.templateFile, { accountId: ACCOUNT, region });
    const operator = createPrincipal('operator', []);
    const place = { dir, region, accountId: ACCOUNT };

    const { backend = 'dynalite' } = options;
    const dynamo = await createDynamo({ ...place, backend, tables: template.tables });
    undo.push(() => dynamo.close());
    const s3 = createS3({ dir, buckets: template.buckets });
    const onError = (error: unknown) => log(`delivery to S3 fails: ${String(error)}`);
    const firehose = createFirehose({ dir, streams: template.deliveryStreams, s3, onError });
    undo.push(() => firehose.close());
    const kms = await createKms({ ...place, keys: template.keys });
    const ssm = createSsm({ ...place, file: join(dir, 'parameters.json') });
    // Functions call the endpoint, and the endpoint functions.
    let running: Lambda | undefined;
    const started = () => {
      if (running === undefined) throw new TypeError('nobody can call before the functions are there');
      return running;
    };
    const invocations = createLambdaService({
      functions: template.functions,
      lambda: {
        invoke: (...call) => started().invoke(...call),
        invokeAsynchronously: (...call) => started().invokeAsynchronously(...call),
      },
      onWarning: log,
    });
    const services = [dynamo.service, s3.service, firehose.service, ssm, kms, invocations];
    const principals = [...template.principals, operator];
    const endpoint = await startEndpoint({ services, principals, ...(hooks && { hooks }) });
    undo.push(() => endpoint.close());

    const lambda = createLambda({
      functions: template.functions,
      endpointUrl: endpoint.url,
      region,
      accountId: ACCOUNT,
      logDir: join(dir, 'logs'),
      onWarning: log,
    });
    running = lambda;
    undo.push(() => lambda.close());
    const { invoke } = lambda;
    const eventSources = template.eventSources.map((definition) => {
      const target = template.functions.find(({ id }) => id === definition.functionId);
      if (target === undefined) throw new TypeError(`there is no function ${definition.functionId}`);
      const source = { definition, function: target, invoke, endpointUrl: endpoint.url, region, dir, onWarning: log };
      return startEventSource(source);
    });
    undo.push(async () => void (await Promise.all(eventSources.map((source) => source.close(CLOSE_MS.batch)))));
    const flush = async (ms: number) => {
      const done = Promise.all(eventSources.map((source) => source.drain())).then(() => firehose.flush());
      const late = new AbortController();
      const timeout = delay(ms, undefined, { signal: late.signal }).then(() => {
        throw new FlushError(`not everything could be delivered within ${ms / 1000} seconds; see the log`);
      });
      await Promise.race([done, timeout]).finally(() => late.abort());
    };
    undo.push(() => flush(CLOSE_MS.delivery).catch(() => {}));
    const { schedules, functions } = template;
    const scheduler = startScheduler({
      schedules,
      functions,
      invoke: lambda.invokeAsynchronously,
      onWarning: log,
      clock: options.schedules ?? true,
    });
    undo.push(() => scheduler.close());
    if (options.schedules ?? true) undo.push(repeatExpiry((signal) => s3.expire(new Date(), signal), log));

    const gateway = await startApiGateway({
      routes: template.routes,
      apiId: template.apiId,
      accountId: ACCOUNT,
      port: options.port,
      invoke,
      mayOperate: (token) => isLocalKey(dir, token),
      flush: () => flush(FLUSH_MS),
      run: (functionId, event) => {
        const target = functions.find(({ id }) => id.startsWith(functionId));
        return target && lambda.invoke(target.id, event);
      },
    }).catch(portError(options.port));
    undo.push(() => gateway.close(CLOSE_MS.requests));
    const custom = await createCustomResources(template.customResources, {
      stackId: `arn:aws:cloudformation:${region}:${ACCOUNT}:stack/${template.stackName}/local`,
      invoke,
    });
    const outputs = filled(template.outputs, (value) =>
      fillIn(value, custom).replaceAll(apiEndpoint(template.apiId, region), gateway.url),
    );
    writeStackFile(dir, outputs);
    const { accessKeyId, secretAccessKey } = operator;
    const access = { url: endpoint.url, region, credentials: { accessKeyId, secretAccessKey } };
    writeOperatorFile(dir, { endpoint: access, outputs });
    return {
      url: gateway.url,
      endpoint: access,
      template,
      outputs,
      principals: template.principals,
      flush: () => flush(FLUSH_MS),
      async runSchedule(functionId) {
        await scheduler.runNow(functions.find(({ id }) => id.startsWith(functionId))?.id ?? functionId);
        await lambda.settled();
      },
      expire: (at = new Date()) => s3.expire(at),
      close: undoAll,
    };
  } catch (error) {
    await undoAll();
    throw error;
  }
}

function portError(port: number): (error: unknown) => never {
  return (cause) => {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    const why = code === 'EADDRINUSE' ? 'something else listens there' : code;
    throw new StartError(`port ${port} can't be had (${why}): give another with --port`, { cause });
  };
}

function filled(outputs: Readonly<Record<string, string>>, fill: (value: string) => string): Record<string, string> {
  return Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, fill(value)]));
}
