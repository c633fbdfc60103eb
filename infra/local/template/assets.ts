import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { TemplateError } from './error.ts';

const Manifest = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

/**
 * Where the assets of a template lie: from the object key that the template names to a folder or file. Read from the
 * manifest that `cdk synth` writes beside the template, `<stack>.assets.json`.
 *
 * @throws TemplateError when the manifest is missing or malformed.
 */
export function readAssets(templateFile: string): ReadonlyMap<string, string> {
  const file = templateFile.replace(/\.template\.json$/, '.assets.json');
  try {
    const { files } = Manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
    return new Map(
      Object.values(files).flatMap(({ source: { path }, destinations }) =>
        path === undefined
          ? []
          : Object.values(destinations).map(({ objectKey }) => [objectKey, resolve(dirname(file), path)] as const),
      ),
    );
  } catch (cause) {
    throw new TemplateError(`${file} can't be read as an asset manifest of cdk synth`, { cause });
  }
}
