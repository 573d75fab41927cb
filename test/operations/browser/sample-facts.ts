import type { GoalFact, OperationsFacts, Percentiles, SeriesFacts } from '../../../src/operations/facts.js';
import { NOW_MS, sampleStored, TEAMS } from './sample-stored.js';

const POINTS = 720;

function wave(n: number, middle: number, swing: number): number {
  return Math.round((middle + swing * Math.sin(n / 37)) * 10) / 10;
}

function sampleSeries(): SeriesFacts {
  const column = (middle: number, swing: number) => Array.from({ length: POINTS }, (_, n) => wave(n, middle, swing));
  return {
    everyS: 5,
    atMs: Array.from({ length: POINTS }, (_, n) => NOW_MS - (POINTS - 1 - n) * 5_000),
    messagesPerS: column(420, 90),
    commitsPerS: column(38, 9),
    rejectedPerS: column(4, 3),
    errorsPerS: column(0, 0),
    p50Ms: column(12, 2),
    p95Ms: column(34, 9),
    p99Ms: column(61, 20),
    commitP95Ms: column(27, 7),
    screenP95Ms: column(7, 2),
    clients: column(1_240, 30),
    feed: Array.from({ length: POINTS }, () => 4),
    consistencyPercent: column(99.95, 0.04),
    leadMs: column(2_100, 300),
    loopP99Ms: column(11, 2),
  };
}

function sampleGoals(): readonly GoalFact[] {
  return Array.from({ length: 40 }, (_, n) => ({
    atMs: NOW_MS - (40 - n) * 83_000,
    matchId: `m${n % 8}`,
    home: TEAMS[n % 8] ?? null,
    away: TEAMS[(n + 3) % 8] ?? null,
    kind: n % 17 === 16 ? ('goal-cancelled' as const) : ('goal' as const),
    side: n % 2 === 0 ? ('home' as const) : ('away' as const),
    score: [n % 4, n % 3] as const,
    version: n,
    source: 'mqtt',
    receiveToCommitMs: 14 + ((n * 7) % 23),
    commitToScreenMs: 3 + (n % 6),
    isCatchUp: n === 11,
  }));
}

const percentiles = (p50: number, p95: number, p99: number): Percentiles => ({
  count: 1_000,
  p50,
  p95,
  p99,
  max: p99 * 2,
});

/** A healthy day: eight matches live, the canary at ten percent. */
export function sampleFacts(): OperationsFacts {
  return {
    now: new Date(NOW_MS).toISOString(),
    nowMs: NOW_MS,
    isWhole: true,
    token: 'a-token',
    actor: null,
    actions: ['stage', 'pin', 'redrive', 'sync', 'settlement', 'end-match'],
    ws: null,
    service: { name: 'goalgpt', commit: '4b9e4b0', uptimeS: 93_784, pid: 4_711, node: 'v22.12.0' },
    process: { rssMb: 184, heapUsedMb: 71, heapTotalMb: 96, loopP99Ms: 11.2, cpuPercent: 7.4 },
    health: {
      feed: {
        state: 'live',
        since: new Date(NOW_MS - 7_205_000).toISOString(),
        watermark_age_s: 0.4,
        recovery: { state: 'none', last_at: null, last_error: null },
        live_matches: 8,
        no_feed: 0,
        connected: true,
        subscribed: true,
        seconds_since_message: 0.142,
        messages_60s: 25_312,
        reconnects: 2,
        delivery: {
          asked_qos: 1,
          granted_qos: { 'thesports/#': 1 },
          session_present: true,
          effective: 'at-least-once',
          unacknowledged: 3,
          oldest_unacknowledged_s: 0.01,
        },
      },
      lease: { held: true, fence: 17, confirmed: true },
      rollout: { stage: 'canary', percent: 10, kill_switch: false, max_stage: 'direct' },
      provider: {
        enabled: true,
        last_success: new Date(NOW_MS - 4_000).toISOString(),
        last_error: null,
        paused_until: null,
        address_refused: false,
        refused_endpoints: [],
      },
      clients: 1_243,
      sockets: { taken: 1_243, refused: 4, cut_off: 1 },
      sync: { mode: 'on', running: [], incomplete: [], off: [] },
      settlement: { mode: 'on', foreign_results: 0, unknown_texts: 0 },
      disputed: 0,
      stale: 0,
    },
    accounting: {
      received: 812_345,
      applied: 61_022,
      superseded: 12,
      duplicate: 748_000,
      stale: 3_211,
      illegal: 80,
      parked: 3,
      dead: 3,
      malformed: 14,
      legacy: 0,
      shadow: 0,
      inFlight: 0,
      unaccounted: 0,
    },
    ready: { ok: true, draining: false, db: { ok: true }, standby: false },
    pool: { active: 1, total: 6, waiting: 0 },
    webSocket: {
      activeConnections: 1_243,
      totalConnections: 52_118,
      totalDisconnections: 50_875,
      uptimeMs: 93_000_000,
    },
    liveGap: { state: 'known', gap: { provider: 8, rows: 8, onlyProvider: 0, onlyRows: 0 } },
    totals: { messages: 640_021, updates: 812_345, commits: 61_022, rejected: 3_305, errors: 0, frames: 9_120_044 },
    latency: {
      stats: null,
      receiveToCommit: percentiles(9.3, 27.1, 48),
      commitToScreen: percentiles(2.2, 7.1, 14),
      receiveToScreen: percentiles(11.9, 34.2, 61.4),
    },
    series: sampleSeries(),
    feedHistory: [{ atMs: NOW_MS - 7_205_000, from: 'recovering', to: 'live', reason: 'nothing is missing' }],
    goals: sampleGoals(),
    database: { ok: true, error: null, sinceMs: null },
    stored: sampleStored(),
  };
}
