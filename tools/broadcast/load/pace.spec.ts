import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.js';

describe('the pace', () => {
  const perSecond = (pace: Pace) => {
    let sent = 0;
    pace.allowed(0);
    for (let ms = 10; ms <= 1_000; ms += 10) {
      const allowed = pace.allowed(ms);
      pace.sent(allowed);
      sent += allowed;
    }
    return sent;
  };

  it('rises to its bound while frames are read in time', () => {
    const pace = new Pace(300, 0);
    for (let n = 0; n < 20; n++) pace.heard(10);
    expect(perSecond(pace)).toBeGreaterThan(290);
    expect(perSecond(pace)).toBeLessThanOrEqual(330);
  });

  it('falls while they are read late, and never to nothing', () => {
    const pace = new Pace(300, 0);
    for (let n = 0; n < 50; n++) pace.heard(5_000);
    expect(perSecond(pace)).toBeGreaterThan(15);
    expect(perSecond(pace)).toBeLessThan(25);
  });

  it('does not make up for a pause', () => {
    const pace = new Pace(300, 0);
    expect(pace.allowed(60_000)).toBeLessThanOrEqual(30);
  });
});
