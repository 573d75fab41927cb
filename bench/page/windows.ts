import { setTimeout as pause } from 'node:timers/promises';
import { median } from '../statistics.js';
import type { Scene } from './scene.js';

/** What the host did while the page was closed or open. */
export interface Window {
  /** share of one core, percent */
  readonly cpuPercent: number;
  /** median of the score's p50, asked each second, ms */
  readonly scoreP50Ms: number;
  /** how long the questions of the page took, ms; none while it is closed */
  readonly questions: readonly number[];
}

/** Windows in pairs, one with the page closed and one with it open; each pair the other way round than the one before. */
export async function windowsOf(scene: Scene, rounds: number, seconds: number) {
  const [closed, open]: [Window[], Window[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    for (const isOpen of round % 2 === 0 ? [false, true] : [true, false]) {
      (isOpen ? open : closed).push(await windowOf(scene, isOpen, seconds));
    }
  }
  return { closed, open };
}

async function windowOf(scene: Scene, isOpen: boolean, seconds: number): Promise<Window> {
  const { host } = scene;
  if (isOpen) scene.questions.start();
  await pause(1_000);
  const [beforeS, startMs] = [host.cpuS, performance.now()];
  const p50s: number[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await pause(Math.max(0, startMs + second * 1_000 + 1_000 - performance.now()));
    p50s.push(await scene.scoreP50Ms());
  }
  const cpuPercent = ((host.cpuS - beforeS) / (performance.now() - startMs)) * 100_000;
  const questions = isOpen ? await scene.questions.stop() : [];
  return { cpuPercent, scoreP50Ms: median(p50s) ?? 0, questions };
}
