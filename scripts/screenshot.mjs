// Takes docs/scoreboard.png: plays the demo and photographs the page in a headless Chromium while goals fall.
// node scripts/screenshot.mjs [file] [WIDTHxHEIGHT]. Needs a Chromium: CHROMIUM_PATH, or one in the PATH.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const [file = 'docs/scoreboard.png', size = '1280x620'] = process.argv.slice(2);
const [width, height] = size.split('x').map(Number);
const GOALS_FIRST = 20;

const candidates = [process.env.CHROMIUM_PATH ?? ''].concat(
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap((folder) => ['chromium', 'chromium-browser', 'google-chrome'].map((name) => join(folder, name))),
);
const executablePath = candidates.find((path) => path !== '' && existsSync(path));
if (!executablePath) {
  console.error('No Chromium found: install one, or set CHROMIUM_PATH');
  process.exit(1);
}

const demo = spawn(process.execPath, ['scripts/run-app.mjs', 'examples/host/demo', '--speed', '120'], {
  env: { ...process.env, PORT: '0' },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const page = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 1.5 });
  await page.goto(await readyUrl());
  const enough = (goals) => Number(document.getElementById('goal-count').textContent) >= goals;
  await page.waitForFunction(enough, GOALS_FIRST, { timeout: 300_000 });
  await page.waitForSelector('article.goal', { timeout: 60_000 });
  await page.screenshot({ path: file });
  console.log(`${file} ${await page.innerText('#latency')}`);
} finally {
  await browser.close();
  const ended = once(demo, 'exit');
  demo.kill('SIGTERM');
  await ended;
}

async function readyUrl() {
  for await (const line of createInterface({ input: demo.stdout })) {
    const url = /^ready (\S+)/.exec(line)?.[1];
    if (!url) continue;
    demo.stdout.resume();
    return url;
  }
  throw new Error('the demo ended before it was ready');
}
