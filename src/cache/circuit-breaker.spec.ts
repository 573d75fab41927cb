import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

describe('CircuitBreaker', () => {
  let nowMs = 0;
  const breaker = () => {
    nowMs = 10;
    return new CircuitBreaker(1_000, () => nowMs);
  };

  it('lets everybody through until the first failure', () => {
    const closed = breaker();
    closed.succeeded(closed.admit());
    expect([closed.admit(), closed.admit(), closed.refuses]).toEqual(['closed', 'closed', false]);
  });

  it('refuses for its time, then admits one probe, and its success closes it', () => {
    const open = breaker();
    open.failed(open.admit());
    nowMs = 1_009;
    expect([open.admit(), open.refuses]).toEqual(['refused', true]);
    nowMs = 1_010;
    expect([open.refuses, open.admit(), open.admit(), open.refuses]).toEqual([false, 'probe', 'refused', true]);
    open.succeeded('probe');
    expect([open.refuses, open.admit()]).toEqual([false, 'closed']);
  });

  it('opens again when the probe fails', () => {
    const open = breaker();
    open.failed(open.admit());
    nowMs = 1_500;
    open.failed(open.admit());
    nowMs = 2_499;
    expect(open.admit()).toBe('refused');
    nowMs = 2_500;
    expect(open.admit()).toBe('probe');
  });

  it('is not closed by a call that began before the failure', () => {
    const open = breaker();
    const [early, failing] = [open.admit(), open.admit()];
    open.failed(failing);
    open.succeeded(early);
    expect(open.admit()).toBe('refused');
  });
});
