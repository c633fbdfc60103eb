/** What a worker is started with. */
export interface WorkerSetup {
  /** Path of the module of the bundle that has the handler. */
  readonly file: string;
  /** Name of the handler's export. */
  readonly exportName: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly logStream: string;
}

/** One invocation. The event is JSON text, as Lambda's runtime API gives it. */
export interface WorkerRequest {
  readonly requestId: string;
  readonly event: string;
  /** Epoch milliseconds at which Lambda ends the invocation. */
  readonly deadline: number;
}

/** A function error, in the shape of Lambda's error payload. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** What a worker tells: that its module is loaded (or could not be), and what an invocation gave, as JSON text. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly error: FunctionError };

/** An error of whatever was thrown, as Lambda reports it. */
export function toFunctionError(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}
