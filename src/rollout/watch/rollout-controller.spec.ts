import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { ControllerUnderTest } from '../../../test/rollout/controller-under-test.js';
import { freshMatch } from '../../../test/support/history.js';

describe('RolloutController', () => {
  let under: ControllerUnderTest;
  beforeEach(() => Logger.overrideLogger(false));
  afterEach(() => {
    under.stop();
    Logger.overrideLogger(false);
  });

  const canary = { stage: 'canary', percent: 10 } as const;

  it('judges every sixth of a window, from the third slice on', async () => {
    under = await ControllerUnderTest.start(canary);
    await under.slices(2, () => under.commit(100, 9_000));
    expect(under.decisions).toEqual([]);
    await under.slices(1, () => under.commit(100, 9_000));
    expect(under.said).toEqual(['roll-back rolled-back']);
    expect(under.state.setting).toMatchObject({ stage: 'legacy', latched: true, percent: 10 });
    expect((await under.store.history(1))[0]).toMatchObject({
      changedBy: 'automatic',
      reason: expect.stringMatching(/p95/),
    });
    expect(await under.store.decisions(9)).toEqual([
      expect.objectContaining({ verdict: 'roll-back', stage: 'canary' }),
    ]);
  });

  it('falls to shadow where it is told to, and goes no further', async () => {
    under = await ControllerUnderTest.start({ stage: 'direct' }, { rollbackTo: 'shadow' });
    await under.slices(3, () => under.commit(100, 9_000));
    expect(under.state.setting).toMatchObject({ stage: 'shadow', latched: true });
    await under.slices(20, () => under.commit(100, 9_000));
    expect(await under.store.history(9)).toHaveLength(2);
  });

  it('takes nothing back in shadow, but warns', async () => {
    under = await ControllerUnderTest.start({ stage: 'shadow' });
    await under.slices(9, () => {
      under.shadow.totals = {
        compared: under.shadow.totals.compared + 50,
        different: under.shadow.totals.different + 5,
      };
    });
    expect(under.state.stage).toBe('shadow');
    expect(under.said[0]).toBe('warn none');
    expect(under.decisions[0]?.numbers).toMatchObject({ compared: 50, different: 5, differentShare: 0.1 });
  });

  it('does nothing in legacy', async () => {
    under = await ControllerUnderTest.start({ stage: 'legacy' });
    under.database.failure = new Error('must not be asked');
    await under.slices(9, () => under.commit(100, 9_000));
    expect(under.decisions).toEqual([]);
  });

  it('counts dead updates and statements that only the direct path can be blamed for', async () => {
    under = await ControllerUnderTest.start(canary);
    await under.slices(9, () => {
      under.commit(84);
      under.accounting.concluded('dead', 8);
      under.metrics.writeErrors.inc({ code: '40P01' }, 8);
      // narrowed down to the dead ones
      under.metrics.writeErrors.inc({ code: '22003' }, 100);
    });
    expect(under.decisions.at(-1)).toMatchObject({ action: 'rolled-back', numbers: { errorShare: 0.16 } });
  });

  it('does not blame the path for what everybody suffers from, nor for what waited through it', async () => {
    under = await ControllerUnderTest.start(canary);
    await under.slices(8, () => under.commit(100));
    under.metrics.writeErrors.inc({ code: 'ECONNREFUSED' });
    await under.slices(1);
    await under.slices(1, () => under.commit(400, 60_000));
    await under.slices(10, () => under.commit(100));
    expect(under.said).toEqual(['healthy none', 'inconclusive none', 'healthy none']);
    expect(under.decisions[1]?.reason).toMatch(/connections to the database broke/);
  });

  it.each<[string, (one: ControllerUnderTest) => void, string]>([
    ['the database cannot be asked', ({ database }) => (database.failure = { code: '57P03' }), 'inconclusive none'],
    ['the database takes no writes', ({ writer }) => (writer.healthy = false), 'inconclusive none'],
    [
      'the database is slow for everybody',
      ({ database, time }) =>
        (database.answersAfter = () => new Promise((resolve) => void time.after(101, () => resolve()))),
      'inconclusive none',
    ],
    [
      'but it is our own connections that are in use',
      ({ database, time }) => {
        database.inUse = 1;
        database.answersAfter = () => new Promise((resolve) => void time.after(101, () => resolve()));
      },
      'roll-back rolled-back',
    ],
  ])('%s', async (_, break_, expected) => {
    under = await ControllerUnderTest.start(canary);
    await under.slices(2, () => under.commit(100));
    break_(under);
    await under.slices(2, () => under.commit(100, 9_000));
    expect(under.said.at(-1)).toBe(expected);
  });

  it('finds matches that stand still while the feed speaks of them', async () => {
    under = await ControllerUnderTest.start(canary);
    const nowS = Math.floor(under.clock.nowMs() / 1000);
    const before = freshMatch({ status: 2, scoreSourceAtS: nowS - 300, statusSinceS: nowS - 900 });
    const after = { ...before, shown: { home: 1, away: 0 } };
    const pulled = (matchId: string) => under.commit(1, 10, { matchId, source: 'api', catchUp: true, before, after });
    await under.slices(4, () => under.commit(100));
    pulled('the feed is silent about it');
    under.activity.pushed('a', under.clock.nowMs());
    pulled('a');
    pulled('a');
    await under.slices(1, () => under.commit(100));
    expect(under.decisions.at(-1)).toMatchObject({ verdict: 'warn', numbers: { stuckMatches: 1 } });
    for (const matchId of ['b', 'c']) {
      under.activity.pushed(matchId, under.clock.nowMs());
      pulled(matchId);
    }
    await under.slices(1, () => under.commit(100));
    expect(under.decisions.at(-1)).toMatchObject({ action: 'rolled-back', numbers: { stuckMatches: 3 } });
  });

  it('counts foreign changes that readers see, unless an operator made them', async () => {
    under = await ControllerUnderTest.start(canary);
    const before = freshMatch({ status: 2 });
    const other = { ...before, shown: { home: 4, away: 0 } };
    const foreign = (after: typeof before) => under.commit(10, 0, { source: 'foreign', before, after });
    await under.slices(4, () => {
      under.commit(100);
      foreign({ ...before, minute: 7 });
      foreign({ ...other, scoreSource: 'admin' });
    });
    expect(under.decisions.at(-1)).toMatchObject({ verdict: 'healthy', numbers: { different: 0 } });
    await under.slices(1, () => foreign(other));
    expect(under.decisions.at(-1)).toMatchObject({
      action: 'rolled-back',
      reason: expect.stringMatching(/rows are not/),
    });
  });

  it('watches only where the feed is taken', async () => {
    under = await ControllerUnderTest.start(canary, { withLease: true });
    await under.slices(9, () => under.commit(100, 9_000));
    expect(under.decisions).toEqual([]);
    under.lease.terms$.next({ fence: 1, clientId: 'c' });
    await under.slices(3, () => under.commit(100, 9_000));
    expect(under.said).toEqual(['roll-back rolled-back']);
  });

  it('tries again when the database is away, and keeps the decisions for later', async () => {
    under = await ControllerUnderTest.start(canary);
    under.store.refuses = true;
    await under.slices(5, () => under.commit(100, 9_000));
    expect(under.state.stage).toBe('canary');
    expect(under.said).toEqual(['roll-back none']);
    under.store.refuses = false;
    await under.slices(1, () => under.commit(100, 9_000));
    expect(under.state.stage).toBe('legacy');
    expect((await under.store.decisions(9)).map(({ action }) => action)).toEqual(['rolled-back', 'none']);
  });

  it('soaks before each step, starts over after a warning, and holds while nothing can be said', async () => {
    const stepPlan = [
      { percent: 10, soakS: 60 },
      { percent: 50, soakS: 60 },
    ];
    under = await ControllerUnderTest.start({ ...canary, stepPlan });
    await under.slices(2 + 2, () => under.commit(100));
    under.database.inUse = 0.9;
    await under.slices(6, () => under.commit(100));
    under.database.inUse = 0;
    expect(under.state.percent).toBe(10);
    // the average falls below the limit with the third
    await under.slices(3 + 4, () => under.commit(100));
    under.metrics.writeErrors.inc({ code: '08006' });
    await under.slices(7, () => under.commit(100));
    expect(under.state.percent).toBe(10);
    await under.slices(1, () => under.commit(100));
    expect(under.state.percent).toBe(50);
    expect(under.said.filter((said) => said.includes('stepped-up'))).toHaveLength(1);
    await under.slices(20, () => under.commit(100));
    expect(under.state.percent).toBe(50);
  });

  it('keeps a repeated verdict once in ten minutes, a repeated warning once a window', async () => {
    under = await ControllerUnderTest.start(canary);
    await under.slices(2 + 61, () => under.commit(100));
    expect(under.said).toEqual(['healthy none', 'healthy none']);
    under.database.inUse = 0.9;
    await under.slices(4 + 12, () => under.commit(100));
    expect(under.said.slice(2)).toEqual(['warn none', 'warn none', 'warn none']);
  });

  it('logs as loudly as somebody must act', async () => {
    const logged: string[] = [];
    const spy = (level: 'log' | 'warn' | 'error') =>
      jest.spyOn(Logger.prototype, level).mockImplementation((message: { event?: string }) => {
        if (message.event === 'rollout.decision') logged.push(level);
      });
    const spies = [spy('log'), spy('warn'), spy('error')];
    under = await ControllerUnderTest.start(canary);
    await under.slices(3, () => under.commit(100));
    under.database.inUse = 0.99;
    await under.slices(4, () => under.commit(100));
    await under.slices(2, () => under.commit(400, 9_000));
    for (const one of spies) one.mockRestore();
    expect(logged).toEqual(['log', 'warn', 'error']);
  });
});
