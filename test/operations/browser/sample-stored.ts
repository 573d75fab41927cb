import type { LiveMatch, OperationsFacts, Section, StageChange } from '../../../src/operations/facts.js';

/** The last minutes before this moment have happened. */
export const NOW_MS = Date.UTC(2026, 10, 29, 19, 42, 7);

/** Home teams of the sample, in the order of its matches. */
export const TEAMS = ['Galatasaray', 'Fenerbahçe', 'Beşiktaş', 'Trabzonspor', 'Ajax', 'Porto', 'Celtic', 'Lyon'];

export function section<Value>(value: Value, more: Partial<Section<Value>> = {}): Section<Value> {
  return { asOfMs: NOW_MS, value, error: null, ...more };
}

export function liveMatch(matchId: string, more: Partial<LiveMatch> = {}): LiveMatch {
  return {
    matchId,
    home: `${matchId} home`,
    away: `${matchId} away`,
    competition: 'Süper Lig',
    status: 4,
    score: [2, 1],
    minute: 67,
    source: 'mqtt',
    epoch: 1,
    version: 14,
    changedS: 12,
    seenS: 1,
    ...more,
  };
}

const CHANGE: StageChange = {
  id: 4,
  changedAtMs: NOW_MS - 7_200_000,
  changedBy: 'kaan',
  reason: 'a day without a difference',
  stage: 'canary',
  percent: 10,
  allowMatches: ['m3'],
  denyMatches: [],
  allowCompetitions: [],
  denyCompetitions: ['c9'],
  stepPlan: [
    { percent: 10, soakS: 86_400 },
    { percent: 100, soakS: 0 },
  ],
  latched: false,
};

/** What the database of a healthy day holds. */
export function sampleStored(): OperationsFacts['stored'] {
  const { id, changedAtMs, changedBy, reason, ...setting } = CHANGE;
  return {
    live: section({
      count: 8,
      changesLastMinute: 61,
      lease: { holder: 'api-0', fence: 17 },
    }),
    matches: section(
      TEAMS.map((home, n) => liveMatch(`m${n}`, { home, away: TEAMS[(n + 3) % 8] ?? null, score: [n % 4, n % 3] })),
    ),
    rollout: section({
      setting,
      change: CHANGE,
      legacyPath: 'handler',
      history: [CHANGE, { ...CHANGE, id: 3, stage: 'shadow', percent: 0, reason: 'compare for a week' }],
      pins: [
        { matchId: 'm5', route: 'legacy', by: 'kaan', reason: 'the feed shows another match', atMs: NOW_MS - 60_000 },
      ],
      decisions: [
        {
          decidedAtMs: NOW_MS - 5_000,
          verdict: 'healthy',
          action: 'none',
          stage: 'canary',
          percent: 10,
          reason: 'no fault',
        },
      ],
    }),
    hosts: section([
      { host: 'api-0', ageMs: 412, lease: { held: true, fence: 17, confirmed: true }, rollout: null },
      { host: 'api-1', ageMs: 839, lease: { held: false, fence: null, confirmed: true }, rollout: null },
    ]),
    deadLetters: section([{ reason: 'malformed', letters: 3, bytes: 2_048, waiting: 0 }]),
    comparison: section({
      sinceMs: NOW_MS - 86_400_000,
      matches: 212,
      consistent: 48_113,
      inconsistent: 9,
      errors: 0,
      samples: [
        {
          matchId: 'm2',
          at: new Date(NOW_MS - 900_000).toISOString(),
          why: 'the legacy path was later',
          candidate: { status: 4, home: 1, away: 0 },
          row: { status: 4, home: 0, away: 0 },
        },
      ],
      lead: { goals: 61, p50S: 2.1, p90S: 4.8, maxS: 9.7, awaited: 1, lostByLegacy: 0 },
      sources: [{ source: 'mqtt', changes: 900, goals: 61 }],
    }),
    sync: section({
      mode: 'on',
      jobs: [
        {
          entity: 'teams',
          state: 'complete',
          kind: 'incremental',
          isList: true,
          isEntity: true,
          startedAtMs: NOW_MS - 61_000,
          finishedAtMs: NOW_MS - 60_000,
          completeAtMs: NOW_MS - 60_000,
          page: 3,
          counts: { seen: 412, added: 2, changed: 17, refused: 0, deleted: 1 },
          error: null,
          wanted: null,
          wantedBy: null,
          wantedAtMs: null,
          enabled: null,
        },
      ],
    }),
    settlement: section({
      sinceMs: NOW_MS - 259_200_000,
      mode: 'on',
      verdicts: [{ verdict: 'won', certainty: 2, predictions: 318 }],
      reversed: 1,
      reversals: [
        {
          atMs: NOW_MS - 300_000,
          matchId: 'm1',
          predictionId: '0c6a3c1e-0000-4000-8000-000000000001',
          from: 'won',
          to: 'pending',
          reason: 'goal taken back',
          score: '1-1',
        },
      ],
      awaiting: { predictions: 4, nextDeadlineMs: NOW_MS + 600_000 },
      unknownTexts: 0,
      others: 2,
      shadow: { compared: 0, different: 0 },
      behind: { count: 0, matchIds: [] },
      heldBack: { count: 0, matchIds: [] },
    }),
    foreignWriters: section({
      mode: 'on',
      changedAtMs: NOW_MS - 900_000,
      changedBy: 'kaan',
      reason: 'the poller is off',
      lastHour: { passed: 41, reverted: 2 },
      last: [{ atMs: NOW_MS - 30_000, matchId: 'm4', version: 12, mode: 'on', result: 'reverted' }],
    }),
    sizes: section([{ table: 'livescore_journal', rows: 184_233, bytes: 71_303_168 }]),
    stale: section([]),
  };
}
