import { describe, expect, it } from '@jest/globals';
import { APPLIED, DUPLICATE } from '../domain/outcomes.js';
import { Accounting } from './accounting.js';
import { LiveScoreMetrics } from './livescore-metrics.js';
import { OutcomeCounter } from './outcome-counter.js';

describe('Accounting', () => {
  it('balances what came in, what became of it and what is held', () => {
    const books = new Accounting();
    books.register(() => ({ count: 2, oldestAtMs: 7 }));
    books.register(() => ({ count: 1, oldestAtMs: 5 }));
    books.register(() => ({ count: 0, oldestAtMs: null }));
    books.received(7);
    books.concluded('applied');
    books.concluded('malformed', 2);
    expect(books.inFlight()).toEqual({ count: 3, oldestAtMs: 5 });
    expect(books.balance()).toMatchObject({ received: 7, applied: 1, malformed: 2, inFlight: 3, unaccounted: 1 });
  });

  it('is shown by the metrics as it is when somebody looks', async () => {
    const metrics = new LiveScoreMetrics();
    const books = new Accounting();
    const fates = new OutcomeCounter(metrics, books);
    metrics.showBooks(() => books.balance());
    books.register(() => ({ count: 1, oldestAtMs: 5 }));
    books.received(4);
    fates.count(APPLIED);
    fates.count(APPLIED);
    fates.count(DUPLICATE);
    for (let look = 0; look < 2; look++) {
      expect((await metrics.registry.metrics()).split('\n')).toEqual(
        expect.arrayContaining([
          'livescore_updates_received_total 4',
          'livescore_updates_in_flight 1',
          'livescore_updates_unaccounted 0',
          'livescore_updates_total{outcome="applied",reason="changed"} 2',
        ]),
      );
    }
  });
});
