/** Names of AWS exceptions that only say "not now". */
const TRANSIENT = new Set([
  'ConditionalRequestConflict',
  'InternalServerError',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ServiceUnavailable',
  'SlowDown',
  'ThrottlingException',
  'TimeoutError',
]);
const BROKEN_CONNECTION = new Set(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT']);

/** True for an error of an AWS call that may be repeated as it is; the SDK has repeated it a few times by then. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { $metadata, $retryable, code } = error as Partial<{
    $metadata: { httpStatusCode?: number };
    $retryable: unknown;
    code: string;
  }>;
  return (
    TRANSIENT.has(error.name) ||
    $retryable !== undefined ||
    ($metadata?.httpStatusCode ?? 0) >= 500 ||
    BROKEN_CONNECTION.has(code ?? '')
  );
}
