import { parseArgs } from 'node:util';
import { StartError } from '../stack/error.ts';

export const USAGE = `usage: npm start -- [--port 8787] [--dir .annals] [--fresh] [--no-demo] [--vendors]
  --port     where the API answers on 127.0.0.1; 0 takes a free port
  --dir      folder that everything is kept in
  --fresh    delete what earlier starts put into the folder first
  --no-demo  load no demo events on the first start
  --vendors  run a fake of every vendor beside it, with a connection that polls it`;

export interface StartArguments {
  readonly port: number;
  readonly dir: string;
  readonly fresh: boolean;
  readonly demo: boolean;
  readonly vendors: boolean;
  readonly help: boolean;
}

/** @throws StartError for anything that is not understood. */
export function parseArguments(args: readonly string[]): StartArguments {
  const { port, dir, fresh, vendors, help, ...rest } = parse(args);
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new StartError(`--port must be a number from 0 to 65535, not ${port}\n${USAGE}`);
  if (dir === '') throw new StartError(`--dir must name a folder\n${USAGE}`);
  return { port: Number(port), dir, fresh, demo: !rest['no-demo'], vendors, help };
}

function parse(args: readonly string[]) {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8787' },
        dir: { type: 'string', default: '.annals' },
        fresh: { type: 'boolean', default: false },
        'no-demo': { type: 'boolean', default: false },
        vendors: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    return values;
  } catch (cause) {
    const [what] = cause instanceof Error ? cause.message.split('. ') : [String(cause)];
    throw new StartError(`${what}\n${USAGE}`, { cause });
  }
}
