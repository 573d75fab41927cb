import { describe, expect, it } from '@jest/globals';
import { freshMatch, History, KICKOFF_S, MINUTE_S, slots, toUpdate } from '../../test/support/history.js';
import { decide, hasScore, NO_CIRCUMSTANCES } from './decide.js';

const T = KICKOFF_S;
const SECOND = T + 62 * MINUTE_S;
const OVERTIME = SECOND + 55 * MINUTE_S;
const WHISTLE = SECOND + 48 * MINUTE_S;
const at = (minutes: number) => T + minutes * MINUTE_S;

const secondHalf = (home = slots(0), away = slots(0)) => {
  const match = new History();
  match.tell({ atS: T, status: 2, kickoffS: T });
  match.tell({ atS: SECOND, status: 4, home, away, kickoffS: SECOND });
  return match;
};

const ended = (home = slots(2), away = slots(1)) => {
  const match = secondHalf(home, away);
  match.tell({ atS: WHISTLE, status: 8, home, away, kickoffS: SECOND });
  return match;
};

describe('the guard on an ordinary evening', () => {
  it('walks a match from kick-off to the whistle', () => {
    const match = new History();
    expect(match.tell({ atS: T, status: 2, kickoffS: T })).toBe('applied/changed');
    expect(match.tell({ atS: at(20), status: 2, home: slots(1), kickoffS: T })).toBe('applied/changed');
    expect(match.tell({ atS: at(47), status: 3, home: slots(1, { ht: 1 }), kickoffS: T })).toBe('applied/changed');
    expect(match.tell({ atS: SECOND, status: 4, home: slots(1, { ht: 1 }), kickoffS: SECOND })).toBe('applied/changed');
    expect(match.tell({ atS: WHISTLE, status: 8, home: slots(1, { ht: 1 }), kickoffS: SECOND })).toBe(
      'applied/changed',
    );
    expect(match.state.kickoffs).toEqual({ firstHalfS: T, secondHalfS: SECOND, overtimeS: null });
    expect(match.events.map(({ type }) => type).filter((type) => type !== 'minute-changed')).toEqual([
      'state-changed',
      'kick-off',
      'goal',
      'score-changed',
      'state-changed',
      'half-time',
      'state-changed',
      'kick-off',
      'state-changed',
      'full-time',
    ]);
  });

  it('calls the same frame again a duplicate, which makes the row fresh and nothing else', () => {
    const match = secondHalf(slots(1));
    const { version } = match.state;
    expect(match.tell({ atS: SECOND + 9, status: 4, home: slots(1), kickoffS: SECOND })).toBe(
      'duplicate/nothing-differs',
    );
    expect(match.state).toMatchObject({ version, seenAtMs: (SECOND + 9) * 1000 });
  });

  it('takes a falling score in play as a correction, and the goal again as a goal', () => {
    const match = secondHalf();
    for (const [after, goals] of [
      [60, 1],
      [62, 0],
      [90, 1],
    ] as const) {
      expect(match.tell({ atS: SECOND + after, status: 4, home: slots(goals), kickoffS: SECOND })).toBe(
        'applied/changed',
      );
    }
    expect([match.count('goal'), match.count('goal-cancelled'), match.score]).toEqual([2, 1, '1-0']);
  });

  it('keeps the known corner count where a frame has none', () => {
    const match = secondHalf(slots(0, { corners: 4 }));
    expect(
      match.tell({ atS: SECOND + 5, status: 4, home: slots(1, { corners: -1 }), away: slots(0, { corners: -1 }) }),
    ).toBe('applied/changed');
    expect([match.state.home[4], match.state.away[4]]).toEqual([4, 0]);
  });

  it('rejects late frames of earlier periods, and every step back that is none of football', () => {
    const match = secondHalf();
    expect(match.tell({ atS: SECOND + 1, status: 2 })).toBe('stale/earlier-period');
    expect(match.tell({ atS: SECOND + 1, status: 3 })).toBe('stale/earlier-period');
    expect(match.tell({ atS: SECOND + 1, status: 1 })).toBe('illegal/back-to-not-started');
    expect(match.tell({ atS: SECOND + 1, status: 0 })).toBe('illegal/status-never-set');
    expect(match.tell({ atS: SECOND + 1, status: 6 })).toBe('illegal/status-never-set');
    const over = ended();
    for (const status of [1, 2, 3, 4] as const)
      expect(over.tell({ atS: WHISTLE + 1, status })).toBe('illegal/match-ended');
  });

  it('lets forward jumps pass, because QoS 0 loses frames', () => {
    for (const status of [3, 4, 5, 7, 8, 9] as const) {
      const match = new History();
      expect(match.tell({ atS: at(50), status, home: slots(1, status === 7 ? { pens: 1 } : {}) })).toBe(
        'applied/changed',
      );
    }
  });
});

