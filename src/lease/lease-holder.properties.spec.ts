import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type LeaseProcess, LeaseProcesses } from '../../test/lease/lease-processes.js';
import { cases } from '../../test/support/long-form.js';

const NAMES = ['a', 'b', 'c'] as const;

const happening = fc.record({
  who: fc.integer({ min: 0, max: NAMES.length - 1 }),
  what: fc.constantFrom('refused', 'answer-lost', 'silent', 'healed', 'doubt', 'stop', 'restart', 'kill-restart'),
  thenMs: fc.integer({ min: 0, max: 9_000 }),
});

describe('at every moment, whatever fails', () => {
  it('at most one process is confirmed, and every term has a fence of its own, above all before', async () => {
    const run = fc.asyncProperty(
      fc.array(happening, { minLength: 1, maxLength: 25 }),
      fc.array(fc.integer({ min: -3_600_000, max: 3_600_000 }), { minLength: 3, maxLength: 3 }),
      fc.infiniteStream(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 900 }))),
      async (happenings, clocksOffMs, delays) => {
        const world = new LeaseProcesses();
        let generation = 0;
        // a name of its own each time: two processes of one name may both be confirmed for a while
        const begin = (n: number) =>
          world.start(`${NAMES[n]}${generation++}`, {
            clockOffMs: clocksOffMs[n] ?? 0,
            delayMs: () => delays.next().value ?? 0,
            chance: () => (delays.next().value ?? 0) / 901,
          });
        const all: LeaseProcess[] = NAMES.map((_, n) => begin(n));
        const living = [...all];
        const terms: number[] = [];
        const seen = new Map<LeaseProcess, number>();
        const look = () => {
          const confirmed = living.filter(({ holder }) => holder.confirmed);
          if (confirmed.length > 1) throw new Error('two processes are confirmed');
          for (const one of living) {
            const fence = one.holder.term?.fence;
            if (fence !== undefined && seen.get(one) !== fence) terms.push(fence);
            if (fence !== undefined) seen.set(one, fence);
          }
        };
        for (const { who, what, thenMs } of happenings) {
          const process = living[who] as LeaseProcess;
          if (what === 'doubt') process.holder.doubt();
          else if (what === 'healed') process.store.fault = null;
          else if (what === 'kill-restart') world.kill(process);
          else if (what === 'stop' || what === 'restart') await world.stop(process);
          else process.store.fault = what;
          if (what === 'restart' || what === 'kill-restart') {
            living[who] = begin(who);
            all.push(living[who]);
          }
          await world.advance(thenMs, look);
        }
        for (const { store } of living) store.fault = null;
        await world.advance(30_000, look);
        expect(new Set(terms).size).toBe(terms.length);
        for (const { told } of all) {
          const fences = told.filter((fence) => fence !== null);
          expect(fences).toEqual([...fences].sort((x, y) => x - y));
        }
        await Promise.all(all.map((one) => world.stop(one)));
      },
    );
    await fc.assert(run, { numRuns: cases(40, 150) });
  }, 300_000);
});
