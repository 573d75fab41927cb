import { describe, expect, it } from '@jest/globals';
import { isInSpan, operatorsDays } from './operators-day.js';

const s = (iso: string): number => Date.parse(iso) / 1000;

describe('the operators’ day over the provider’s dates', () => {
  it.each<[string, string, number, string, string, readonly string[]]>([
    [
      'its first second',
      '2026-01-16T21:00:00Z',
      3,
      '2026-01-16T21:00:00Z',
      '2026-01-17T21:00:00Z',
      ['20260117', '20260118'],
    ],
    [
      'its last second',
      '2026-01-17T20:59:59Z',
      3,
      '2026-01-16T21:00:00Z',
      '2026-01-17T21:00:00Z',
      ['20260117', '20260118'],
    ],
    [
      'the turn of a year',
      '2025-12-31T22:00:00Z',
      3,
      '2025-12-31T21:00:00Z',
      '2026-01-01T21:00:00Z',
      ['20260101', '20260102'],
    ],
    ['a leap day', '2028-02-29T12:00:00Z', 3, '2028-02-28T21:00:00Z', '2028-02-29T21:00:00Z', ['20280229', '20280301']],
    ['of UTC', '2026-01-17T12:00:00Z', 0, '2026-01-17T00:00:00Z', '2026-01-18T00:00:00Z', ['20260117', '20260118']],
    ['of the provider', '2026-01-17T12:00:00Z', 8, '2026-01-16T16:00:00Z', '2026-01-17T16:00:00Z', ['20260117']],
    [
      'east of the provider',
      '2026-01-17T12:00:00Z',
      9,
      '2026-01-16T15:00:00Z',
      '2026-01-17T15:00:00Z',
      ['20260116', '20260117'],
    ],
    [
      'of half an hour',
      '2026-01-17T12:00:00Z',
      5.5,
      '2026-01-16T18:30:00Z',
      '2026-01-17T18:30:00Z',
      ['20260117', '20260118'],
    ],
    [
      'west of UTC',
      '2026-01-17T03:00:00Z',
      -5,
      '2026-01-16T05:00:00Z',
      '2026-01-17T05:00:00Z',
      ['20260116', '20260117'],
    ],
  ])('%s', (_, now, offset, from, to, dates) => {
    expect(operatorsDays(s(now), offset)).toEqual({ fromS: s(from), toS: s(to), dates });
  });

  it('asks for each date of several days once', () => {
    expect(operatorsDays(s('2026-01-17T12:00:00Z'), 3, 1, 1)).toEqual({
      fromS: s('2026-01-15T21:00:00Z'),
      toS: s('2026-01-18T21:00:00Z'),
      dates: ['20260116', '20260117', '20260118', '20260119'],
    });
  });

  it.each<[string, string, boolean, string]>([
    ['00:00', '2026-01-16T21:00:00Z', true, '20260117'],
    ['18:59', '2026-01-17T15:59:59Z', true, '20260117'],
    ['19:00', '2026-01-17T16:00:00Z', true, '20260118'],
    ['23:59', '2026-01-17T20:59:59Z', true, '20260118'],
    ['00:00 of the next day', '2026-01-17T21:00:00Z', false, '20260118'],
    ['23:59 of the day before', '2026-01-16T20:59:59Z', false, '20260117'],
  ])('a match at %s UTC+3 stands under the right date of the provider', (_, at, isInside, date) => {
    const span = operatorsDays(s('2026-01-17T12:00:00Z'), 3);
    expect(isInSpan(span, s(at))).toBe(isInside);
    const provider = new Date((s(at) + 8 * 3_600) * 1000).toISOString().slice(0, 10).replaceAll('-', '');
    expect(provider).toBe(date);
    expect(span.dates).toContain(date);
  });
});