describe('provider time', () => {
  it('rejects what is older, in the same second and a minute later, and takes what is newer', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(1), providerTimeS: SECOND + 60 });
    expect(match.tell({ atS: SECOND + 60, status: 4, home: slots(2), providerTimeS: SECOND + 59 })).toBe(
      'stale/older-provider-time',
    );
    expect(match.tell({ atS: SECOND + 120, status: 4, home: slots(2), providerTimeS: SECOND + 59 })).toBe(
      'stale/older-provider-time',
    );
    expect(match.tell({ atS: SECOND + 121, status: 4, home: slots(2), providerTimeS: SECOND + 61 })).toBe(
      'applied/changed',
    );
  });

  it('ignores one a day ahead, so that the true ones still count', () => {
    const match = secondHalf();
    expect(match.tell({ atS: SECOND + 60, status: 4, home: slots(1), providerTimeS: SECOND + 86_400 })).toBe(
      'applied/changed',
    );
    expect(match.state.providerTimeS).toBeNull();
    expect(match.tell({ atS: SECOND + 90, status: 4, home: slots(2), providerTimeS: SECOND + 90 })).toBe(
      'applied/changed',
    );
    expect(match.state.providerTimeS).toBe(SECOND + 90);
  });

  it('remembers the newest even when the frame changed nothing', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(1), providerTimeS: SECOND + 50 });
    expect(match.tell({ atS: SECOND + 70, status: 4, home: slots(1), providerTimeS: SECOND + 70 })).toBe(
      'duplicate/nothing-differs',
    );
    expect(match.tell({ atS: SECOND + 71, status: 4, home: slots(0), providerTimeS: SECOND + 60 })).toBe(
      'stale/older-provider-time',
    );
  });
});

