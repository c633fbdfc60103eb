import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { devNull } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import type { LocalFunction } from '../template/functions.ts';
import type { FunctionLog } from './log.ts';
import {
  type FunctionError,
  toFunctionError,
  type WorkerMessage,
  type WorkerRequest,
  type WorkerSetup,
} from './protocol.ts';

/** What Lambda gives for loading a function before the first invocation. */
const INIT_MS = 10_000;

/** V8 would take several times that for each of many environments. */
const YOUNG_MB = 16;

/** The error of an invocation that was under way, or came, when everything was stopped. */
export const STOPPED: FunctionError = { errorType: 'Sandbox.Stopped', errorMessage: 'the local stack is stopping' };

export type Outcome = { readonly payload: string } | { readonly error: FunctionError };

/**
 * One execution environment of a function: a worker thread that has the function's environment variables and nothing of
 * this process's, and takes one invocation at a time. After a crash or a timeout it is `dead` and takes no more.
 */
export class Environment {
  readonly #worker: Worker;
  readonly #function: LocalFunction;
  readonly #log: FunctionLog;
  #waiting: ((message: WorkerMessage) => void) | undefined;
  #ready = false;
  #invocations = 0;
  #end: FunctionError | undefined;

  constructor(definition: LocalFunction, endpoint: { url: string; region: string }, log: FunctionLog) {
    this.#function = definition;
    this.#log = log;
    this.#worker = new Worker(new URL('./worker.ts', import.meta.url), {
      name: definition.id,
      workerData: setupOf(definition),
      env: environmentOf(definition, endpoint),
      // Without these the thread would take on this process's own flags, and type-strip nothing under some of them.
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb, maxYoungGenerationSizeMb: YOUNG_MB },
    });
    this.#copy(this.#worker.stdout);
    this.#copy(this.#worker.stderr);
    this.#worker.on('message', (message: WorkerMessage) => this.#told(message));
    this.#worker.on('error', (error) => this.#ended(toFunctionError(error)));
    this.#worker.on('exit', (code) =>
      this.#ended({ errorType: 'Runtime.ExitError', errorMessage: `Runtime exited with status ${code}` }),
    );
  }

  get dead(): boolean {
    return this.#end !== undefined;
  }

  /** How many it has taken so far. */
  get invocations(): number {
    return this.#invocations;
  }

  /** Runs one invocation. `event` is JSON text; never throws. */
  async invoke(requestId: string, event: string): Promise<Outcome> {
    this.#invocations++;
    const timeoutMs = this.#function.timeoutSeconds * 1000;
    if (!this.#ready) {
      const loaded = await this.#message(INIT_MS + timeoutMs, requestId);
      if (loaded.kind === 'error') return { error: loaded.error };
      this.#ready = true;
    }
    const request: WorkerRequest = { requestId, event, deadline: Date.now() + timeoutMs };
    this.#worker.postMessage(request);
    const message = await this.#message(timeoutMs, requestId);
    if (message.kind === 'ready') throw new TypeError('an environment gets ready before it is asked anything');
    return message.kind === 'error' ? { error: message.error } : { payload: message.payload };
  }

  async stop(): Promise<void> {
    this.#ended(STOPPED);
    await this.#worker.terminate();
  }

  #message(timeoutMs: number, requestId: string): Promise<WorkerMessage> {
    if (this.#end !== undefined) return Promise.resolve({ kind: 'error', error: this.#end });
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#timedOut(timeoutMs, requestId), timeoutMs);
      this.#waiting = (message) => {
        clearTimeout(timer);
        this.#waiting = undefined;
        resolve(message);
      };
    });
  }

  #told(message: WorkerMessage): void {
    if (this.#waiting !== undefined) this.#waiting(message);
    else if (message.kind === 'ready') this.#ready = true;
  }

  #timedOut(timeoutMs: number, requestId: string): void {
    const text = `${new Date().toISOString()} ${requestId} Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
    this.#ended({ errorType: 'Sandbox.Timedout', errorMessage: text });
    void this.#worker.terminate();
  }

  #ended(error: FunctionError): void {
    if (this.#end !== undefined) return;
    this.#end = error;
    if (error !== STOPPED) this.#log.write(`${error.errorType}: ${error.errorMessage}`);
    this.#waiting?.({ kind: 'error', error });
  }

  #copy(output: Readable): void {
    const lines = this.#log.lines();
    output
      .setEncoding('utf8')
      .on('data', (chunk: string) => lines.push(chunk))
      .on('end', () => lines.end());
  }
}

function setupOf(definition: LocalFunction): WorkerSetup {
  const dot = definition.handler.lastIndexOf('.');
  const path = join(definition.assetDir, definition.handler.slice(0, dot));
  return {
    // Lambda's Node.js runtime tries the same endings.
    file: [`${path}.js`, `${path}.mjs`, `${path}.cjs`].find((file) => existsSync(file)) ?? `${path}.mjs`,
    exportName: definition.handler.slice(dot + 1),
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMb: definition.memoryMb,
    logGroup: definition.logGroup ?? `/aws/lambda/${definition.name}`,
    logStream: `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`,
  };
}

function environmentOf(definition: LocalFunction, endpoint: { url: string; region: string }): Record<string, string> {
  // The bundles are loaded by this Node.js: flags meant for Lambda's are left out.
  const { NODE_OPTIONS: _flags, ...own } = definition.environment;
  return {
    ...own,
    AWS_REGION: endpoint.region,
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_ACCESS_KEY_ID: definition.role.accessKeyId,
    AWS_SECRET_ACCESS_KEY: definition.role.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memoryMb),
    TZ: ':UTC',
    // Lambda has no such files, and the user's own must not steer the SDK here.
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}
