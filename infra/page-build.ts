// Runs in a process of its own, see page-files.ts.
import { writeFileSync } from 'node:fs';
import { build } from 'vite';
import { packPage } from './page-files.ts';

const [, , root = '', configFile = '', file = ''] = process.argv;

const built = await build({
  root,
  configFile,
  configLoader: 'native',
  envDir: false,
  logLevel: 'warn',
  build: { write: false },
});
if (!('output' in built)) throw new TypeError('the page was built more than once, or is being watched');
const files = built.output.map((one) => ({
  name: one.fileName,
  bytes: Buffer.from(one.type === 'chunk' ? one.code : one.source),
}));
writeFileSync(file, packPage(files));
