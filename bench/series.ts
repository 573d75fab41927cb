import { ROLLOUT_BUCKETS, rolloutBucket } from '../src/domain/rollout-bucket.js';
import type { PhaseGroup } from './options.js';
import { HOT_SETS, type HotSet, LOW_LOAD_RATES, type LowLoadRate } from './plan.js';
import type { SubjectName } from './subject-process.js';
import { DIRECT_PERCENT, LIVE_MATCHES } from './workload.js';

export type SeriesName = 'qos0' | 'qos1' | 'generator' | 'legacy' | 'independence';

/** Which subjects are compared in which phases, at which quality of service, fed by what. */
export interface Series {
  readonly name: SeriesName;
  readonly qos: 0 | 1;
  /** `generator`: packets encoded beforehand from a socket of the bench itself, no broker between */
  readonly feed: 'broker' | 'generator';
  readonly subjects: readonly SubjectName[];
  readonly rates: readonly LowLoadRate[];
  readonly burst: boolean;
  readonly hotSets: readonly HotSet[];
  /** goals come of so many matches only, in turn. @default all */
  readonly liveMatches?: number;
  /** goals of the others never come to the screen of the subjects. @default all do */
  readonly isShown?: (matchId: string) => boolean;
}

/** The series with those of their phases that were asked for; a series without any is left out. */
export function seriesOf(groups: readonly PhaseGroup[], subjects: readonly SubjectName[]): readonly Series[] {
  const all: readonly Series[] = [
    {
      name: 'qos0',
      qos: 0,
      feed: 'broker',
      subjects: ['raw', 'rawBatched', 'stockNest', 'ours'],
      rates: groups.includes('lowLoad') ? LOW_LOAD_RATES : [],
      burst: groups.includes('burst'),
      hotSets: groups.includes('saturation') ? HOT_SETS : [],
    },
    {
      name: 'qos1',
      qos: 1,
      feed: 'broker',
      subjects: ['raw', 'rawBatched', 'stockNest', 'ours', 'oursAtOnce'],
      rates: groups.includes('qos1') ? [500] : [],
      burst: false,
      hotSets: groups.includes('qos1') ? [5_000] : [],
    },
    {
      name: 'generator',
      qos: 1,
      feed: 'generator',
      subjects: ['stockEmpty', 'oursReceive', 'rawBatched', 'ours'],
      rates: [],
      burst: false,
      hotSets: groups.includes('generator') ? [5_000] : [],
    },
    {
      name: 'legacy',
      qos: 0,
      feed: 'broker',
      subjects: ['legacy', 'rawBatched', 'ours'],
      rates: groups.includes('legacy') ? LOW_LOAD_RATES : [],
      burst: false,
      hotSets: [],
      liveMatches: LIVE_MATCHES,
    },
    {
      name: 'independence',
      qos: 0,
      feed: 'broker',
      subjects: ['oursBesideHealthy', 'oursBesideHanging', 'oursWithoutRedis', 'rawBatched'],
      rates: groups.includes('independence') ? [500] : [],
      burst: false,
      hotSets: [],
      isShown: (matchId) => rolloutBucket(matchId) < (DIRECT_PERCENT * ROLLOUT_BUCKETS) / 100,
    },
  ];
  return all
    .map((series) => ({ ...series, subjects: series.subjects.filter((name) => subjects.includes(name)) }))
    .filter(({ rates, burst, hotSets }) => rates.length > 0 || burst || hotSets.length > 0);
}
