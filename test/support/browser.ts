import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** A Chromium of this machine: CHROMIUM_PATH, or one in the PATH; null when there is none. */
export function chromiumPath(): string | null {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const inPath = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [CHROMIUM_PATH ?? '', ...inPath, ...PLACES].find((path) => path !== '' && existsSync(path)) ?? null;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
  // --no-sandbox: Chromium refuses its sandbox to root, and containers seldom allow it to others
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
}
