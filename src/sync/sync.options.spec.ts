import { describe, expect, it } from '@jest/globals';
import { resolveSyncOptions, type SyncOptions } from './sync.options.js';

const refused = (options: unknown) => {
  try {
    resolveSyncOptions(options as SyncOptions, {});
  } catch (error) {
    return String(error);
  }
  return 'taken';
};

describe('the options of the sync', () => {
  it('are off where nobody says anything, with every entity on by name', () => {
    expect(resolveSyncOptions({}, {})).toMatchObject({ mode: 'off', enabled: true, jobs: new Map(), pollMs: 1_000 });
  });

  it('take the lower of option and environment', () => {
    expect(resolveSyncOptions({ mode: 'on' }, { LIVESCORE_SYNC: 'shadow' }).mode).toBe('shadow');
    expect(resolveSyncOptions({}, { LIVESCORE_SYNC: 'ON' }).mode).toBe('on');
  });

  it('take what differs of an entity by its name', () => {
    const { jobs } = resolveSyncOptions({ jobs: { team: { full: null, incremental: '*/5 * * * *' } } }, {});
    expect(jobs.get('team')).toEqual({ enabled: undefined, full: null, incremental: '*/5 * * * *' });
  });

  it.each([
    [{ jobs: { teams: {} } }, /jobs\.teams.*did you mean "team"/s],
    [{ jobs: { team: { full: 'daily' } } }, /jobs\.team\.full.*cron pattern/s],
    [{ jobs: { team: { every: 1 } } }, /jobs\.team\.every/],
    [{ jobs: [] }, /jobs/],
    [{ liveEveryS: 7 }, /liveEveryS.*divisor of 60/s],
    [{ takeOverAfterMs: 9_999 }, /takeOverAfterMs/],
  ])('refuse %j', (options, expected) => {
    expect(refused(options)).toMatch(expected);
  });
});
