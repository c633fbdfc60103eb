import { existsSync } from 'node:fs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the system's Chromium: what CHROMIUM_PATH names, else where distributions put it. */
export function findChromium(): string | undefined {
  const named = process.env['CHROMIUM_PATH'];
  if (named === undefined || named === '') return PLACES.find((path) => existsSync(path));
  return existsSync(named) ? named : undefined;
}

/** What to do where there is none. */
export const NO_CHROMIUM = 'no Chromium was found: install it (apt-get install chromium), or name one in CHROMIUM_PATH';
