import { describe, expect, it } from '@jest/globals';
import type { LatencyStats } from '../../contracts/latency-facts.js';
import { CRITERIA, judgeAll } from './criteria.js';
import type { DatabaseFacts, HostFacts, Judgement, VerifyFacts } from './facts.js';
import { sumOf } from './read-host.js';

const STATS: LatencyStats = {
  eventType: 'ALL',
  count: 100,
  avgTotalLatency: 9,
  avgProcessingLatency: 8,
  avgBroadcastLatency: 1,
  minLatency: 1,
  maxLatency: 30,
  p50: 8,
  p95: 20,
  p99: 25,
};

const MEASURED = { count: 50, p95Ms: 20, slowest: [{ matchId: 'm', version: 3, ms: 25 }] };
const LACKING = { live: 200, lacking: 0, ids: [] };

const HEALTH = {
  uptime_s: 7_200,
  accounting: { received: 1_000, inFlight: 0, unaccounted: 0, dead: 0, malformed: 0 },
  lease: { held: true, fence: 1, confirmed: true },
  provider: {
    enabled: true,
    last_success: null,
    last_error: null,
    paused_until: null,
    address_refused: false,
    refused_endpoints: [],
  },
  feed: {
    connected: true,
    subscribed: true,
    seconds_since_message: 1,
    messages_60s: 60,
    reconnects: 0,
    delivery: { unacknowledged: 0, oldest_unacknowledged_s: null },
    state: 'live',
    watermark_age_s: 1,
    live_matches: 200,
    recovery: { state: 'none', last_at: null, last_error: null },
  },
  minute: { mode: 'on', formats_in_doubt: 0 },
  settlement: { mode: 'on', foreign_results: 0, unknown_texts: 0 },
  sync: { mode: 'on', running: [], incomplete: [], off: [] },
  stale: 0,
} as unknown as HostFacts['health'];

const HOST: HostFacts = {
  health: HEALTH,
  looks: 8,
  answered: 8,
  unaccounted: [0, 0, 0],
  ready: { status: 200, error: null },
  pool: { value: [{ active: 1, total: 4, waiting: 0 }] },
  latency: { value: { all: STATS, goals: STATS } },
  writeErrors: { value: 0 },
};

const DATABASE: DatabaseFacts = {
  writes: { value: MEASURED },
  settlements: { value: MEASURED },
  scores: { value: LACKING },
  minutes: { value: LACKING },
  minutesBehind: { value: { judged: 200, behind: [] } },
  openSettlements: { value: [] },
  stale: { value: [] },
  syncRuns: { value: [{ entity: 'team', verdict: 'complete', error: null }] },
  journal: { value: { judged: 200, apart: [] } },
};

const facts = (host: Partial<HostFacts> = {}, database: Partial<DatabaseFacts> = {}): VerifyFacts => ({
  host: { value: { ...HOST, ...host } },
  database: { value: { ...DATABASE, ...database } },
  period: '15 min',
});

const health = (change: object): Partial<HostFacts> => ({ health: { ...HEALTH, ...change } as HostFacts['health'] });
const feed = (change: object, others: object = {}) => health({ feed: { ...HEALTH.feed, ...change }, ...others });
const stats = (change: Partial<LatencyStats>) => ({
  latency: { value: { all: { ...STATS, ...change }, goals: { ...STATS, ...change } } },
});

it('says what /ready answered', () => {
  expect(judge('ready', facts({ ready: { status: 404, error: null } })).evidence).toContain('answered 404');
});

function judge(id: string, given: VerifyFacts): Judgement {
  const criterion = CRITERIA.find((one) => one.id === id);
  if (!criterion) throw new Error(`no criterion ${id}`);
  return criterion.judge(given);
}

