import type { Commentary, Statistic } from '../../domain/match-update.js';
import type { Random } from './random.js';
import type { RunningScore } from './running-score.js';

/** Lines as providers write them: words like "night", "Brighton" or "First half ended" say nothing about the status. */
const LINES = [
  'A quiet night so far, both sides keep their shape.',
  'Former Brighton midfielder shoots from the right, saved.',
  'First half ended level on shots.',
  'The ball hits the post!',
  'What a fight for the second ball.',
  'Free kick in a dangerous position.',
] as const;

export function commentaryAt(at: number, random: Random): readonly Commentary[] {
  const time = `${Math.floor(at) + 1}'`;
  return [{ time, data: `${time} ${random.pick(LINES)}`, position: random.integer(0, 2) }];
}

export function statisticsAt(at: number, score: RunningScore, random: Random): readonly Statistic[] {
  const possession = random.integer(35, 65);
  const grown = (perMinute: number): number => Math.floor(Math.max(0, at) * perMinute * (0.8 + random.next() * 0.4));
  return [
    { type: 25, home: possession, away: 100 - possession },
    { type: 2, home: score.corners('home'), away: score.corners('away') },
    { type: 21, home: grown(0.05) + score.goals('home'), away: grown(0.05) + score.goals('away') },
    { type: 23, home: grown(1), away: grown(1) },
    { type: 24, home: grown(0.5), away: grown(0.5) },
  ];
}
