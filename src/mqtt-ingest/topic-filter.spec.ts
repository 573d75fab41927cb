import { describe, expect, it } from '@jest/globals';
import { isTopicFilter, matchesTopicFilter } from './topic-filter.js';

describe('matchesTopicFilter', () => {
  it.each([
    ['a/b', 'a/b'],
    ['a/+', 'a/b'],
    ['a/+', 'a/'],
    ['+/+', '/b'],
    ['a/#', 'a'],
    ['a/#', 'a/b/c'],
    ['#', 'a/b'],
    ['+/b/#', 'a/b'],
    ['$SYS/#', '$SYS/broker'],
  ])('%s takes %s', (filter, topic) => {
    expect(matchesTopicFilter(filter, topic)).toBe(true);
  });

  it.each([
    ['a/b', 'a/c'],
    ['a/b', 'a/b/c'],
    ['a/+', 'a'],
    ['a/+', 'a/b/c'],
    ['+', '/a'],
    ['a/#', 'b/a'],
    ['#', '$SYS/broker'],
    ['+/broker', '$SYS/broker'],
  ])('%s leaves %s', (filter, topic) => {
    expect(matchesTopicFilter(filter, topic)).toBe(false);
  });
});

describe('isTopicFilter', () => {
  it.each(['a', 'thesports/football/match/v1', 'a/+/b', '#', 'a/#', '+', '/'])('accepts %s', (filter) => {
    expect(isTopicFilter(filter)).toBe(true);
  });

  it.each(['', 'a/#/b', 'a#', 'a/b+', '$share/group/a', 'a\0b', 'x'.repeat(65_536), 7, null])(
    'refuses %p',
    (filter) => {
      expect(isTopicFilter(filter)).toBe(false);
    },
  );
});
