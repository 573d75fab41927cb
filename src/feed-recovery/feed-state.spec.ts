import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  FEED_AT_START,
  type FeedEvent,
  type FeedModel,
  type FeedRules,
  nextFeed,
  type Recovery,
  reasonFor,
  stateOf,
} from './feed-state.js';

const RULES: FeedRules = { recoverable: true, minIntervalMs: 30_000, silenceIntervalMs: 40_000 };
const NO_PROVIDER: FeedRules = { ...RULES, recoverable: false };

const subscribed = (atMs: number, trigger: 'start' | 'reconnect' = 'start'): FeedEvent => ({
  kind: 'subscribed',
  trigger,
  atMs,
});
const lost = (atMs: number): FeedEvent => ({ kind: 'lost', atMs });
const recovered = (atMs: number, missed = false): FeedEvent => ({ kind: 'recovered', missed, atMs });
const failed = (atMs: number): FeedEvent => ({ kind: 'failed', atMs });
const refused = (atMs: number): FeedEvent => ({ kind: 'refused', atMs });
const look = (atMs: number, facts: { lagging?: boolean; silent?: boolean } = {}): FeedEvent => ({
  kind: 'observed',
  lagging: false,
  silent: false,
  ...facts,
  atMs,
});

function tell(events: readonly FeedEvent[], rules = RULES, from = FEED_AT_START): FeedModel {
  return events.reduce((model, event) => nextFeed(model, event, rules), from);
}

/** State, and what recovery does: `none`, `due 30000`, `running 0 start`. */
function told(events: readonly FeedEvent[], rules = RULES): string {
  const model = tell(events, rules);
  return `${stateOf(model)}, ${shown(model.recovery)}`;
}

function shown(recovery: Recovery): string {
  if (recovery.phase === 'none') return 'none';
  const atMs = recovery.phase === 'due' ? recovery.atMs : recovery.startedAtMs;
  return `${recovery.phase} ${atMs} ${recovery.trigger}`;
}

describe('the state of the feed', () => {
  it.each<[string, readonly FeedEvent[], string]>([
    ['is down before anything happens', [], 'down, none'],
    ['recovers at once when subscribed', [subscribed(0)], 'recovering, running 0 start'],
    ['is live when nothing is missing any more', [subscribed(0), recovered(9)], 'live, none'],
    ['is down when the connection is lost, whatever it did', [subscribed(0), lost(5)], 'down, none'],
    ['is down after a loss while live', [subscribed(0), recovered(9), lost(10)], 'down, none'],
    [
      'puts the next recovery off until the interval is over',
      [subscribed(0), recovered(9), lost(10), subscribed(11, 'reconnect')],
      'recovering, due 30000 reconnect',
    ],
    [
      'starts what was put off, once it is due',
      [subscribed(0), lost(10), subscribed(11, 'reconnect'), look(29_999), look(30_000)],
      'recovering, running 30000 reconnect',
    ],
    [
      'ignores the end of a recovery that was interrupted',
      [subscribed(0), lost(10), subscribed(11, 'reconnect'), recovered(12)],
      'recovering, due 30000 reconnect',
    ],
    ['tries again after a failure', [subscribed(0), failed(120_000)], 'recovering, due 120000 start'],
    ['tries again, but not too soon', [subscribed(0), failed(10)], 'recovering, due 30000 start'],
    ['stays recovering while the provider refuses', [subscribed(0), refused(10)], 'recovering, running 0 start'],
    ['is delayed while commits lag', [subscribed(0), recovered(9), look(10, { lagging: true })], 'delayed, none'],
    ['is live again by itself', [subscribed(0), recovered(9), look(10, { lagging: true }), look(11)], 'live, none'],
    [
      'is not called delayed while it recovers',
      [subscribed(0), look(10, { lagging: true })],
      'recovering, running 0 start',
    ],
    [
      'is delayed right after the recovery when commits lag',
      [subscribed(0), look(10, { lagging: true }), recovered(20)],
      'delayed, none',
    ],
    [
      'asks the provider about a silence first',
      [subscribed(0), recovered(9), look(50_000, { silent: true })],
      'live, running 50000 silence',
    ],
    [
      'is delayed when the provider tells what the feed did not, and asks again',
      [
        subscribed(0),
        recovered(9),
        look(50_000, { silent: true }),
        recovered(51_000, true),
        look(51_000, { silent: true }),
      ],
      'delayed, due 90000 silence',
    ],
    [
      'is live when there is nothing to tell, and asks again',
      [subscribed(0), recovered(9), look(50_000, { silent: true }), recovered(51_000), look(51_000, { silent: true })],
      'live, due 90000 silence',
    ],
    [
      'stays delayed until a message comes',
      [
        subscribed(0),
        recovered(9),
        look(50_000, { silent: true }),
        recovered(51_000, true),
        look(51_000, { silent: true }),
        look(90_000, { silent: true }),
        recovered(91_000),
      ],
      'delayed, none',
    ],
    [
      'is delayed when there is no answer about the silence',
      [subscribed(0), recovered(9), look(50_000, { silent: true }), refused(51_000)],
      'delayed, running 50000 silence',
    ],
    [
      'is live when a message ends the silence, and asks no more',
      [
        subscribed(0),
        recovered(9),
        look(50_000, { silent: true }),
        recovered(51_000, true),
        look(51_000, { silent: true }),
        look(52_000),
      ],
      'live, none',
    ],
    [
      'asks about a silence that began in a recovery after it',
      [subscribed(0), look(31_000, { silent: true }), recovered(35_000, true), look(36_000, { silent: true })],
      'live, due 40000 silence',
    ],
    [
      'does not wait for a clock that was set back by an hour',
      [subscribed(3_600_000), lost(3_600_010), subscribed(3_600_011), look(10)],
      'recovering, running 10 start',
    ],
  ])('%s', (_, events, expected) => {
    expect(told(events)).toBe(expected);
  });

  it.each<[string, readonly FeedEvent[], string]>([
    ['is live at once', [subscribed(0)], 'live, none'],
    ['is delayed by silence alone', [subscribed(0), look(40_000, { silent: true })], 'delayed, none'],
    ['is live again after it', [subscribed(0), look(40_000, { silent: true }), look(41_000)], 'live, none'],
    ['is delayed while commits lag', [subscribed(0), look(1, { lagging: true })], 'delayed, none'],
    ['is down when lost', [subscribed(0), lost(1)], 'down, none'],
  ])('without a provider %s', (_, events, expected) => {
    expect(told(events, NO_PROVIDER)).toBe(expected);
  });

  it('says why it changed', () => {
    const recovering = tell([subscribed(0, 'reconnect')]);
    expect(reasonFor('down', 'recovering', recovering)).toBe('reconnect');
    expect(reasonFor('recovering', 'live', tell([recovered(1)], RULES, recovering))).toBe('recovered');
    expect(reasonFor('down', 'live', tell([subscribed(0)], NO_PROVIDER))).toBe('recovery-off');
    expect(reasonFor('delayed', 'live', FEED_AT_START)).toBe('caught-up');
    expect(reasonFor('live', 'delayed', { ...recovering, lagging: true })).toBe('commits-lag');
    expect(reasonFor('live', 'delayed', { ...recovering, silent: true })).toBe('silence');
    expect(reasonFor('live', 'down', FEED_AT_START)).toBe('connection-lost');
  });

  it('is the same object when nothing changed', () => {
    const live = tell([subscribed(0), recovered(9)]);
    expect(nextFeed(live, look(10), RULES)).toBe(live);
    expect(nextFeed(live, recovered(10), RULES)).toBe(live);
    expect(nextFeed(live, failed(10), RULES)).toBe(live);
    expect(nextFeed(live, refused(10), RULES)).toBe(live);
  });
});

