import { describe, expect, it } from '@jest/globals';
import { InvalidOptionError } from '../kernel/livescore.errors.js';
import { resolveDeadLettersOptions } from './dead-letters.options.js';

describe('the options of DeadLettersModule', () => {
  it('have defaults', () => {
    expect(resolveDeadLettersOptions()).toEqual({
      maxRowsPerReason: 10_000,
      maxBytesPerReason: 67_108_864,
      replayParkedWithinMs: 86_400_000,
      redrivePollMs: 2_000,
    });
  });

  it.each([
    [{ maxRowsPerReason: 0 }, 'maxRowsPerReason'],
    [{ maxBytesPerReason: 1_000 }, 'maxBytesPerReason'],
    [{ replayParkedWithinMs: -1 }, 'replayParkedWithinMs'],
    [{ redrivePollMs: 50.5 }, 'redrivePollMs'],
  ])('refuse %j', (options, named) => {
    expect(() => resolveDeadLettersOptions(options)).toThrow(InvalidOptionError);
    expect(() => resolveDeadLettersOptions(options)).toThrow(named);
  });
});
