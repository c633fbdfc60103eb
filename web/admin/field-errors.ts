import { ApiError } from '../api/error.ts';

/** An error of the API, parted: what is said at a field, and what is said above the form. */
export interface FieldErrors {
  /** What is wrong with the field that the API calls so. */
  at(path: string): string | null;
  /** What no field of the form shows; undefined when every problem has its field. */
  readonly rest: unknown;
}

/** @param paths what the API calls the fields that the form shows. A list's elements count for the list. */
export function fieldErrors(error: unknown, paths: readonly string[]): FieldErrors {
  if (!(error instanceof ApiError) || error.problems.length === 0) return { at: () => null, rest: error };
  const fieldOf = (path: string) => paths.find((one) => path === one || isElement(path, one));
  const unclaimed = error.problems.filter(({ path }) => fieldOf(path) === undefined);
  const { message, code, status, requestId } = error;
  return {
    at: (field) => {
      const said = error.problems.filter(({ path }) => fieldOf(path) === field);
      return said.length === 0 ? null : [...new Set(said.map((problem) => inWords(problem.message)))].join(' ');
    },
    rest:
      unclaimed.length === 0
        ? undefined
        : new ApiError(message, { code, status, requestId, problems: unclaimed }, { cause: error }),
  };
}

function isElement(path: string, field: string): boolean {
  return path.startsWith(`${field}.`) && /^\d+$/.test(path.slice(field.length + 1));
}

/** The API's remark as a sentence under a field. */
export function inWords(message: string): string {
  const [, least] = /^Too small: expected string to have >=(\d+) characters$/.exec(message) ?? [];
  const [, most] = /^Too big: expected string to have <=(\d+) characters$/.exec(message) ?? [];
  const text =
    least === '1' || /received undefined$|expected array to have >=1 items$/.test(message)
      ? 'is required'
      : least !== undefined
        ? `must have at least ${least} characters`
        : most !== undefined
          ? `must have at most ${most} characters`
          : message;
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(first) ? first : `${first}.`;
}