describe('pulled answers', () => {
  const live = () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(1), kickoffS: SECOND });
    return match;
  };

  it('speak only when requested well after the last push', () => {
    const match = live();
    expect(match.tell({ atS: SECOND + 80, pulledAfterS: 1, status: 4, home: slots(2) })).toBe('stale/pull-too-early');
    expect(match.tell({ atS: SECOND + 95, pulledAfterS: 1, status: 4, home: slots(2) })).toBe('applied/changed');
  });

  it('from a slow cache do not bring back what they replaced', () => {
    const match = live();
    match.tell({ atS: SECOND + 100, pulledAfterS: 1, status: 4, home: slots(2) });
    expect(match.tell({ atS: SECOND + 101, pulledAfterS: 5, status: 4, home: slots(1) })).toBe(
      'stale/pull-out-of-order',
    );
    expect(match.tell({ atS: SECOND + 110, pulledAfterS: 1, status: 4, home: slots(1) })).toBe('stale/pull-too-early');
    expect(match.tell({ atS: SECOND + 140, pulledAfterS: 1, status: 4, home: slots(3) })).toBe('applied/changed');
  });

  it('with a provider time from before the last push are old', () => {
    const match = live();
    expect(
      match.tell({ atS: SECOND + 120, pulledAfterS: 1, status: 4, home: slots(0), providerTimeS: SECOND + 30 }),
    ).toBe('stale/pull-behind-push');
    expect(
      match.tell({ atS: SECOND + 121, pulledAfterS: 1, status: 4, home: slots(2), providerTimeS: SECOND + 110 }),
    ).toBe('applied/changed');
  });

  it('that agree with the row are duplicates at any time', () => {
    expect(live().tell({ atS: SECOND + 61, pulledAfterS: 1, status: 4, home: slots(1) })).toBe(
      'duplicate/nothing-differs',
    );
  });

  it('without any push before speak at once', () => {
    const match = new History();
    expect(match.tell({ atS: at(30), pulledAfterS: 1, status: 2, home: slots(1) })).toBe('applied/changed');
    expect(match.tell({ atS: at(30) + 1, pulledAfterS: 0, status: 2, home: slots(2), providerTimeS: at(30) })).toBe(
      'stale/pull-too-early',
    );
  });

  it('that were asked for before a later one was answered are out of order, also where that one only confirmed the row', () => {
    const match = new History();
    const pull = { status: 2 as const, home: slots(1) };
    expect(match.tell({ ...pull, atS: at(30), pulledAfterS: 1 })).toBe('applied/changed');
    expect(match.tell({ ...pull, atS: at(32), pulledAfterS: 0 })).toBe('duplicate/nothing-differs');
    expect(match.tell({ ...pull, atS: at(33), pulledAfterS: 70, home: slots(2) })).toBe('stale/pull-out-of-order');
    // the one that changed the row is remembered by the row, after a restart, too
    const restarted = new History(match.state);
    expect(restarted.tell({ ...pull, atS: at(31), pulledAfterS: 70, home: slots(2) })).toBe('stale/pull-out-of-order');
    expect(restarted.tell({ ...pull, atS: at(33), pulledAfterS: 0, home: slots(2) })).toBe('applied/changed');
  });

  it('are dated by the clock of the provider, which may be wrong', () => {
    const pull = { status: 4 as const, home: slots(2), pulledAfterS: 1 };
    const answer = (atS: number, providerTimeS: number, providerSkewMs: number) =>
      live().tell({ ...pull, atS, providerTimeS, providerSkewMs });
    expect(answer(SECOND + 120, SECOND + 30, 0)).toBe('stale/pull-behind-push');
    expect(answer(SECOND + 120, SECOND + 30, -30_000)).toBe('applied/changed');
    expect(answer(SECOND + 120, SECOND + 55, 0)).toBe('applied/changed');
    expect(answer(SECOND + 120, SECOND + 55, 30_000)).toBe('stale/pull-behind-push');
  });

  describe('while the broker may hold frames back', () => {
    const lower = { atS: SECOND + 130, status: 4 as const, home: slots(1), feedBehind: true };
    const afterPull = (providerTimeS: number | null = null) => {
      const match = live();
      match.tell({ atS: SECOND + 120, pulledAfterS: 1, status: 4, home: slots(2), providerTimeS });
      return match;
    };

    it('are ahead of a push that says less, for as long as it does', () => {
      expect(afterPull().tell(lower)).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...lower, home: slots(0), away: slots(3) })).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...lower, home: slots(3), away: slots(1) })).toBe('applied/changed');
      expect(afterPull().tell({ ...lower, atS: SECOND + 900 })).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...lower, feedBehind: false })).toBe('applied/changed');
    });

    it('also where nothing is held back, while a frame may be on its way', () => {
      const onItsWay = { ...lower, feedBehind: false };
      expect(afterPull().tell({ ...onItsWay, atS: SECOND + 129 })).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...onItsWay, atS: SECOND + 130 })).toBe('applied/changed');
    });

    it('unless it says that a later period has begun', () => {
      expect(afterPull().tell({ ...lower, status: 5 })).toBe('applied/changed');
      expect(afterPull().tell({ ...lower, status: 8 })).toBe('stale/push-behind-pull');
    });

    it('are ahead of a push that is back in play after the end they told', () => {
      const ended = () => {
        const match = live();
        match.tell({ atS: SECOND + 120, pulledAfterS: 1, status: 8, home: slots(2) });
        return match;
      };
      expect(ended().tell({ ...lower, status: 5, home: slots(2) })).toBe('stale/push-behind-pull');
      expect(ended().tell({ ...lower, status: 5, home: slots(2), feedBehind: false })).toBe('applied/changed');
    });

    it('also when nobody is behind and the broker was not seen empty since, for two minutes', () => {
      const caughtUp = { ...lower, feedBehind: false };
      expect(afterPull().tell({ ...caughtUp, brokerEmptyAtS: SECOND + 119 })).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...caughtUp, brokerEmptyAtS: SECOND + 121 })).toBe('applied/changed');
      expect(afterPull().tell({ ...caughtUp, brokerEmptyAtS: 0, atS: SECOND + 238 })).toBe('stale/push-behind-pull');
      expect(afterPull().tell({ ...caughtUp, brokerEmptyAtS: 0, atS: SECOND + 240 })).toBe('applied/changed');
    });

    it('and not otherwise', () => {
      expect(afterPull().tell({ ...lower, feedBehind: false })).toBe('applied/changed');
      expect(afterPull(SECOND + 110).tell({ ...lower, providerTimeS: SECOND + 129 })).toBe('applied/changed');
      expect(afterPull().tell({ ...lower, source: 'admin' })).toBe('applied/changed');
      expect(afterPull().tell({ ...lower, pulledAfterS: 1, atS: SECOND + 160 })).toBe('applied/changed');
    });

    it('are believed less once the feed has said the same', () => {
      const match = afterPull();
      expect(match.tell({ ...lower, atS: SECOND + 123, home: slots(2) })).toBe('duplicate/nothing-differs');
      expect(match.tell(lower)).toBe('applied/changed');
    });

    it('of a match without any push so far are ahead, too', () => {
      const match = new History();
      match.tell({ atS: at(30), pulledAfterS: 1, status: 2, home: slots(1) });
      expect(match.tell({ ...lower, atS: at(30) + 5, status: 2, home: slots(0) })).toBe('stale/push-behind-pull');
    });

    it('without a known time are not', () => {
      const match = afterPull();
      match.state = { ...match.state, scoreSourceAtS: null };
      expect(match.tell(lower)).toBe('applied/changed');
    });
  });

  it('a provider time is ahead of our clock only beyond the known skew', () => {
    const frame = { atS: T + 60, status: 2 as const, home: slots(1) };
    const dated = (providerTimeS: number, providerSkewMs: number) => {
      const match = new History();
      match.tell({ ...frame, providerTimeS, providerSkewMs });
      return match.state.providerTimeS;
    };
    expect(dated(T + 60 + 300, 0)).toBe(T + 360);
    expect(dated(T + 60 + 301, 0)).toBeNull();
    expect(dated(T + 60 + 301, 1_000)).toBe(T + 361);
    expect(dated(T + 60 + 300, -1_000)).toBeNull();
  });

  it('without a request time count from their receipt', () => {
    const match = live();
    const answer = (atS: number) => ({
      ...toUpdate({ atS, pulledAfterS: 0, status: 4, home: slots(2) }),
      requestedAtMs: null,
    });
    const judge = (atS: number) =>
      decide(match.state, answer(atS), {
        ...NO_CIRCUMSTANCES,
        nowMs: atS * 1000,
        restLagMs: 30_000,
      });
    expect(judge(SECOND + 89).outcome.reason).toBe('pull-too-early');
    expect(judge(SECOND + 90).outcome.kind).toBe('applied');
  });
});

