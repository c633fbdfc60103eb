import { fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { StartError } from '../stack/error.ts';

/** What the process that synthesises sends back. */
export type SynthesisResult = { readonly templateFile: string } | { readonly error: string };

/**
 * Synthesises the CDK app into a folder, which is emptied first, and gives the path of the template.
 *
 * In a process of its own: synthesis keeps its thread busy for seconds, in which this one must hear Ctrl-C.
 *
 * @throws StartError when the app can't be synthesised.
 */
export async function synthesizeApart(outdir: string): Promise<string> {
  rmSync(outdir, { recursive: true, force: true });
  const child = fork(join(import.meta.dirname, 'synthesize-child.ts'), [outdir], { silent: true, execArgv: [] });
  const stop = () => child.kill();
  process.once('exit', stop);
  let result: SynthesisResult | undefined;
  let output = '';
  child.on('message', (message) => {
    result = message as SynthesisResult;
  });
  child.stdout?.resume();
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-2000);
  });
  const [code] = await once(child, 'close');
  process.off('exit', stop);
  if (result !== undefined && 'templateFile' in result) return result.templateFile;
  const why = result?.error ?? (output.trim() || `the process ended with status ${code}`);
  throw new StartError(`the stack can't be synthesised: ${why}`);
}
