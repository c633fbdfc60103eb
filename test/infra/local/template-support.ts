import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { LocalFunction } from '../../../infra/local/template/functions.ts';
import { createPrincipal } from '../../../infra/local/template/policies.ts';
import type { Statement } from '../../../infra/local/types.ts';

const made: string[] = [];
afterAll(() => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

/** A folder of its own, gone when the test file is done. */
export function tempDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'annals-test-'));
  made.push(dir);
  return dir;
}

/** Writes a template and its asset manifest as `cdk synth` would, with one bundle for each function source given. */
export function writeAssembly(
  resources: Record<string, object>,
  options: { bundles?: Record<string, string>; rest?: object } = {},
): string {
  const dir = tempDir();
  const files: Record<string, object> = {};
  for (const [name, source] of Object.entries(options.bundles ?? {})) {
    mkdirSync(join(dir, `asset.${name}`));
    writeFileSync(join(dir, `asset.${name}`, 'index.mjs'), source);
    files[name] = {
      source: { path: `asset.${name}`, packaging: 'zip' },
      destinations: { here: { bucketName: 'assets', objectKey: `${name}.zip` } },
    };
  }
  const file = join(dir, 'Test.template.json');
  writeFileSync(file, JSON.stringify({ Resources: resources, ...options.rest }));
  writeFileSync(join(dir, 'Test.assets.json'), JSON.stringify({ version: '1', files }));
  return file;
}

/** A function whose code is the given ES module. */
export function writeFunction(
  source: string,
  given: Partial<LocalFunction> & { grants?: Statement[] } = {},
): LocalFunction {
  const { grants = [{ Effect: 'Allow', Action: ['logs:*'], Resource: ['*'] }], ...rest } = given;
  const assetDir = tempDir();
  writeFileSync(join(assetDir, 'index.mjs'), source);
  return {
    id: 'Test',
    name: 'test-function',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:test-function',
    assetDir,
    handler: 'index.handler',
    environment: {},
    timeoutSeconds: 5,
    memoryMb: 256,
    role: createPrincipal('TestRole', grants),
    logGroup: 'test-logs',
    asynchronous: { retryAttempts: 2 },
    ...rest,
  };
}