describe('directed histories', () => {
  it('a whistle lost within a second of a goal is repaired by REST', () => {
    const match = secondHalf();
    match.tell({ atS: WHISTLE - 0.5, status: 4, home: slots(1), kickoffS: SECOND });
    expect(match.tell({ atS: WHISTLE + 45, pulledAfterS: 1, status: 8, home: slots(1), providerTimeS: WHISTLE })).toBe(
      'applied/changed',
    );
    expect([match.state.status, match.count('goal')]).toEqual([8, 1]);
  });

  it('a goal annulled two seconds after the whistle waits for REST, then is cancelled', () => {
    const match = ended(slots(2), slots(1));
    expect(match.tell({ atS: WHISTLE + 2, status: 8, home: slots(1), away: slots(1), kickoffS: SECOND })).toBe(
      'illegal/count-falls-after-end',
    );
    expect(match.tell({ atS: WHISTLE + 45, pulledAfterS: 1, status: 8, home: slots(1), away: slots(1) })).toBe(
      'applied/changed',
    );
    expect([match.score, match.count('goal-cancelled')]).toEqual(['1-1', 1]);
  });

  it('the same with a newer provider time needs no REST', () => {
    const match = secondHalf(slots(2), slots(1));
    match.tell({ atS: WHISTLE, status: 8, home: slots(2), away: slots(1), providerTimeS: WHISTLE });
    expect(
      match.tell({ atS: WHISTLE + 2, status: 8, home: slots(1), away: slots(1), providerTimeS: WHISTLE + 2 }),
    ).toBe('applied/changed');
  });

  it('a false end, a goal annulled meanwhile, extra time', () => {
    const match = ended(slots(2), slots(1));
    match.tell({ atS: WHISTLE + 2, status: 8, home: slots(1), away: slots(1), kickoffS: SECOND });
    expect(
      match.tell({
        atS: OVERTIME,
        status: 5,
        home: slots(1, { et: 1 }),
        away: slots(1, { et: 1 }),
        kickoffS: OVERTIME,
      }),
    ).toBe('applied/changed');
    expect([match.score, match.count('goal-cancelled'), match.state.kickoffs.overtimeS]).toEqual(['1-1', 1, OVERTIME]);
  });

  it('4 → 8 → 5 → 8 → 7 → 8 in full, and no late frame takes it back', () => {
    const match = ended(slots(1), slots(1));
    const et = (home: number, pens = [0, 0]) => ({
      home: slots(1, { et: home, pens: pens[0] as number }),
      away: slots(1, { et: 2, pens: pens[1] as number }),
      kickoffS: OVERTIME,
    });
    const steps = [
      { atS: OVERTIME, status: 5 as const, ...et(1) },
      { atS: OVERTIME + 900, status: 5 as const, ...et(2) },
      { atS: OVERTIME + 2000, status: 8 as const, ...et(2) },
      { atS: OVERTIME + 2300, status: 7 as const, ...et(2, [1, 0]) },
      { atS: OVERTIME + 2600, status: 7 as const, ...et(2, [5, 4]) },
      { atS: OVERTIME + 2610, status: 8 as const, ...et(2, [5, 4]) },
    ];
    for (const step of steps) expect(match.tell(step)).toBe('applied/changed');
    expect(match.score).toBe('7-6');
    const final = match.state;
    for (const step of steps.slice(0, -1)) {
      expect(match.tell({ ...step, atS: OVERTIME + 2620 })).toMatch(/^(stale|illegal)/);
    }
    expect(match.state).toBe(final);
  });

  it('a late copy of the first end does not end extra time or the shoot-out', () => {
    const inExtraTime = ended(slots(2), slots(2));
    inExtraTime.tell({
      atS: OVERTIME,
      status: 5,
      home: slots(2, { et: 2 }),
      away: slots(2, { et: 2 }),
      kickoffS: OVERTIME,
    });
    const firstEnd = { status: 8 as const, home: slots(2), away: slots(2) };
    expect(inExtraTime.tell({ atS: OVERTIME + 9, ...firstEnd, kickoffS: SECOND })).toBe('stale/older-kickoff');
    expect(inExtraTime.tell({ atS: OVERTIME + 9, ...firstEnd })).toBe('stale/earlier-period');
    const inShootout = ended(slots(0), slots(0));
    inShootout.tell({ atS: OVERTIME, status: 7, home: slots(0, { pens: 2 }), away: slots(0, { pens: 1 }) });
    expect(inShootout.tell({ atS: OVERTIME + 9, status: 8 })).toBe('stale/shootout-undecided');
    expect(
      inShootout.tell({ atS: OVERTIME + 10, status: 8, home: slots(0, { pens: 3 }), away: slots(0, { pens: 1 }) }),
    ).toBe('applied/changed');
  });

  it('a kick-off published again a minute earlier changes nothing', () => {
    const match = secondHalf();
    const { kickoffs } = match.state;
    expect(match.tell({ atS: SECOND + 100, status: 4, kickoffS: SECOND - 60 })).toBe('duplicate/nothing-differs');
    expect(match.tell({ atS: SECOND + 101, status: 4, home: slots(1), kickoffS: SECOND - 60 })).toBe('applied/changed');
    expect(match.state.kickoffs).toBe(kickoffs);
  });

  it('a half guessed 90 s late by a foreign writer is replaced by the feed, once', () => {
    const match = new History(
      freshMatch({
        status: 4,
        reached: 4,
        kickoffs: { firstHalfS: T, secondHalfS: SECOND + 90, overtimeS: null },
        kickoffSources: { firstHalf: 'mqtt' },
      }),
    );
    expect(match.tell({ atS: SECOND + 100, status: 4, kickoffS: SECOND })).toBe('applied/changed');
    expect(match.state.kickoffs.secondHalfS).toBe(SECOND);
    expect(match.tell({ atS: SECOND + 110, status: 4, kickoffS: SECOND + 30 })).toBe('duplicate/nothing-differs');
  });

  it('a clock stepping back 5 s neither rejects pushes nor lets the receipt clock run backwards', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(1), kickoffS: SECOND });
    expect(match.tell({ atS: SECOND + 55, status: 4, home: slots(2), kickoffS: SECOND })).toBe('applied/changed');
    expect(match.state).toMatchObject({ seenAtMs: (SECOND + 60) * 1000, minute: 47 });
  });

  it('a frame from long before the current period is stale if it is of another period or lets a count fall', () => {
    const match = secondHalf();
    expect(match.tell({ atS: SECOND + 60, status: 8, home: slots(5), kickoffS: T })).toBe('stale/older-kickoff');
    expect(match.tell({ atS: SECOND + 60, status: 4, home: slots(1, { corners: 1 }), kickoffS: T })).toBe(
      'applied/changed',
    );
    expect(match.tell({ atS: SECOND + 61, status: 4, home: slots(1), kickoffS: T })).toBe('stale/older-kickoff');
    expect(match.tell({ atS: SECOND + 62, status: 4, home: slots(1), kickoffS: SECOND + 9_999 })).toBe(
      'applied/changed',
    );
    const first = new History();
    first.tell({ atS: T, status: 2, kickoffS: T });
    expect(first.tell({ atS: T + 1, status: 8, home: slots(1), kickoffS: T - 1_300 })).toBe('stale/older-kickoff');
    expect(first.tell({ atS: T + 1, status: 3, home: slots(1), kickoffS: T - 1_300 })).toBe('applied/changed');
  });

  it('a frame that waited while somebody wrote a later one is overtaken', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(2), kickoffS: SECOND });
    expect(match.tell({ atS: SECOND + 30, waited: true, status: 4, home: slots(1) })).toBe('stale/overtaken');
    expect(match.tell({ atS: SECOND + 60, waited: true, status: 4, home: slots(3) })).toBe('applied/changed');
    expect(new History().tell({ atS: T, waited: true, status: 2 })).toBe('applied/changed');
  });
});

