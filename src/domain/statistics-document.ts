import type { Statistic } from './match-update.js';

/** The stored document: `{"corners":{"home":5,"away":3},…}`, or another writer's with keys of its own. */
export type StatisticsDocument = Readonly<Record<string, unknown>>;

/** Readable key of each statistic that is stored; other types are not. */
const KEYS: ReadonlyMap<number, string> = new Map([
  [2, 'corners'],
  [5, 'offsides'],
  [6, 'free_kicks'],
  [7, 'goal_kicks'],
  [21, 'shots_on_target'],
  [22, 'shots_off_target'],
  [23, 'attacks'],
  [24, 'dangerous_attacks'],
  [25, 'possession'],
  [37, 'blocked_shots'],
]);

/** Our keys set beside whatever `stored` holds. The same object as `stored` when nothing differs. */
export function mergeStatistics(stored: StatisticsDocument, incoming: readonly Statistic[]): StatisticsDocument {
  const news: Record<string, unknown> = {};
  for (const { type, home, away } of incoming) {
    const key = KEYS.get(type);
    if (key !== undefined) news[key] = { home, away };
  }
  const changed = Object.keys(news).some((key) => !isSame(stored[key], news[key]));
  return changed ? { ...stored, ...news } : stored;
}

function isSame(stored: unknown, news: unknown): boolean {
  if (typeof stored !== 'object' || stored === null) return false;
  const [one, other] = [stored, news] as readonly Partial<Statistic>[];
  return one?.home === other?.home && one?.away === other?.away;
}

/** The statistics a stored document holds under our keys, in the order of the types; values that are no numbers are not. */
export function readStatistics(document: StatisticsDocument): Statistic[] {
  const read: Statistic[] = [];
  for (const [type, key] of KEYS) {
    const value = document[key];
    if (typeof value !== 'object' || value === null) continue;
    const { home, away } = value as Partial<Statistic>;
    if (typeof home === 'number' && typeof away === 'number') read.push({ type, home, away });
  }
  return read;
}
