import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { explainCommand } from '../../src/cli/explain-command.js';
import { type ReplaySummary, replayTournament, type Tournament } from '../../src/replay/index.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { MatchDatabase } from '../faults/parts/match-database.js';
import { steadyPort } from '../faults/parts/steady-port.js';
import { PlainHost } from './plain-host.js';

/**
 * One replay as the README shows it: a host of its own on an empty database, and the command beside it.
 * @param logs a folder: why the host judged as it did, for each match that is not right
 */
export async function loadedRun(
  tournament: Tournament,
  seed: number,
  mqttUrl: string,
  logs: string,
): Promise<ReplaySummary> {
  const cleanup = new Cleanup();
  try {
    const database = await MatchDatabase.create();
    cleanup.add(() => database.drop());
    const topic = `${PROVIDER_TOPIC}/loaded-${seed}`;
    const port = await steadyPort();
    const host = PlainHost.launch({
      DATABASE_URL: database.url,
      MQTT_URL: mqttUrl,
      MQTT_TOPIC: topic,
      PORT: String(port),
      REDIS_URL: '',
    });
    cleanup.add(() => host.end());
    await host.ready();
    const summary = await replayTournament({
      tournament,
      mqttUrl,
      topic,
      databaseUrl: database.url,
      wsUrl: `ws://127.0.0.1:${port}/ws`,
      seed,
      chaos: true,
      verify: true,
    });
    for (const matchId of new Set(summary.wrongRows.map((wrong) => wrong.matchId))) {
      const lines: string[] = [];
      const output = { stdout: (line: string) => lines.push(line), stderr: (line: string) => lines.push(line) };
      await explainCommand.run([matchId], { DATABASE_URL: database.url, PORT: String(port) }, output);
      writeFileSync(join(logs, `seed-${seed}-${matchId}.txt`), `${lines.join('\n')}\n`);
    }
    return summary;
  } finally {
    await cleanup.run();
  }
}