describe('after the end', () => {
  const late = WHISTLE + 19 * MINUTE_S;

  it('a new period opens inside the window of 20 minutes and not after it', () => {
    expect(ended().tell({ atS: late, status: 5, home: slots(2, { et: 2 }), away: slots(1, { et: 1 }) })).toBe(
      'applied/changed',
    );
    expect(ended().tell({ atS: late, status: 7, home: slots(2, { pens: 1 }), away: slots(1) })).toBe('applied/changed');
    expect(ended().tell({ atS: late + 120, status: 5, home: slots(2, { et: 2 }) })).toBe('illegal/window-closed');
  });

  it('a period already left opens again only for something new, or when the provider confirms', () => {
    const afterExtraTime = () => {
      const match = ended(slots(1), slots(1));
      match.tell({
        atS: OVERTIME,
        status: 5,
        home: slots(1, { et: 1 }),
        away: slots(1, { et: 1 }),
        kickoffS: OVERTIME,
      });
      match.tell({
        atS: OVERTIME + 100,
        status: 8,
        home: slots(1, { et: 1 }),
        away: slots(1, { et: 1 }),
        kickoffS: OVERTIME,
        providerTimeS: OVERTIME + 100,
      });
      return match;
    };
    const level = { status: 5 as const, home: slots(1, { et: 1 }), away: slots(1, { et: 1 }) };
    expect(afterExtraTime().tell({ atS: OVERTIME + 110, ...level })).toBe('stale/period-already-left');
    expect(afterExtraTime().tell({ atS: OVERTIME + 110, ...level, away: slots(1, { et: 1, corners: 1 }) })).toBe(
      'applied/changed',
    );
    expect(afterExtraTime().tell({ atS: OVERTIME + 110, ...level, home: slots(1, { et: 2 }) })).toBe('applied/changed');
    expect(afterExtraTime().tell({ atS: OVERTIME + 110, ...level, providerTimeS: OVERTIME + 105 })).toBe(
      'applied/changed',
    );
    expect(afterExtraTime().tell({ atS: OVERTIME + 150, pulledAfterS: 1, ...level })).toBe('applied/changed');
  });

  it('a late frame with a goal that was annulled since does not open it', () => {
    const match = ended(slots(1), slots(1));
    const et = (home: number) => ({ home: slots(1, { et: home }), away: slots(1, { et: 1 }), kickoffS: OVERTIME });
    match.tell({ atS: OVERTIME, status: 5, ...et(2) });
    match.tell({ atS: OVERTIME + 60, status: 5, ...et(1) });
    match.tell({ atS: OVERTIME + 900, status: 8, ...et(1) });
    expect(match.tell({ atS: OVERTIME + 901, status: 5, ...et(2) })).toBe('stale/period-already-left');
  });

  it('a goal counted at the whistle still counts, an operator may do anything', () => {
    expect(ended().tell({ atS: WHISTLE + 5, status: 8, home: slots(3), away: slots(1) })).toBe('applied/changed');
    expect(ended().tell({ atS: WHISTLE + 5, status: 8, home: slots(0), away: slots(0), source: 'admin' })).toBe(
      'applied/changed',
    );
    expect(ended().tell({ atS: WHISTLE + 5, status: 4, home: slots(2), away: slots(1), source: 'admin' })).toBe(
      'applied/changed',
    );
  });

  it('an end of unknown age may be reopened', () => {
    const match = new History(freshMatch({ status: 8, reached: 4 }));
    expect(match.tell({ atS: WHISTLE, status: 5, home: slots(0) })).toBe('applied/changed');
  });
});

