import { describe, expect, it } from '@jest/globals';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import type { News } from '../../board/news.js';
import type { ClientFrame } from '../../ports/client-frame.js';
import { Greeting } from './greeting.js';
import { jsonFrame } from './ws-frame.js';

const frame = (matchId: string, version = 1) =>
  ({ type: 'SCORE_CHANGE', matchId, homeScore: 1, awayScore: 0, version }) as unknown as ClientFrame;
const BYTES = jsonFrame(frame('a')).length;

function setUp(maxFrames = 100) {
  const time = new VirtualTime();
  const greeting = new Greeting(maxFrames * BYTES, new VirtualScheduler(time));
  const told = () =>
    greeting.messages.map((message) => {
      const { matchId, version } = JSON.parse(message.subarray(2).toString());
      return `${matchId}${version}`;
    });
  const hear = (news: Partial<News>) => greeting.hear([{ frames: [], origin: 'bus', ...news } as News]);
  return { time, greeting, told, hear };
}

describe('the greeting', () => {
  it('keeps the messages in order, and forgets them when told to', () => {
    const { greeting, told } = setUp();
    greeting.add([frame('a'), frame('b')]);
    greeting.add([frame('c')]);
    expect(told()).toEqual(['a1', 'b1', 'c1']);
    greeting.clear();
    greeting.add([frame('d')]);
    expect(told()).toEqual(['d1']);
  });

  it('lets the oldest go when they are too many bytes', () => {
    const { greeting, told } = setUp(2.5);
    greeting.add([frame('a'), frame('b'), frame('c')]);
    expect(told()).toEqual(['b1', 'c1']);
    greeting.add([frame('d'.repeat(300))]);
    expect(told()).toEqual([]);
  });

  it('has what another process repeats, and what is told of these matches later, for a minute', async () => {
    const { time, told, hear } = setUp();
    hear({ frames: [frame('a')] });
    hear({ frames: [frame('a', 2)], again: true });
    hear({ frames: [frame('a', 3), frame('b', 3)] });
    hear({ frames: [frame('a', 3)], heard: true });
    expect(told()).toEqual(['a2', 'a3']);
    await time.advance(59_000);
    expect(told()).toEqual(['a2', 'a3']);
    await time.advance(1_000);
    expect(told()).toEqual([]);
    hear({ frames: [frame('a', 4)] });
    expect(told()).toEqual([]);
  });

  it('has no frames made that nobody is owed', () => {
    const { told, greeting } = setUp();
    const unmade: Partial<News> = {
      origin: 'here',
      get frames(): never {
        throw new Error('made');
      },
    };
    greeting.hear([unmade as News]);
    expect(told()).toEqual([]);
  });

  it('leaves what this process repeats to whoever repeats it', () => {
    const { told, hear } = setUp();
    hear({ frames: [frame('a')], again: true, origin: 'here' });
    expect(told()).toEqual([]);
  });
});
