import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeWsClient } from '../../../../test/support/fake-ws-client.js';
import { VirtualScheduler, VirtualTime } from '../../../../test/support/virtual-scheduler.js';
import type { SubscribeMessage } from '../../ports/match-frames.js';
import { AnswerAllowance } from './answer-allowance.js';

const MIB = 1_048_576;
const ALL: SubscribeMessage = { type: 'SUBSCRIBE', all: true };
const names = (count: number) => Array.from({ length: count }, (_, n) => `m${n}`);

describe('what a client is answered', () => {
  let time: VirtualTime;
  let allowance: AnswerAllowance;
  const { client } = new FakeWsClient('c1', 'live');
  const isAdmitted = (message: SubscribeMessage, of = client) => {
    try {
      allowance.admit(of, message);
      return true;
    } catch (error) {
      expect(error).toMatchObject({ name: 'MessageRefused', code: 'REFUSED' });
      return false;
    }
  };

  const answer = (bytes: number, names = 0) => allowance.inTurn(client, names, () => bytes);

  beforeEach(() => {
    time = new VirtualTime();
    allowance = new AnswerAllowance(new VirtualScheduler(time));
  });

  it('is 1 MiB at once, then 64 KiB a second; one answer may be longer and is owed', async () => {
    for (const bytes of [MIB / 2, MIB / 2 - 1, MIB]) {
      expect(isAdmitted(ALL)).toBe(true);
      await answer(bytes);
    }
    expect(isAdmitted(ALL)).toBe(false);
    await time.advance(15_900);
    expect(isAdmitted(ALL)).toBe(false);
    await time.advance(200);
    expect(isAdmitted(ALL)).toBe(true);
  });

  it('bounds everything, competitions, replays and many matches, and never a few', async () => {
    await answer(3 * MIB);
    const few: SubscribeMessage = { type: 'SUBSCRIBE', matches: names(5), since: { a: '1.1', b: '1.1' } };
    expect(isAdmitted(few)).toBe(true);
    for (const message of [
      ALL,
      { ...few, competitions: ['c'] },
      { ...few, replay: true },
      { ...few, matches: names(9) },
    ]) {
      expect(isAdmitted(message)).toBe(false);
    }
  });

  it('counts the matches that are looked up, and one client alone', async () => {
    for (let n = 0; n < 20; n++) await answer(100, 500);
    expect(isAdmitted(ALL)).toBe(false);
    expect(isAdmitted(ALL, new FakeWsClient('c2', 'live').client)).toBe(true);
  });

  it('leaves others a turn of the event loop after 1 MiB of answers to all', async () => {
    const order: string[] = [];
    const answerTo = (name: string) =>
      allowance.inTurn(new FakeWsClient(name, 'live').client, 0, () => {
        order.push(name);
        return MIB / 2;
      });
    const other = new Promise<void>((resolve) => {
      setImmediate(() => {
        order.push('another turn');
        resolve();
      });
    });
    await Promise.all([...['a', 'b', 'c', 'd', 'e'].map(answerTo), other]);
    expect(order.slice(0, 3)).toEqual(['a', 'b', 'another turn']);
    expect(order.slice(3, 5)).toEqual(['c', 'd']);
    expect(order).toHaveLength(6);
  });
});
