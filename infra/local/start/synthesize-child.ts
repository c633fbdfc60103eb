// Runs in a process of its own, see synthesize.ts.
import type { SynthesisResult } from './synthesize.ts';

const [, , outdir = ''] = process.argv;

async function synthesizeHere(): Promise<SynthesisResult> {
  try {
    const { synthesize } = await import('../../synth.ts');
    return { templateFile: synthesize({ outdir }) };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

process.send?.(await synthesizeHere());