describe('out of play', () => {
  const interrupted = (status: 9 | 10 | 11 | 12 | 13, more: object = {}) => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 600, status, kickoffS: SECOND, providerTimeS: SECOND + 600, ...more });
    return match;
  };

  it('9, 10 and 13 go on after a minute, or at once when the provider says so', () => {
    for (const status of [9, 10, 13] as const) {
      expect(interrupted(status).tell({ atS: SECOND + 630, status: 4 })).toBe('illegal/out-of-play');
      expect(interrupted(status).tell({ atS: SECOND + 661, status: 4 })).toBe('applied/changed');
      expect(interrupted(status).tell({ atS: SECOND + 630, status: 4, providerTimeS: SECOND + 601 })).toBe(
        'applied/changed',
      );
      expect(interrupted(status).tell({ atS: SECOND + 661, status: 2 })).toBe('stale/earlier-period');
      expect(interrupted(status).tell({ atS: SECOND + 661, status: 8 })).toBe('applied/changed');
    }
    const unknownSince = new History(freshMatch({ status: 10, reached: 4 }));
    expect(unknownSince.tell({ atS: SECOND, status: 4 })).toBe('applied/changed');
  });

  it('a delayed match is not started again only when the provider confirms', () => {
    const delayed = new History(freshMatch({ status: 9 }));
    expect(delayed.tell({ atS: T, status: 1 })).toBe('illegal/back-to-not-started');
    expect(delayed.tell({ atS: T + 60, pulledAfterS: 1, status: 1 })).toBe('applied/changed');
  });

  it('11 and 12 end only by a newer provider time or an operator', () => {
    expect(interrupted(11).tell({ atS: SECOND + 900, status: 4 })).toBe('illegal/out-of-play');
    expect(interrupted(12).tell({ atS: SECOND + 900, status: 4, providerTimeS: SECOND + 601 })).toBe('applied/changed');
    expect(interrupted(12).tell({ atS: SECOND + 900, status: 4, source: 'admin' })).toBe('applied/changed');
  });
});