const anyEvent: fc.Arbitrary<FeedEvent> = fc
  .record({ stepMs: fc.integer({ min: 0, max: 50_000 }), pick: fc.nat(10) })
  .map(({ stepMs, pick }): FeedEvent => {
    const events: FeedEvent[] = [
      subscribed(stepMs),
      subscribed(stepMs, 'reconnect'),
      lost(stepMs),
      look(stepMs),
      look(stepMs, { silent: true }),
      look(stepMs, { lagging: true }),
      look(stepMs, { silent: true, lagging: true }),
      recovered(stepMs),
      recovered(stepMs, true),
      failed(stepMs),
      refused(stepMs),
    ];
    return events[pick] as FeedEvent;
  });

/** The times of the events are steps; they become a clock that may also be set back. */
function onAClock(steps: readonly FeedEvent[], setBackMs: number): readonly FeedEvent[] {
  let atMs = 1_000_000;
  return steps.map((event, n) => {
    atMs += event.atMs - (n === 3 ? setBackMs : 0);
    return { ...event, atMs };
  });
}

describe('whatever happened to the feed', () => {
  const histories = fc.array(anyEvent, { maxLength: 40 });
  const clockSteps = fc.integer({ min: 0, max: 100_000 });

  it('is live or down soon after the last trouble, when the provider answers', () => {
    fc.assert(
      fc.property(histories, clockSteps, fc.boolean(), (steps, setBackMs, recoverable) => {
        const rules = { ...RULES, recoverable };
        const events = onAClock(steps, setBackMs);
        let model = tell(events, rules);
        const fromMs = events.at(-1)?.atMs ?? 0;
        for (let second = 0; second <= 45; second++) {
          model = nextFeed(model, look(fromMs + second * 1_000), rules);
          if (model.recovery.phase === 'running') model = nextFeed(model, recovered(fromMs + second * 1_000), rules);
        }
        expect(stateOf(model)).toBe(model.subscribed ? 'live' : 'down');
        expect(model.recovery.phase).toBe('none');
      }),
    );
  });

  it('starts recoveries at least the interval apart, and none without a subscription', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        let model = FEED_AT_START;
        let lastStartMs = Number.NEGATIVE_INFINITY;
        for (const event of onAClock(steps, 0)) {
          const before = model.recovery;
          model = nextFeed(model, event, RULES);
          const { recovery } = model;
          if (recovery === before || recovery.phase !== 'running') continue;
          expect(model.subscribed).toBe(true);
          expect(recovery.startedAtMs - lastStartMs).toBeGreaterThanOrEqual(RULES.minIntervalMs);
          lastStartMs = recovery.startedAtMs;
        }
      }),
    );
  });
});