describe('the success criteria', () => {
  it('all pass on good facts, each with its evidence', () => {
    const judged = judgeAll(facts());
    expect(judged.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(judged.every(({ evidence }) => evidence !== '')).toBe(true);
    expect(new Set(judged.map(({ id }) => id)).size).toBe(CRITERIA.length);
  });

  it('wait, but for those that host and database answer, where nothing is known', () => {
    const judged = judgeAll({ host: { unknown: 'away' }, database: { unknown: 'gone' }, period: '15 min' });
    expect(judged.filter(({ verdict }) => verdict !== 'waiting').map(({ id }) => id)).toEqual(['ready', 'database']);
    expect(judged.every(({ evidence }) => ['away', 'gone'].includes(evidence))).toBe(true);
  });

  it.each<[string, VerifyFacts, string]>([
    ['write', facts({}, { writes: { value: { ...MEASURED, p95Ms: 99.9 } } }), 'pass'],
    ['write', facts({}, { writes: { value: { ...MEASURED, p95Ms: 100 } } }), 'fail'],
    ['write', facts({}, { writes: { value: { ...MEASURED, count: 19, p95Ms: 900 } } }), 'waiting'],
    ['write', facts({}, { writes: { unknown: 'no right' } }), 'waiting'],
    ['broadcast', facts(stats({ p95: 100 })), 'pass'],
    ['broadcast', facts(stats({ p95: 101 })), 'fail'],
    ['broadcast', facts(stats({ count: 19 })), 'waiting'],
    ['settlement', facts({}, { settlements: { value: { ...MEASURED, count: 1, p95Ms: 1_000 } } }), 'pass'],
    ['settlement', facts({}, { settlements: { value: { ...MEASURED, count: 1, p95Ms: 1_001 } } }), 'fail'],
    ['settlement', facts({}, { settlements: { value: { count: 0, p95Ms: null, slowest: [] } } }), 'waiting'],
    ['screen', facts(stats({ p99: 1_999 })), 'pass'],
    ['screen', facts(stats({ p99: 2_000 })), 'fail'],
    ['screen', facts(stats({ count: 0, p99: null })), 'waiting'],
    ['null-scores', facts({}, { scores: { value: { live: 200, lacking: 1, ids: ['m'] } } }), 'fail'],
    ['null-scores', facts({}, { scores: { value: { live: 0, lacking: 0, ids: [] } } }), 'waiting'],
    ['null-minutes', facts({}, { minutes: { value: { live: 200, lacking: 1, ids: ['m'] } } }), 'pass'],
    ['null-minutes', facts({}, { minutes: { value: { live: 100, lacking: 1, ids: ['m'] } } }), 'fail'],
    ['pool', facts({ pool: { value: [{ active: 1, total: 2, waiting: 0 }] } }), 'fail'],
    [
      'pool',
      facts({
        pool: {
          value: [
            { active: 1, total: 2, waiting: 0 },
            { active: 0, total: 2, waiting: 0 },
          ],
        },
      }),
      'pass',
    ],
    ['pool', facts({ pool: { unknown: 'closed' } }), 'waiting'],
    ['errors', facts({ writeErrors: { value: 49 } }), 'pass'],
    ['errors', facts({ writeErrors: { value: 50 } }), 'fail'],
    ['errors', facts({ writeErrors: { unknown: 'off' } }), 'pass'],
    ['errors', facts(health({ accounting: { ...HEALTH.accounting, received: 19, dead: 19 } })), 'waiting'],
    ['uptime', facts(health({ uptime_s: 3_599 })), 'waiting'],
    ['uptime', facts({ ...health({ uptime_s: 10 }), answered: 7 }), 'fail'],
    ['ready', facts({ ready: { status: 503, error: 'no answer within 1000 ms' } }), 'fail'],
    ['stuck-messages', facts(feed({ delivery: { unacknowledged: 1, oldest_unacknowledged_s: 119 } })), 'pass'],
    ['stuck-messages', facts(feed({ delivery: { unacknowledged: 1, oldest_unacknowledged_s: 120 } })), 'fail'],
    ['stuck-messages', facts(health({ lease: { held: false, fence: null, confirmed: true } })), 'waiting'],
    ['stuck-messages', facts(health({ feed: undefined })), 'waiting'],
    ['stuck-feed', facts(feed({ watermark_age_s: 119 })), 'pass'],
    ['stuck-feed', facts(feed({ watermark_age_s: 120 })), 'fail'],
    ['stuck-feed', facts(feed({ watermark_age_s: 9_999, live_matches: 0 })), 'pass'],
    ['stuck-feed', facts(feed({ watermark_age_s: null })), 'fail'],
    ['stuck-feed', facts(feed({ watermark_age_s: null, live_matches: 0 })), 'waiting'],
    ['stuck-feed', facts(feed({ watermark_age_s: null, live_matches: null })), 'waiting'],
    ['stuck-feed', facts(feed({ watermark_age_s: null }, { uptime_s: 119 })), 'waiting'],
    ['database', facts({}, { scores: { unknown: 'no right' } }), 'pass'],
    ['database', facts({}, { scores: { unknown: 'canceled', failed: true } }), 'fail'],
    ['stuck-matches', facts({}, { stale: { value: [{ matchId: 'm', ageS: 119 }] } }), 'pass'],
    ['stuck-matches', facts({}, { stale: { value: [{ matchId: 'm', ageS: 120, what: 'silent' }] } }), 'fail'],
    ['stuck-matches', facts(health({ stale: undefined })), 'waiting'],
    ['stuck-settlements', facts({}, { openSettlements: { value: [{ matchId: 'm', ageS: 120 }] } }), 'fail'],
    [
      'stuck-settlements',
      facts(health({ settlement: { mode: 'off' } }), { openSettlements: { value: [{ matchId: 'm', ageS: 999 }] } }),
      'waiting',
    ],
    ['fallback', facts(feed({ seconds_since_message: 31 })), 'fail'],
    ['fallback', facts(feed({ seconds_since_message: 31, live_matches: 0 })), 'pass'],
    [
      'fallback',
      facts(
        feed(
          { seconds_since_message: 31 },
          { provider: { ...HEALTH.provider, last_success: new Date().toISOString() } },
        ),
      ),
      'pass',
    ],
    ['fallback', facts(health({ provider: { ...HEALTH.provider, address_refused: true } })), 'fail'],
    ['fallback', facts(health({ provider: undefined })), 'fail'],
    [
      'minutes',
      facts({}, { minutesBehind: { value: { judged: 1, behind: [{ matchId: 'm', stored: 3, expected: 9 }] } } }),
      'fail',
    ],
    ['minutes', facts(health({ minute: { mode: 'shadow' } })), 'waiting'],
    [
      'journal',
      facts({}, { journal: { value: { judged: 1, apart: [{ matchId: 'm', what: 'score', ageS: 2 }] } } }),
      'fail',
    ],
    ['journal', facts({}, { journal: { value: { judged: 0, apart: [] } } }), 'waiting'],
    ['sync', facts({}, { syncRuns: { value: [{ entity: 'team', verdict: 'partial', error: null }] } }), 'fail'],
    ['sync', facts({}, { syncRuns: { value: [] } }), 'waiting'],
    ['sync', facts(health({ sync: { mode: 'off' } })), 'waiting'],
    ['unaccounted', facts({ unaccounted: [0, 2, 0] }), 'pass'],
    ['unaccounted', facts({ unaccounted: [2, 2, 2] }), 'fail'],
  ])('%s', (id, given, verdict) => {
    const judgement = judge(id, given);
    expect(judgement.verdict).toBe(verdict);
    if (verdict === 'fail') expect(judgement.action).not.toBeNull();
  });
});

describe('a metric of Prometheus text', () => {
  it('is summed over its labels', () => {
    const text = '# TYPE a_total counter\na_total{code="x{}"} 2\na_total{code="y"} 3\na_total_more 9\nb_total 7\n';
    expect([sumOf(text, 'a_total'), sumOf(text, 'b_total'), sumOf(text, 'c_total')]).toEqual([5, 7, 0]);
  });
});
