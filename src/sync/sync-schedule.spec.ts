import { describe, expect, it } from '@jest/globals';
import { isCron, SyncSchedule } from './sync-schedule.js';

const at = (iso: string) => Date.parse(iso);
const TEAM = new SyncSchedule([
  { cron: '0 3 * * *', kind: 'full' },
  { cron: '0 9,15,21 * * *', kind: 'incremental' },
]);

describe('a schedule', () => {
  it.each([
    ['2026-11-29T02:59:59.999Z', '2026-11-28T21:00:00Z', 'incremental'],
    ['2026-11-29T03:00:00.000Z', '2026-11-29T03:00:00Z', 'full'],
    ['2026-11-29T08:59:59Z', '2026-11-29T03:00:00Z', 'full'],
    ['2026-11-29T09:00:00.001Z', '2026-11-29T09:00:00Z', 'incremental'],
  ])('had at %s its newest moment at %s: %s', (now, moment, kind) => {
    expect(TEAM.newest(at(now))).toEqual({ atMs: at(moment), kind });
  });

  it('is in UTC, whatever the zone of the machine, and on days when clocks change', () => {
    const daily = new SyncSchedule([{ cron: '30 1 * * *', kind: 'full' }]);
    for (const day of ['2026-03-29', '2026-10-25']) {
      expect(daily.newest(at(`${day}T12:00:00Z`))?.atMs).toBe(at(`${day}T01:30:00Z`));
    }
  });

  it('takes patterns with seconds', () => {
    const often = new SyncSchedule([{ cron: '*/20 * * * * *', kind: 'incremental' }]);
    expect(often.newest(at('2026-11-29T11:00:39.999Z'))?.atMs).toBe(at('2026-11-29T11:00:20Z'));
    expect(often.next(at('2026-11-29T11:00:20Z'))).toBe(at('2026-11-29T11:00:40Z'));
  });

  it('lets the full run count where both kinds meet', () => {
    const both = new SyncSchedule([
      { cron: '0 * * * *', kind: 'incremental' },
      { cron: '0 4 * * 0', kind: 'full' },
    ]);
    expect(both.newest(at('2026-11-29T04:30:00Z'))?.kind).toBe('full');
    expect(both.newest(at('2026-11-29T05:30:00Z'))?.kind).toBe('incremental');
  });

  it('may name no moment at all', () => {
    expect(new SyncSchedule([]).newest(at('2026-11-29T04:30:00Z'))).toBeNull();
    expect(new SyncSchedule([]).next(0)).toBeNull();
  });
});

describe('isCron', () => {
  it.each(['0 3 * * *', '*/20 * * * * *', '0 4 * * 0'])('takes %j', (pattern) => expect(isCron(pattern)).toBe(true));
  it.each(['', '* * *', '61 * * * *', '0 0 3 * * * 2026 1', 'daily', 3, null, ' '.repeat(200)])(
    'refuses %j',
    (pattern) => expect(isCron(pattern)).toBe(false),
  );
});
