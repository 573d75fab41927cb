// Takes docs/operations-*.png: plays a tournament on the example host and photographs its operations page, on a desk and on a
// phone, on a healthy day, while the database stands still, and after the rollout took itself back.
// node scripts/screenshot-operations.mjs [folder]. Needs a Chromium: CHROMIUM_PATH, or one in the PATH.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { chromium } from 'playwright-core';

const [folder = 'docs'] = process.argv.slice(2);
const SECRET = 'the floodlights are on';
const DESK = { viewport: { width: 1_280, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' };
const GOALS_FIRST = 12;
const ROLLOUT_PLAYS_MS = 45_000;
const LONGEST_MS = 300_000;
const TOURNAMENT = 'examples/data/worldcup-2022.json';

const names = ['chromium', 'chromium-browser', 'google-chrome'];
const inPath = (process.env.PATH ?? '').split(delimiter).flatMap((place) => names.map((name) => join(place, name)));
const executablePath = [process.env.CHROMIUM_PATH ?? '', ...inPath].find((path) => path !== '' && existsSync(path));
if (!executablePath) {
  console.error('No Chromium found: install one, or set CHROMIUM_PATH');
  process.exit(1);
}

/** Runs an entry of the application; its lines are read as they come. */
function run(entry, args, environment) {
  const child = spawn(process.execPath, ['scripts/run-app.mjs', entry, ...args], {
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { child, lines: createInterface({ input: child.stdout }) };
}

async function end({ child }) {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The addresses that the host tells. */
async function addresses({ child, lines }) {
  const found = {};
  for await (const line of lines) {
    found.databaseUrl ??= /Embedded PostgreSQL at (\S+)/.exec(line)?.[1];
    found.mqttUrl ??= /Embedded MQTT broker at (\S+)/.exec(line)?.[1];
    found.url ??= /^ready (\S+)/.exec(line)?.[1];
    if (!found.url) continue;
    child.stdout.resume();
    return found;
  }
  throw new Error('the host ended before it was ready');
}

async function withDatabase(url, work) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The server's processes, the one that takes connections first: stopped, they stand still, and nothing is answered. */
async function databaseProcesses(url) {
  return withDatabase(url, async (client) => {
    const { rows: folders } = await client.query('SHOW data_directory');
    const [first] = readFileSync(join(folders[0].data_directory, 'postmaster.pid'), 'utf8').split('\n');
    const { rows } = await client.query('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
    return [Number(first), ...rows.map(({ pid }) => pid)];
  });
}

function signal(pids, name) {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}

const stage = async (environment, ...words) => {
  const command = run('src/cli/main', ['stage', 'set', ...words, '--by', 'kaan'], environment);
  const [code] = await once(command.child, 'exit');
  if (code !== 0) throw new Error(`stage set ${words[0]} ended with ${code}`);
};

async function signedIn(browser, url, options) {
  const page = await browser.newPage(options);
  await page.goto(`${url}/livescore/sign-in`);
  await page.fill('input[name="secret"]', SECRET);
  await page.press('input[name="secret"]', 'Enter');
  await page.waitForSelector('body[data-now]');
  return page;
}

/** Plays a tournament on a host of its own, with the page open twice, and does the work. */
async function onHost(variables, speed, work) {
  const host = run('examples/host/main', [], {
    PORT: '0',
    LIVESCORE_OPERATIONS_SECRET: SECRET,
    ...variables,
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  let replay;
  try {
    const { url, databaseUrl, mqttUrl } = await addresses(host);
    const environment = { DATABASE_URL: databaseUrl, MQTT_URL: mqttUrl };
    const play = [
      'replay',
      TOURNAMENT,
      '--speed',
      speed,
      '--matches-at-once',
      '16',
      '--predictions',
      '--yes',
      '--url',
      url,
    ];
    replay = run('src/cli/main', play, environment);
    replay.child.stdout.resume();
    const desk = await signedIn(browser, url, DESK);
    const phone = await signedIn(browser, url, PHONE);
    await work({ desk, phone, databaseUrl, environment });
  } finally {
    await browser.close();
    if (replay) await end(replay);
    await end(host);
  }
}

const says = async (page, pattern) => {
  await page.bringToFront();
  const isSaid = (source) => new RegExp(source).test(document.getElementById('verdict').textContent);
  await page.waitForFunction(isSaid, pattern, { timeout: LONGEST_MS });
};

async function photograph(name, pages) {
  for (const [kind, page] of Object.entries(pages)) {
    await page.bringToFront();
    await page.waitForTimeout(2_500);
    await page.evaluate('scrollTo(0, 0)');
    const path = join(folder, `operations-${name}${kind}.png`);
    await page.screenshot({ path });
    console.log(`${path}: ${await page.innerText('#verdict')}`);
  }
}

await onHost({}, '60', async ({ desk, phone, databaseUrl }) => {
  const areShown = (goals) => document.querySelectorAll('#day-list tbody tr').length >= goals;
  await desk.bringToFront();
  await desk.waitForFunction(areShown, GOALS_FIRST, { timeout: LONGEST_MS });
  await says(desk, '^All is well');
  await photograph('healthy', { '': desk, '-phone': phone });
  const pids = await databaseProcesses(databaseUrl);
  signal(pids, 'SIGSTOP');
  try {
    await says(desk, '^The database does not answer');
    await photograph('outage', { '': desk, '-phone': phone });
  } finally {
    signal(pids, 'SIGCONT');
  }
});

/** A trigger of the platform that takes its time over the rows of the direct path: the rollout takes that path back. */
const SLOW_TRIGGER = [
  `CREATE FUNCTION platform_slow() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     IF NEW.home_score_source = 'mqtt' THEN PERFORM pg_sleep(0.2); END IF;
     RETURN NEW;
   END $$`,
  'CREATE TRIGGER platform_slow BEFORE UPDATE ON ts_matches FOR EACH ROW EXECUTE FUNCTION platform_slow()',
];

await onHost({ ROLLOUT: 'true' }, '120', async ({ desk, phone, databaseUrl, environment }) => {
  await stage(environment, 'shadow', '--reason', 'compare for a week');
  await stage(environment, 'canary', '--percent', '50', '--reason', 'a week without a difference');
  await desk.bringToFront();
  await desk.waitForTimeout(ROLLOUT_PLAYS_MS);
  await withDatabase(databaseUrl, async (client) => {
    for (const statement of SLOW_TRIGGER) await client.query(statement);
  });
  await says(desk, '^The rollout took itself back');
  await photograph('rollback', { '': desk, '-phone': phone });
});
