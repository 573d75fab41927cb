import { PROVIDER_TOPIC } from '../../examples/host/environment.js';
import { type ReplaySummary, replayTournament, type Tournament } from '../../src/replay/index.js';
import { Cleanup } from '../faults/parts/cleanup.js';
import { MatchDatabase } from '../faults/parts/match-database.js';
import { steadyPort } from '../faults/parts/steady-port.js';
import { PlainHost } from './plain-host.js';

/** One replay as the README shows it: a host of its own on an empty database, and the command beside it. */
export async function loadedRun(tournament: Tournament, seed: number, mqttUrl: string): Promise<ReplaySummary> {
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
    return await replayTournament({
      tournament,
      mqttUrl,
      topic,
      databaseUrl: database.url,
      wsUrl: `ws://127.0.0.1:${port}/ws`,
      seed,
      chaos: true,
      verify: true,
    });
  } finally {
    await cleanup.run();
  }
}
