import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { SampledWarning } from './sampled-warning.js';

describe('SampledWarning', () => {
  it('logs the first, then one per interval with the number it kept quiet about', () => {
    const now = jest.spyOn(performance, 'now').mockReturnValue(5);
    const logger = new Logger('test');
    const warn = jest.spyOn(logger, 'warn').mockImplementation(() => undefined);
    const sampled = new SampledWarning(logger, 'It happened', 1_000);
    for (let n = 0; n < 4; n++) sampled.warn({ n });
    now.mockReturnValue(1_005);
    sampled.warn({ n: 4 });
    sampled.warn({ n: 5 });
    expect(warn.mock.calls).toEqual([
      ['It happened', { n: 0, suppressed: 0 }],
      ['It happened', { n: 4, suppressed: 3 }],
    ]);
    now.mockRestore();
  });
});
