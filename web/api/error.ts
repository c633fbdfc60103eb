import { AnnalsError, type Problem } from '../../shared/errors.ts';

/** The API refused, or could not be asked. `message` is a sentence for people. */
export class ApiError extends AnnalsError {
  /** The last part of the problem's type: `invalid_request`, `forbidden`; or `unreachable`, `timeout`. */
  readonly code: string;
  /** The HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly problems: readonly Problem[];
  /** Names the request in the deployment's log. */
  readonly requestId: string | null;

  constructor(
    message: string,
    known: { code: string; status: number; problems?: readonly Problem[]; requestId?: string | null },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.code = known.code;
    this.status = known.status;
    this.problems = known.problems ?? [];
    this.requestId = known.requestId ?? null;
  }

  /** Trying the same again may help. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

/** The error that an answer tells: a problem document (RFC 9457), or whatever a proxy on the way made of it. */
export async function errorOf(response: Response): Promise<ApiError> {
  const { status } = response;
  const body = await readProblem(response);
  const type = typeof body['type'] === 'string' ? body['type'] : '';
  const detail = typeof body['detail'] === 'string' ? body['detail'] : plainWords(status);
  const requestId = typeof body['requestId'] === 'string' ? body['requestId'] : response.headers.get('x-request-id');
  return new ApiError(sentence(detail), {
    code: type.split(':').at(-1) || `http_${status}`,
    status,
    problems: Array.isArray(body['problems']) ? body['problems'].filter(isProblem) : [],
    requestId,
  });
}

async function readProblem(response: Response): Promise<Readonly<Record<string, unknown>>> {
  if (!/json/.test(response.headers.get('content-type') ?? '')) return {};
  const body: unknown = await response.json().catch(() => undefined);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function isProblem(value: unknown): value is Problem {
  return typeof value === 'object' && value !== null && 'path' in value && 'message' in value;
}

function plainWords(status: number): string {
  if (status === 429) return 'too many requests at once: wait a moment and try again';
  if (status >= 500) return `the deployment answered ${status} without a reason: try again in a moment`;
  return `the deployment answered ${status} without a reason`;
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
