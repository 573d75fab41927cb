// The package as a host uses it: guard, journal and broadcast on. No cache is configured, because the others have none.
import { LiveScoreModule } from '../../src/live-score.module.js';
import { startOurs } from './start-ours.js';
import { runSubject } from './subject.js';

const acknowledge = process.env.BENCH_ACKNOWLEDGE === 'on-receipt' ? 'on-receipt' : 'after-commit';

await runSubject((settings) => {
  const { mqttUrl, topic, databaseUrl, qos } = settings;
  const module = LiveScoreModule.forRoot({
    mqtt: { url: mqttUrl, topics: [topic], qos, acknowledge },
    postgres: { connection: databaseUrl },
  });
  return startOurs(module, settings);
});
