import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { NotFoundError } from '../../shared/errors.ts';
import { isAllowed } from './aws/iam.ts';
import { Environment, type Outcome, STOPPED } from './lambda/environment.ts';
import { FunctionLog } from './lambda/log.ts';
import type { FunctionError } from './lambda/protocol.ts';
import type { LocalFunction } from './template/functions.ts';

/** Lambda's limit of a synchronous request and of its response, in bytes of JSON. */
export const PAYLOAD_LIMIT = 6_291_556;

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
  /** Waits up to `graceMs`, 0 by default, for what is running, then ends every environment. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Runs the bundles of a template's functions in worker threads.
 *
 * Each function has up to `maxConcurrency` environments (4 by default; fewer if the template reserves fewer), started
 * when first needed; further invocations wait their turn. Output goes to `<logDir>/<function id>.log` as long as the
 * function's role may write to its log group; `onWarning` hears once when it may not.
 *
 * Not emulated: environments are not frozen between invocations, and their local time zone is this process's.
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
  const { endpointUrl, region, accountId, logDir, maxConcurrency = 4, onWarning = () => {} } = options;
  const pools = new Map(
    options.functions.map((definition) => {
      const group = `arn:aws:logs:${region}:${accountId}:log-group:${definition.logGroup}`;
      const log = new FunctionLog(join(logDir, `${definition.id}.log`), logPermission(definition, group, onWarning));
      const create = () => new Environment(definition, { url: endpointUrl, region }, log);
      return [definition.id, new Pool(create, Math.min(maxConcurrency, definition.concurrency ?? maxConcurrency), log)];
    }),
  );

  return {
    async invoke(functionId, event) {
      const pool = pools.get(functionId);
      if (pool === undefined) throw new NotFoundError(`there is no function ${functionId}`);
      const text = JSON.stringify(event) ?? 'null';
      if (Buffer.byteLength(text) > PAYLOAD_LIMIT) return tooLarge('RequestEntityTooLargeException', 'Request');
      const outcome = await pool.run(text);
      if ('error' in outcome) return outcome;
      if (Buffer.byteLength(outcome.payload) > PAYLOAD_LIMIT)
        return tooLarge('Function.ResponseSizeTooLarge', 'Response');
      return { payload: JSON.parse(outcome.payload) };
    },
    async close(graceMs = 0) {
      await Promise.all([...pools.values()].map((pool) => pool.close(graceMs)));
    },
  };
}

class Pool {
  readonly #create: () => Environment;
  readonly #limit: number;
  readonly #log: FunctionLog;
  readonly #all = new Set<Environment>();
  readonly #idle: Environment[] = [];
  readonly #queue: (() => void)[] = [];
  readonly #running = new Set<Promise<unknown>>();
  #busy = 0;
  #closed = false;

  constructor(create: () => Environment, limit: number, log: FunctionLog) {
    this.#create = create;
    this.#limit = limit;
    this.#log = log;
  }

  async run(event: string): Promise<Outcome> {
    if (this.#busy >= this.#limit) await new Promise<void>((resolve) => this.#queue.push(resolve));
    else this.#busy++;
    try {
      if (this.#closed) return { error: STOPPED };
      const environment = this.#take();
      const running = environment.invoke(randomUUID(), event);
      this.#running.add(running);
      const outcome = await running;
      this.#running.delete(running);
      if (environment.dead) this.#all.delete(environment);
      else this.#idle.push(environment);
      return outcome;
    } finally {
      // The place goes straight to whoever waits longest, so that nobody comes in between.
      const next = this.#queue.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }

  async close(graceMs: number): Promise<void> {
    this.#closed = true;
    let timer: NodeJS.Timeout | undefined;
    const grace = new Promise((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    await Promise.race([Promise.all(this.#running), grace]);
    clearTimeout(timer);
    await Promise.all([...this.#all].map((environment) => environment.stop()));
    await Promise.all(this.#running);
    this.#log.close();
  }

  #take(): Environment {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (!idle.dead) return idle;
      this.#all.delete(idle);
    }
    const environment = this.#create();
    this.#all.add(environment);
    return environment;
  }
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
