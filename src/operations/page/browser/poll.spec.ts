import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Answer, Poll, RefusedError } from './poll.js';

type Ask = () => Promise<string>;

function pollOf(ask: Ask) {
  const told: Answer<string>[] = [];
  const page = { isVisible: true, asked: 0, ask };
  const poll = new Poll<string>({
    ask: () => {
      page.asked += 1;
      return page.ask();
    },
    tell: (answer) => told.push(answer),
    nowMs: () => Date.now(),
    isVisible: () => page.isVisible,
  });
  return { poll, page, told };
}

const never: Ask = () => new Promise(() => undefined);
const fail: Ask = () => Promise.reject(new TypeError('Failed to fetch'));

describe('the asking for facts', () => {
  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('asks once a second', async () => {
    const { poll, page, told } = pollOf(() => Promise.resolve('well'));
    poll.wake();
    await jest.advanceTimersByTimeAsync(5_500);
    expect(page.asked).toBe(6);
    expect(told.every(({ kind }) => kind === 'facts')).toBe(true);
  });

  it('asks nothing while nobody looks, and at once when somebody does', async () => {
    const { poll, page, told } = pollOf(() => Promise.resolve('well'));
    poll.wake();
    await jest.advanceTimersByTimeAsync(500);
    page.isVisible = false;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(page.asked).toBe(1);
    expect(told).toHaveLength(1);
    page.isVisible = true;
    poll.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(page.asked).toBe(2);
  });

  it('says within two seconds of the last answer that none comes, though it still waits', async () => {
    const { poll, page, told } = pollOf(() => Promise.resolve('well'));
    poll.wake();
    await jest.advanceTimersByTimeAsync(100);
    page.ask = never;
    await jest.advanceTimersByTimeAsync(1_900);
    expect(told.at(-1)).toEqual({ kind: 'silent', sinceMs: 1_000_000 });
  });

  it('says at once that the host is away, and asks less and less often', async () => {
    const { poll, page, told } = pollOf(fail);
    poll.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual([{ kind: 'silent', sinceMs: null }]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(page.asked).toBeGreaterThan(10);
    expect(page.asked).toBeLessThan(20);
    page.ask = () => Promise.resolve('back');
    await jest.advanceTimersByTimeAsync(5_001);
    expect(told.at(-1)).toMatchObject({ kind: 'facts', facts: 'back' });
  });

  it('tells a refusal with its status', async () => {
    const { poll, told } = pollOf(() => Promise.reject(new RefusedError(404)));
    poll.wake();
    await jest.advanceTimersByTimeAsync(1);
    expect(told).toEqual([{ kind: 'refused', status: 404, sinceMs: null }]);
  });
});
