import { it } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { RaceWorld } from '../../tools/simulator/race/race-world.js';
it('hunts', async () => {
  Logger.overrideLogger(false);
  const from = Number(process.env.FROM ?? 1);
  const lines: string[] = [];
  const m = JSON.parse(process.env.MANNERS ?? '{}');
  for (let seed = from; seed < from + Number(process.env.COUNT ?? 10); seed++) {
    for (const qos of [0, 1] as const) {
      const t = performance.now();
      try {
        const r = await new RaceWorld({ seed, matches: 40, qos, manners: { cacheMs: 30_000, listCacheMs: 30_000, slowestMs: 30_000, failureRate: 0.03, ...m } }).run();
        lines.push(`${seed} qos${qos} ok ${r.steps} steps ${r.commits.length} commits ${r.pulled} pulled ${Math.round(performance.now() - t)} ms`);
      } catch (e) { lines.push(`${seed} qos${qos} ${String(e)}`); }
    }
  }
  process.stdout.write(lines.join('\n') + '\n');
}, 900_000);
