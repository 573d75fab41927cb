import { describe, expect, it } from '@jest/globals';
import { type MinuteOptions, resolveMinuteOptions } from './minute.options.js';

const resolve = (options: MinuteOptions = {}, LIVESCORE_MINUTE?: string) =>
  resolveMinuteOptions(options, { LIVESCORE_MINUTE });

describe('the options of the minute', () => {
  it('are off, every 30 s, when nobody says otherwise', () => {
    expect(resolve()).toMatchObject({ mode: 'off', tickMs: 30_000, precise: false, pollMs: 1_000 });
  });

  it.each([
    [undefined, 'on', 'on'],
    ['on', undefined, 'on'],
    ['on', 'shadow', 'shadow'],
    ['shadow', 'on', 'shadow'],
    ['on', 'off', 'off'],
    ['on', ' ', 'on'],
    [undefined, 'SHADOW', 'shadow'],
  ] as const)('option %p and environment %p make %s: the lower one holds', (mode, variable, expected) => {
    expect(resolve({ mode }, variable).mode).toBe(expected);
  });

  it('a mode that is none stops the boot, named by its variable', () => {
    expect(() => resolve({}, 'yes')).toThrow(/MinuteModule.*LIVESCORE_MINUTE.*"off" or "shadow" or "on".*"yes"/s);
  });

  it('formats are read, and one that is not known is refused by its id', () => {
    const { formats } = resolve({ formats: { competitions: { youth: '2x30' }, matches: { m1: '2x40+2x10' } } });
    expect(formats.competitions.get('youth')).toEqual({ halfMinutes: 30, extraHalfMinutes: 15 });
    expect(formats.matches.get('m1')).toEqual({ halfMinutes: 40, extraHalfMinutes: 10 });
    expect(() => resolve({ formats: { competitions: { thirds: '3x30' } } })).toThrow(
      /formats\.competitions\.thirds.*a known format.*"3x30"/s,
    );
  });

  it.each([
    [{ tickMs: 999 }, 'tickMs'],
    [{ pollMs: 60_001 }, 'pollMs'],
    [{ precise: 1 }, 'precise'],
    [{ ticksMs: 30_000 }, 'did you mean "tickMs"'],
  ])('%p is refused', (options, text) => {
    expect(() => resolve(options as MinuteOptions)).toThrow(text);
  });
});
