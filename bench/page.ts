import { Cleanup } from '../tools/faults/parts/cleanup.js';
import { runToTheEnd } from '../tools/faults/parts/run-to-the-end.js';
import { readPageOptions } from './page/options.js';
import { Scene } from './page/scene.js';
import { type Window, windowsOf } from './page/windows.js';
import { median, percentile, rounded } from './statistics.js';

// What an open operations page costs the host: computing on a live day, and the score's p50 while the writer is saturated.

const TARGETS = { cpuPoints: 1, scoreP50Ratio: 1.05, firstPaintMs: 200 } as const;

const options = readPageOptions(process.argv.slice(2));
const cleanup = new Cleanup();
await runToTheEnd(async () => {
  const scene = await Scene.set(cleanup);
  const calm = await scene.flood(options.rate);
  const liveDay = costOf(await windowsOf(scene, options.rounds, options.seconds));
  const firstPaintMs = await scene.paints.medianMs(`http://${scene.host.address}/livescore`);
  const emptyPaintMs = await scene.paints.medianMs(`http://${scene.bare}/`);
  await calm.stop();
  await scene.flood(options.saturation);
  const saturated = costOf(await windowsOf(scene, options.rounds, options.seconds));
  const targets = [
    target('cpuPoints', liveDay.cpuPoints),
    target('scoreP50Ratio', saturated.scoreP50Ratio),
    target('firstPaintMs', firstPaintMs),
  ];
  const { rounds, seconds, rate, saturation } = options;
  const report = { rounds, seconds, rate, saturation, liveDay, saturated, firstPaintMs, emptyPaintMs, targets };
  if (options.json) console.log(JSON.stringify(report));
  else for (const [name, value] of Object.entries(report)) console.log(name, value);
}, cleanup);

/** Medians of the pairs. */
function costOf({ closed, open }: { readonly closed: readonly Window[]; readonly open: readonly Window[] }) {
  const pairs = closed.map((one, n) => ({ closed: one, open: open[n]! }));
  const questions = open.flatMap((window) => window.questions).sort((a, b) => a - b);
  return {
    cpuPercentClosed: rounded(median(closed.map(({ cpuPercent }) => cpuPercent)), 2),
    cpuPercentOpen: rounded(median(open.map(({ cpuPercent }) => cpuPercent)), 2),
    cpuPoints: rounded(median(pairs.map((pair) => pair.open.cpuPercent - pair.closed.cpuPercent)), 2),
    scoreP50MsClosed: rounded(median(closed.map(({ scoreP50Ms }) => scoreP50Ms)), 2),
    scoreP50MsOpen: rounded(median(open.map(({ scoreP50Ms }) => scoreP50Ms)), 2),
    scoreP50Ratio: rounded(median(pairs.map((pair) => pair.open.scoreP50Ms / pair.closed.scoreP50Ms)), 3),
    questions: questions.length,
    questionP95Ms: rounded(percentile(questions, 0.95), 1),
  };
}

function target(name: keyof typeof TARGETS, value: number | null) {
  return { name, value, most: TARGETS[name], isMet: value !== null && value <= TARGETS[name] };
}
