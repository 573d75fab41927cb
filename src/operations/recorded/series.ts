import type { SeriesFacts } from '../facts.js';
import { isWithin, type Window } from './window.js';

const MOST_POINTS = 720;
export const POINT_EVERY_S = 5;

type Column = Exclude<keyof SeriesFacts, 'everyS'>;
/** One point: a value for each column. */
export type SeriesPoint = Readonly<{ [Name in Column]: SeriesFacts[Name][number] }>;

const COLUMNS: readonly Column[] = [
  'atMs',
  'messagesPerS',
  'commitsPerS',
  'rejectedPerS',
  'errorsPerS',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  'commitP95Ms',
  'screenP95Ms',
  'clients',
  'feed',
  'consistencyPercent',
  'leadMs',
  'loopP99Ms',
];

/** The last hour: 720 points, the oldest give way. */
export class Series {
  private points: readonly SeriesPoint[] = [];

  add(point: SeriesPoint): void {
    this.points = [...this.points.slice(-(MOST_POINTS - 1)), point];
  }

  facts(window: Window): SeriesFacts {
    const points = this.points.filter(({ atMs }) => isWithin(atMs, window));
    const columns = Object.fromEntries(COLUMNS.map((name) => [name, points.map((point) => point[name])]));
    return { everyS: POINT_EVERY_S, ...columns } as unknown as SeriesFacts;
  }
}
