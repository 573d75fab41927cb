import { describe, expect, it } from '@jest/globals';
import { CircuitBreaker } from './circuit-breaker.js';

describe('CircuitBreaker', () => {
  let nowMs = 0;
  const breaker = (failures = 1) => {
    nowMs = 10;
    return new CircuitBreaker({ retryAfterMs: 1_000, nowMs: () => nowMs, failures });
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

  it('opens after as many failures in a row as it allows, counted anew after each success', () => {
    const patient = breaker(3);
    for (const succeeds of [false, false, true, false, false]) {
      const admission = patient.admit();
      if (succeeds) patient.succeeded(admission);
      else patient.failed(admission);
    }
    expect([patient.state, patient.remainingMs]).toEqual(['closed', 0]);
    patient.failed(patient.admit());
    expect([patient.state, patient.remainingMs]).toEqual(['open', 1_000]);
  });

  it('lets another one probe when a probe learned nothing', () => {
    const open = breaker();
    open.failed(open.admit());
    nowMs = 1_010;
    open.abandoned(open.admit());
    expect([open.state, open.admit(), open.state]).toEqual(['open', 'probe', 'probing']);
  });

  it('does not stay open for longer because the clock was set back', () => {
    const open = breaker();
    nowMs = 1_000_000;
    open.failed(open.admit());
    nowMs = 5;
    expect([open.remainingMs, open.admit()]).toEqual([0, 'probe']);
  });
});
