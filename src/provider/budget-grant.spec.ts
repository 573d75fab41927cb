import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { grant } from './budget-grant.js';
import { type BudgetLimits, budgetLimits, shareOf } from './budget-limits.js';
import { emptyBudget, paused } from './budget-state.js';
import type { BudgetState } from './ports/budget-state.js';
import { PRIORITIES, type Priority } from './ports/provider-lists.js';
import { type ProviderOptions, resolveProviderOptions } from './provider.options.js';

const START_MS = 1_766_242_949_000;
const limitsOf = (options: ProviderOptions = {}): BudgetLimits => budgetLimits(resolveProviderOptions(options));

/** A budget, and whoever asks for it. */
class Asking {
  state: BudgetState;
  nowMs = START_MS;

  constructor(private readonly limits: BudgetLimits) {
    this.state = emptyBudget(limits.burst, START_MS);
  }

  /** @returns ms to wait, 0 when granted */
  ask(priority: Priority, by = 'a', endpoint = '/e'): number {
    const { state, waitMs } = grant(this.state, { priority, endpoint, by }, this.nowMs, this.limits);
    // it is stored as JSON
    this.state = JSON.parse(JSON.stringify(state));
    return waitMs;
  }

  /** Lets them ask for that long, each again after its turn, or when it was told to. @returns when they had their turns */
  run(lengthMs: number, callers: readonly { priority: Priority; by: string; everyMs: number }[]) {
    const turns: Record<Priority, number[]> = { recovery: [], live: [], schedule: [], catalogue: [] };
    const due = callers.map((caller) => ({ ...caller, atMs: this.nowMs }));
    for (const endMs = this.nowMs + lengthMs; this.nowMs < endMs; ) {
      const next = due.reduce((first, other) => (other.atMs < first.atMs ? other : first));
      this.nowMs = next.atMs;
      const waitMs = this.ask(next.priority, next.by);
      if (waitMs === 0) turns[next.priority].push(this.nowMs);
      next.atMs += waitMs || next.everyMs || 1;
    }
    return turns;
  }

  askAll(priority: Priority, count: number): number[] {
    return Array.from({ length: count }, () => this.ask(priority));
  }
}

