import { describe, expect, it } from '@jest/globals';
import { NOTHING_DONE } from '../domain/sync/run-facts.js';
import type { RunRow } from './ports/sync-runs.js';
import { type ChoiceFacts, chooseRun } from './run-choice.js';
import { SyncSchedule } from './sync-schedule.js';

const NOW = Date.parse('2026-11-29T12:00:00Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** due every hour, at the full one on Sundays at 4 */
const SCHEDULES = [
  { cron: '0 4 * * 0', kind: 'full' },
  { cron: '0 * * * *', kind: 'incremental' },
] as const;
const RESTING: RunRow = {
  entity: 'team',
  runId: null,
  kind: 'incremental',
  startedAtMs: NOW - 2 * HOUR,
  silentMs: null,
  page: 1,
  newest: null,
  counts: NOTHING_DONE,
  tickAtMs: NOW,
  verdict: 'complete',
  finishedAtMs: NOW - HOUR,
  completeAtMs: NOW - HOUR,
  fullAtMs: NOW - 24 * HOUR,
  watermark: 1,
  wanted: null,
};

const choose = (row: Partial<RunRow>, over: Partial<Omit<ChoiceFacts, 'row'>> = {}, isEntity = true) =>
  chooseRun({
    job: { name: 'team', needsFeed: !isEntity, canDiff: isEntity, schedules: SCHEDULES },
    row: { ...RESTING, ...row },
    schedule: new SyncSchedule(SCHEDULES),
    nowMs: NOW,
    mode: 'on',
    isEnabled: true,
    hasFeed: true,
    limits: { jitterMs: 0, lateWithinMs: 12 * HOUR, retryAfterMs: 5 * MINUTE, takeOverAfterMs: MINUTE },
    ...over,
  });
const tick = (atMs: number, kind = 'incremental') => ({ does: 'claim', kind, cause: { tickAtMs: atMs } });
const retry = (kind: string) => ({ does: 'claim', kind, cause: { retry: true } });

describe('what an instance does about an entity', () => {
  it('is nothing while its newest tick was taken', () => {
    expect(choose({})).toBeNull();
  });

  it('is to take a tick that nobody took', () => {
    expect(choose({ tickAtMs: NOW - HOUR })).toEqual(tick(NOW));
  });

  it('is to make up for a missed tick, within a window', () => {
    const late = (ms: number) =>
      choose({ tickAtMs: NOW - 30 * 24 * HOUR }, { nowMs: NOW + ms, schedule: new SyncSchedule([SCHEDULES[0]]) });
    const sunday = Date.parse('2026-11-29T04:00:00Z');
    expect(late(4 * HOUR)).toEqual(tick(sunday, 'full'));
    expect(late(4 * HOUR + 1)).toBeNull();
  });

  it('waits for its share of chance, the same in every instance, and at most a tenth of the time between two ticks', () => {
    const at = (ms: number) =>
      choose(
        { tickAtMs: NOW - HOUR },
        {
          nowMs: NOW + ms,
          limits: { jitterMs: HOUR, lateWithinMs: HOUR, retryAfterMs: MINUTE, takeOverAfterMs: MINUTE },
        },
      );
    expect(at(0)).toBeNull();
    expect(at(6 * MINUTE)).toEqual(tick(NOW));
  });

  it('is nothing beside a run under way, and to take it over when its runner gives no sign', () => {
    expect(choose({ runId: 'r', silentMs: MINUTE, tickAtMs: NOW - HOUR, wanted: 'full' })).toBeNull();
    expect(choose({ runId: 'r', silentMs: MINUTE + 1 })).toEqual({ does: 'take-over' });
  });

  it('is to read everything where nothing was ever read as a whole', () => {
    expect(choose({ fullAtMs: null, finishedAtMs: null, verdict: null, kind: null })).toEqual(retry('full'));
    expect(choose({ fullAtMs: null, tickAtMs: NOW - HOUR })).toEqual(tick(NOW, 'full'));
  });

  it.each([
    ['partial', 'incremental'],
    ['failed', 'full'],
  ] as const)('is to try again after a %s run, after a while', (verdict, kind) => {
    expect(choose({ verdict, kind, finishedAtMs: NOW - 5 * MINUTE })).toEqual(retry(kind));
    expect(choose({ verdict, kind, finishedAtMs: NOW - 5 * MINUTE + 1 })).toBeNull();
  });

  it('is what somebody asks for', () => {
    for (const kind of ['full', 'incremental', 'diff'] as const) {
      expect(choose({ wanted: kind })).toEqual({ does: 'claim', kind, cause: { wanted: kind } });
    }
  });

  it('is nothing where it is switched off, whatever is due', () => {
    const due = { tickAtMs: null, wanted: 'full', runId: null } as const;
    expect(choose(due, { mode: 'off' })).toBeNull();
    expect(choose(due, { isEnabled: false })).toBeNull();
    expect(choose({ runId: 'r', silentMs: HOUR }, { isEnabled: false })).toBeNull();
  });

  it('is a comparison that somebody asks for, before it is switched on', () => {
    expect(choose({ wanted: 'diff' }, { isEnabled: false })).toMatchObject({ kind: 'diff' });
    expect(choose({ kind: 'diff', tickAtMs: NOW - HOUR }, { isEnabled: false })).toBeNull();
  });

  it('is never more than a comparison in shadow mode, whatever somebody asks for', () => {
    expect(choose({ wanted: 'full' }, { mode: 'shadow' })).toEqual({
      does: 'claim',
      kind: 'diff',
      cause: { wanted: 'full' },
    });
  });

  it('is a comparison in shadow mode, at its ticks', () => {
    expect(choose({ tickAtMs: NOW - HOUR, fullAtMs: null }, { mode: 'shadow' })).toEqual(tick(NOW, 'diff'));
    expect(choose({ fullAtMs: null }, { mode: 'shadow' })).toBeNull();
  });
});

describe('what an instance does about a job of the match side', () => {
  it('is nothing while another one takes the feed', () => {
    expect(choose({ tickAtMs: NOW - HOUR }, { hasFeed: false }, false)).toBeNull();
    expect(choose({ runId: 'r', silentMs: HOUR }, { hasFeed: false }, false)).toBeNull();
    expect(choose({ tickAtMs: NOW - HOUR }, {}, false)).toEqual(tick(NOW));
  });

  it('is nothing in shadow mode: it cannot say what it would do', () => {
    expect(choose({ tickAtMs: NOW - HOUR }, { mode: 'shadow' }, false)).toBeNull();
    expect(choose({ wanted: 'diff' }, {}, false)).toBeNull();
  });

  it('is to run at once the first time', () => {
    expect(choose({ completeAtMs: null, finishedAtMs: null, verdict: null, fullAtMs: null }, {}, false)).toEqual(
      retry('incremental'),
    );
  });
});