describe('sources', () => {
  it('for the same moment the higher one wins, later everybody may speak', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 60, status: 4, home: slots(3), source: 'admin' });
    expect(match.tell({ atS: SECOND + 60.4, status: 4, home: slots(1) })).toBe('stale/outranked');
    expect(match.tell({ atS: SECOND + 61, status: 4, home: slots(1) })).toBe('applied/changed');
    const foreign = new History(freshMatch({ status: 4, scoreSource: 'somebody', scoreSourceAtS: SECOND }));
    expect(foreign.tell({ atS: SECOND, status: 4, home: slots(1), source: 'watchdog' })).toBe('applied/changed');
    const admin = new History(freshMatch({ status: 4, scoreSource: 'admin', scoreSourceAtS: SECOND }));
    expect(admin.tell({ atS: SECOND + 3, pulledAfterS: 5, status: 4, home: slots(1) })).toBe('stale/outranked');
  });

  it('a row whose columns disagree is written again by the same content', () => {
    const match = new History(freshMatch({ status: 4, torn: true }));
    expect(match.tell({ atS: SECOND, status: 4 })).toBe('applied/changed');
    expect(match.state.torn).toBe(false);
  });

  it('a goal that somebody else wrote first is still announced once', () => {
    const match = new History(freshMatch({ status: 4, home: slots(1), shown: { home: 1, away: 0 } }));
    expect(match.tell({ atS: SECOND, status: 4, home: slots(1) })).toBe('applied/changed');
    expect(match.tell({ atS: SECOND + 1, status: 4, home: slots(1) })).toBe('duplicate/nothing-differs');
    expect([match.count('goal'), match.count('score-changed')]).toEqual([1, 0]);
  });
});

describe('minutes', () => {
  it('never run backwards within a period and are never erased', () => {
    const match = secondHalf();
    match.tell({ atS: SECOND + 1_800, status: 4, home: slots(1), kickoffS: SECOND });
    expect(match.state.minute).toBe(76);
    match.tell({ atS: SECOND + 1_700, status: 4, home: slots(2), kickoffS: SECOND });
    expect(match.state.minute).toBe(76);
    match.tell({ atS: WHISTLE, status: 8, home: slots(2), kickoffS: SECOND });
    expect(match.state.minute).toBe(76);
  });
});

it('an update without a score is none to judge', () => {
  const update = toUpdate({ atS: T, status: 2 });
  const { score: _score, ...details } = update;
  expect([hasScore(update), hasScore(details)]).toEqual([true, false]);
});