describe('the grant of a request', () => {
  it.each<[Priority, number]>([
    ['recovery', 5],
    ['live', 5],
    ['schedule', 4],
    ['catalogue', 3],
  ])('gives %s %i turns of a full bucket of 5', (priority, turns) => {
    expect(new Asking(limitsOf()).askAll(priority, 6).filter((waitMs) => waitMs === 0)).toHaveLength(turns);
  });

  it.each([1, 2, 3, 5, 100])('lets every class ask alone with a burst of %i', (burst) => {
    for (const priority of PRIORITIES) expect(new Asking(limitsOf({ burst })).ask(priority)).toBe(0);
  });

  it('has a turn for a live lookup while the catalogue takes all it can get', () => {
    const asking = new Asking(limitsOf());
    for (let second = 0; second < 60; second++) {
      asking.nowMs += 1_000;
      asking.askAll('catalogue', 5);
      if (second % 2 === 0) expect(asking.ask('live', 'b')).toBe(0);
    }
  });

  it('gives a lower class that waits one turn of five, and each of them its part', () => {
    const asking = new Asking(limitsOf({ burst: 1 }));
    const turns: Priority[] = [];
    for (let n = 0; n < 200; n++) {
      asking.nowMs += 100;
      for (const priority of PRIORITIES) if (asking.ask(priority, priority) === 0) turns.push(priority);
    }
    const part = turns.slice(5, 20);
    const counts = PRIORITIES.map((priority) => part.filter((turn) => turn === priority).length);
    expect(counts).toEqual([12, 1, 1, 1]);
  });

  it('does not let a steady stream of live lookups that hardly wait starve the catalogue', () => {
    const asking = new Asking(limitsOf());
    const granted = asking.run(100_000, [
      { priority: 'live', by: 'a', everyMs: 2_000 },
      { priority: 'live', by: 'b', everyMs: 2_000 },
      { priority: 'catalogue', by: 'c', everyMs: 0 },
    ]);
    expect(granted.catalogue.length).toBeGreaterThanOrEqual(20);
    expect(granted.live.length).toBeGreaterThanOrEqual(70);
  });

  it('lets the instance go first that waits longest in the same class', () => {
    const asking = new Asking(limitsOf({ burst: 1 }));
    asking.ask('catalogue', 'near');
    asking.ask('catalogue', 'far');
    asking.nowMs += 10;
    asking.ask('catalogue', 'near');
    asking.nowMs += 1_000;
    expect([asking.ask('catalogue', 'near') > 0, asking.ask('catalogue', 'far')]).toEqual([true, 0]);
  });

  it('waits for an instance that does not come for its turn no longer than a moment', () => {
    const asking = new Asking(limitsOf({ burst: 1 }));
    asking.ask('live', 'a');
    asking.ask('recovery', 'killed');
    asking.nowMs += 2_000;
    expect(asking.ask('catalogue', 'b')).toBe(0);
  });

  it('keeps everybody quiet in a pause, and no longer when the clock is set back', () => {
    const asking = new Asking(limitsOf());
    asking.state = paused(asking.state, 60_000, START_MS);
    expect(asking.ask('recovery')).toBe(60_000);
    asking.nowMs -= 3_600_000;
    expect(asking.ask('recovery')).toBe(60_000);
    asking.nowMs += 60_000;
    expect(asking.ask('recovery')).toBe(0);
  });

  it('holds an endpoint to its own limit, and nobody else', () => {
    const asking = new Asking(limitsOf({ perEndpoint: { '/recent': { perMinute: 1 } } }));
    expect([asking.ask('live', 'a', '/recent'), asking.ask('live', 'a', '/recent') >= 60_000]).toEqual([0, true]);
    expect(asking.ask('catalogue', 'b', '/team')).toBe(0);
  });

  it('leaves a part of a minute and an hour to those that go first', () => {
    const asking = new Asking(limitsOf({ requestsPerSecond: 100, burst: 100, perMinute: 10 }));
    expect(asking.askAll('catalogue', 12).filter((waitMs) => waitMs === 0)).toHaveLength(8);
    expect(asking.askAll('live', 4).filter((waitMs) => waitMs === 0)).toHaveLength(2);
  });

  it('is shared out among instances so that all together keep the limits', () => {
    const share = shareOf(limitsOf({ perMinute: 2, perEndpoint: { '/e': { perHour: 100 } } }), 4);
    expect(share).toMatchObject({ requestsPerSecond: 0.25, burst: 1.25 });
    expect(share.windows).toEqual([{ key: 'minute', lengthMs: 120_000, requests: 1 }]);
    expect(share.endpoints.get('/e')).toEqual([{ key: '/e hour', lengthMs: 3_600_000, requests: 25 }]);
  });

  const ask = fc.record({
    priority: fc.constantFrom(...PRIORITIES),
    by: fc.constantFrom('a', 'b', 'c'),
    endpoint: fc.constantFrom('/e', '/f'),
    afterMs: fc.nat({ max: 3_000 }),
  });
  const options = fc.record({
    requestsPerSecond: fc.constantFrom(0.5, 1, 3, 20),
    burst: fc.integer({ min: 1, max: 8 }),
    perMinute: fc.constantFrom(undefined, 5, 30),
    perEndpoint: fc.constantFrom<NonNullable<ProviderOptions['perEndpoint']>>({}, { '/e': { perMinute: 2 } }),
  });

  it('keeps every limit in every span, whoever asks when', () => {
    fc.assert(
      fc.property(options, fc.array(ask, { maxLength: 150 }), (given, asks) => {
        const asking = new Asking(limitsOf(given));
        const turns = asks.flatMap(({ priority, by, endpoint, afterMs }) => {
          asking.nowMs += afterMs;
          return asking.ask(priority, by, endpoint) === 0 ? [{ atMs: asking.nowMs, endpoint }] : [];
        });
        const { requestsPerSecond, burst, perMinute = Number.POSITIVE_INFINITY } = given;
        turns.forEach(({ atMs }, n) => {
          for (let m = n; m < turns.length; m++) {
            const spanMs = (turns[m]?.atMs ?? 0) - atMs;
            expect(m - n + 1).toBeLessThanOrEqual(burst + (spanMs * requestsPerSecond) / 1_000 + 1e-3);
          }
          const minute = turns.filter((turn) => turn.atMs >= atMs && turn.atMs < atMs + 60_000);
          expect(minute.length).toBeLessThanOrEqual(perMinute);
          const ofEndpoint = minute.filter(({ endpoint }) => endpoint === '/e');
          if ('/e' in given.perEndpoint) expect(ofEndpoint.length).toBeLessThanOrEqual(2);
        });
      }),
    );
  });

  it('lets nobody starve: whoever waits has its turn among twenty', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.constantFrom(...PRIORITIES), (burst, waiting) => {
        const asking = new Asking(limitsOf({ burst }));
        const since = Object.fromEntries(PRIORITIES.map((priority) => [priority, 0]));
        for (let n = 0; n < 600; n++) {
          asking.nowMs += 250;
          for (const priority of PRIORITIES) {
            if (asking.ask(priority, priority === waiting ? 'a' : 'b') > 0) continue;
            for (const each of PRIORITIES) since[each] = (since[each] ?? 0) + 1;
            since[priority] = 0;
          }
          expect(since[waiting]).toBeLessThanOrEqual(20);
        }
      }),
      { numRuns: 24 },
    );
  });

  it('never stalls for longer than a window after a clock that steps', () => {
    const steps = fc.array(fc.record({ ask, stepMs: fc.integer({ min: -1e10, max: 1e6 }) }), { maxLength: 40 });
    fc.assert(
      fc.property(options, steps, (given, asks) => {
        const asking = new Asking(limitsOf(given));
        for (const { ask, stepMs } of asks) {
          asking.nowMs += stepMs;
          asking.ask(ask.priority, ask.by, ask.endpoint);
        }
        let waitedMs = 0;
        for (let waitMs = asking.ask('recovery'); waitMs > 0; waitMs = asking.ask('recovery')) {
          waitedMs += waitMs;
          asking.nowMs += waitMs;
          expect(waitedMs).toBeLessThanOrEqual(70_000);
        }
      }),
    );
  });
});
