// Does what README.md says in a bare application, and then watches a goal arrive.
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import pg from 'pg';
import WebSocket from 'ws';
import { answers, runHost, within } from './host-process.mjs';
import { makePlatformTables, packagesOf, readmeHost, replayTournament } from './readme.mjs';

const TOPIC = 'thesports/football/match/v1';
const ARRIVAL_MS = 20_000;

/** The broker that the environment names, else one in this process. */
export async function startBroker() {
  if (process.env.MQTT_URL) return { url: process.env.MQTT_URL, stop: async () => {} };
  const aedes = await Aedes.createBroker();
  const server = createServer((socket) => void aedes.handle(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => new Promise((done) => aedes.close(() => server.close(done)));
  return { url: `mqtt://127.0.0.1:${server.address().port}`, stop };
}

/** Every peer that is not optional stands in the line, or in what `nest new` installs: Yarn 1 and pnpm install no peers. */
export function checkInstallLine(install, manifest, application) {
  const { dependencies } = JSON.parse(readFileSync(join(application, 'package.json'), 'utf8'));
  const named = new Set([...packagesOf(install), ...Object.keys(dependencies)]);
  const optional = new Set(Object.keys(manifest.peerDependenciesMeta ?? {}));
  const missing = Object.keys(manifest.peerDependencies).filter((name) => !optional.has(name) && !named.has(name));
  if (missing.length > 0) throw new Error(`the install line of README.md lacks ${missing.join(', ')}`);
}

/** Copies the bare application, installs, writes `src/main.ts`, compiles, and makes the tables. */
export async function followReadme({ application, install, tarball, cwd, run, check }) {
  cpSync(application, cwd, { recursive: true });
  mkdirSync(join(cwd, 'src'));
  writeFileSync(join(cwd, 'src', 'main.ts'), readmeHost);
  const shell = (line) => run('bash', ['-c', `set -o pipefail; ${line}`]);
  const steps = [
    ['bare application', () => shell('npm install')],
    [install, () => shell(install.replace('@goalgpt/livescore', tarball))],
    ['src/main.ts compiles', () => run('npx', ['tsc', '-p', 'tsconfig.build.json'])],
    [makePlatformTables, () => shell(makePlatformTables)],
  ];
  for (const [name, work] of steps) if (!(await check(name, work))) return false;
  return true;
}

/** `/ready` is well, and a goal that is published comes to a client of `/ws`. */
export async function seesGoal(address, { databaseUrl, mqttUrl, matchId }) {
  await answers(`http://${address}/ready`);
  await seedMatch(databaseUrl, matchId);
  const socket = new WebSocket(`ws://${address}/ws`);
  const frames = [];
  socket.on('message', (data) => frames.push(JSON.parse(String(data))));
  await within(ARRIVAL_MS, '/ws opens', once(socket, 'open'));
  const publisher = await mqtt.connectAsync(mqttUrl);
  try {
    await answers(`http://${address}/health`, '"subscribed":true');
    const deadlineMs = Date.now() + ARRIVAL_MS;
    while (!frames.some((frame) => frame.type === 'GOAL' && frame.matchId === matchId)) {
      if (Date.now() > deadlineMs) throw new Error(`no goal came: ${JSON.stringify(frames)}`);
      // the same frame again says nothing new
      await publisher.publishAsync(TOPIC, goalOf(matchId));
      await setTimeout(200);
    }
  } finally {
    socket.terminate();
    await publisher.endAsync();
  }
}

/** A match in its first half, a minute ago without a goal. */
async function seedMatch(databaseUrl, matchId) {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(
    `INSERT INTO ts_matches (external_id, status_id, match_time, home_scores, away_scores, home_score_display, away_score_display)
     VALUES ($1::text, 2, $2::bigint, '[0,0,0,0,0,0,0]', '[0,0,0,0,0,0,0]', 0, 0)`,
    [matchId, Math.floor(Date.now() / 1000) - 600],
  );
  await client.end();
}

function goalOf(matchId) {
  const kickOffS = Math.floor(Date.now() / 60_000) * 60 - 600;
  const score = [matchId, 2, [1, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0], kickOffS, ''];
  return JSON.stringify([{ id: matchId, score }]);
}

/** The host runs on each of the Nodes, sees a goal on each, and on the first one the tournament that README.md plays. */
export async function useHost({ cwd, run, check, nodes, databaseUrl, mqttUrl }) {
  const env = { DATABASE_URL: databaseUrl, MQTT_URL: mqttUrl };
  for (const { version, node } of nodes) {
    await check(`starts on Node ${version}, answers, shows a goal, stops`, () =>
      runHost({ cwd, file: 'dist/main.js', node, env }, (address) =>
        seesGoal(address, { databaseUrl, mqttUrl, matchId: `newcomer-${version.replaceAll('.', '-')}` }),
      ),
    );
  }
  await check(replayTournament, () =>
    runHost({ cwd, file: 'dist/main.js', env }, (address) =>
      run('bash', ['-c', replayTournament], { MQTT_URL: mqttUrl, PORT: address.split(':')[1] }),
    ),
  );
}
