import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { NotFoundError } from '../../shared/errors.ts';
import { isAllowed } from './aws/iam.ts';
import { Environment } from './lambda/environment.ts';
import { FunctionLog } from './lambda/log.ts';
import { Pool } from './lambda/pool.ts';
import type { FunctionError } from './lambda/protocol.ts';
import type { LocalFunction } from './template/functions.ts';

/** Lambda's limit of a synchronous request and of its response, in bytes of JSON. */
export const PAYLOAD_LIMIT = 6_291_556;

/** Environments of one function whose callers wait for it: they want this machine's processor. */
const SYNCHRONOUS_AT_ONCE = 4;
/** Those of asynchronous invocations mostly wait for somebody else, and a slow one must not hold up the others. */
const ASYNCHRONOUS_AT_ONCE = 16;
/** AWS waits for one and two minutes. */
const RETRY_MS = [1_000, 2_000];

/** What an invocation gave. `payload` is what the handler returned, after a turn through JSON. */
export type InvokeResult = { readonly payload: unknown } | { readonly error: FunctionError };

/** A local Lambda. */
export interface Lambda {
  /**
   * Runs a function and waits for it. Everything that is the function's own fault (a throw, a crash, a timeout, a
   * response over 6 MB) comes back as `error`, as does an event over 6 MB: `RequestEntityTooLargeException`.
   *
   * @throws NotFoundError when there is no such function.
   */
  invoke(functionId: string, event: unknown): Promise<InvokeResult>;
  /**
   * Runs a function as an asynchronous invocation: what fails is tried again as often as the template says.
   *
   * @returns what the last attempt gave; nobody has to wait for it.
   * @throws NotFoundError when there is no such function.
   */
  invokeAsynchronously(functionId: string, event: unknown): Promise<InvokeResult>;
  /** Resolves when no asynchronous invocation is under way or waiting, those included that others start meanwhile. */
  settled(): Promise<void>;
  /** Waits up to `graceMs`, 0 by default, for what is running, then ends every environment. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Runs the bundles of a template's functions in worker threads.
 *
 * Each function has up to `maxConcurrency` environments (4 by default, 16 for asynchronous invocations; fewer if the
 * template reserves fewer), started when first needed and ended when not needed for some minutes; further invocations
 * wait their turn. Output goes to `<logDir>/<function id>.log` as long as the
 * function's role may write to its log group; `onWarning` hears once when it may not.
 *
 * Not emulated: environments are not frozen between invocations, their local time zone is this process's, and an
 * asynchronous invocation is never dropped for waiting too long.
 */
export function createLambda(options: {
  functions: readonly LocalFunction[];
  endpointUrl: string;
  region: string;
  accountId: string;
  logDir: string;
  maxConcurrency?: number;
  onWarning?: (message: string) => void;
}): Lambda {
  const { endpointUrl, region, accountId, logDir, onWarning = () => {} } = options;
  const { maxConcurrency = SYNCHRONOUS_AT_ONCE } = options;
  const definitions = new Map(options.functions.map((definition) => [definition.id, definition]));
  const closing = new AbortController();
  const asynchronous = new Set<Promise<InvokeResult>>();
  const pools = new Map(
    options.functions.map((definition) => {
      const group = `arn:aws:logs:${region}:${accountId}:log-group:${definition.logGroup}`;
      const log = new FunctionLog(join(logDir, `${definition.id}.log`), logPermission(definition, group, onWarning));
      const create = () => new Environment(definition, { url: endpointUrl, region }, log);
      return [definition.id, new Pool(create, log)];
    }),
  );

  async function invoke(functionId: string, event: unknown, atOnce: number): Promise<InvokeResult> {
    const pool = pools.get(functionId);
    if (pool === undefined) throw new NotFoundError(`there is no function ${functionId}`);
    const text = JSON.stringify(event) ?? 'null';
    if (Buffer.byteLength(text) > PAYLOAD_LIMIT) return tooLarge('RequestEntityTooLargeException', 'Request');
    const outcome = await pool.run(text, Math.min(atOnce, definitions.get(functionId)?.concurrency ?? atOnce));
    if ('error' in outcome) return outcome;
    if (Buffer.byteLength(outcome.payload) > PAYLOAD_LIMIT)
      return tooLarge('Function.ResponseSizeTooLarge', 'Response');
    return { payload: JSON.parse(outcome.payload) };
  }

  async function invokeUntilDone(functionId: string, event: unknown): Promise<InvokeResult> {
    const { retryAttempts = 0 } = definitions.get(functionId)?.asynchronous ?? {};
    for (let attempt = 0; ; attempt++) {
      const result = await invoke(functionId, event, ASYNCHRONOUS_AT_ONCE);
      if ('payload' in result || attempt >= retryAttempts) return result;
      await delay(RETRY_MS[attempt], undefined, { signal: closing.signal }).catch(() => {});
      if (closing.signal.aborted) return result;
    }
  }

  return {
    invoke: (functionId, event) => invoke(functionId, event, maxConcurrency),
    invokeAsynchronously(functionId, event) {
      const running = invokeUntilDone(functionId, event);
      asynchronous.add(running);
      const done = () => asynchronous.delete(running);
      running.then(done, done);
      return running;
    },
    async settled() {
      while (asynchronous.size > 0) await Promise.allSettled(asynchronous);
    },
    async close(graceMs = 0) {
      closing.abort();
      await Promise.all([...pools.values()].map((pool) => pool.close(graceMs)));
    },
  };
}

function logPermission(definition: LocalFunction, group: string, onWarning: (message: string) => void): () => boolean {
  let warned = false;
  return () => {
    // The stream's ARN is what both actions are asked for, so a policy on `<log group>:*` covers them.
    const resource = `${group}:log-stream:local`;
    const missing = ['logs:CreateLogStream', 'logs:PutLogEvents'].filter(
      (action) => !isAllowed(definition.role.statements, { action, resource }),
    );
    if (missing.length === 0) return true;
    if (!warned)
      onWarning(`${definition.id} may not write its log: its role lacks ${missing.join(' and ')} on ${group}`);
    warned = true;
    return false;
  };
}

function tooLarge(errorType: string, what: string): InvokeResult {
  const errorMessage = `${what} payload size exceeded maximum allowed payload size (${PAYLOAD_LIMIT} bytes).`;
  return { error: { errorType, errorMessage } };
}
