import { AnnalsError, InvalidRequestError } from '../../shared/errors.ts';

/**
 * Runs a command of this project: a mistake of the caller becomes one sentence on standard error and exit status 1, without
 * a stack trace.
 */
export async function runCommand(command: (args: string[]) => Promise<void>): Promise<void> {
  try {
    await command(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof AnnalsError) && !isArgumentError(error)) throw error;
    const problems = error instanceof InvalidRequestError ? error.problems : [];
    const detail = problems.map(({ path, message }) => `${path} ${message}`).join('; ');
    process.stderr.write(`${error.message}${detail === '' ? '' : `: ${detail}`}\n`);
    process.exitCode = 1;
  }
}

/** What node:util's parseArgs throws for options it does not know. */
function isArgumentError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
